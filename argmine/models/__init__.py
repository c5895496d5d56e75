"""The weights that ship, each folder with its model card and licences, and how they are run."""

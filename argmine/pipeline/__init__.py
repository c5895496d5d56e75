"""The stages, one file per spaCy factory; each reads what it needs from the Doc and writes its own part of it."""

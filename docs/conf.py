"""Settings of the documentation: python -m sphinx -W -b html docs docs/_build."""

import argmine

project = "argmine"
author = "the argmine developers"
version = release = argmine.__version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"argmine {release}"

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say it
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

"""Sphinx: the documentation as a site. `make docs` lays out the sources first (tools/site.py) and runs this on them."""

project = "Backpropagation"
author = "the course's authors"
copyright = "text and figures CC BY 4.0"

extensions = ["myst_nb"]
root_doc = "docs/index"
source_suffix = {".md": "myst-nb", ".ipynb": "myst-nb"}
exclude_patterns = ["docs/README.md"]

myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 4
# Lectures are run as they are released: figures are there, and what a student is to write says so.
nb_execution_mode = "force"
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_execution_excludepatterns = ["*.md"]
nb_merge_streams = True
nb_output_stderr = "remove"
# Widgets need a kernel; on a page their first picture stands alone.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
suppress_warnings = ["mystnb.unknown_mime_type", "myst.header"]

html_theme = "furo"
html_title = "Backpropagation: the course and its grader"
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}

"""Makes a graded notebook safe to show: in the feedback, in the report and on nbgrader's Formgrader page.

    sanitise(nb) -> a copy in which no text, picture or link of a student can run anything in the reader's browser

nbgrader's templates show Markdown and HTML as they are, and the reader is logged in. Sources of code cells and plain
text are escaped by every template; everything else is made inert here. `markdown`, `html`, `outputs` and `images`
hold the rules, one kind of content each.
"""

from copy import deepcopy

from nbformat.notebooknode import NotebookNode

from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.markdown import inert_markdown, inert_raw
from grader.judge.sanitise.outputs import Budget, safe_outputs, whole_number
from grader.judge.sanitise.text import shortened, without_surrogates

__all__ = ["sanitise"]

PAGE_IDS = frozenset({"notebook", "notebook-container", "statusmessage", "toc", "top"})
MAX_CODE = 200_000
MAX_ATTACHMENT = 4_000_000
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def sanitise(nb: NotebookNode) -> NotebookNode:
    """A safe copy of `nb`, which stays as it is. Does not raise on anything nbformat can hold.

    Kept: sources, nbgrader's metadata, tags, ids. Dropped: every other metadata of cells and notebook, since templates
    act on some of it (widgets, titles, raw formats).
    """
    reserved = _page_ids(nb)
    budget = Budget()
    cells = [_safe_cell(cell, reserved, budget) for cell in nb.cells]
    metadata = NotebookNode(kernelspec=NotebookNode(KERNEL), language_info=NotebookNode(name="python"))
    return NotebookNode(cells=cells, metadata=metadata, nbformat=nb.nbformat, nbformat_minor=nb.nbformat_minor)


def _page_ids(nb: NotebookNode) -> frozenset[str]:
    """Ids by which Formgrader finds its own fields: those of the graded cells and a few of its page."""
    marks = (cell.metadata.get("nbgrader", {}) for cell in nb.cells)
    return frozenset(mark["grade_id"] for mark in marks if isinstance(mark, dict) and mark.get("grade_id")) | PAGE_IDS


def _safe_cell(cell: NotebookNode, reserved: frozenset[str], budget: Budget) -> NotebookNode:
    made = NotebookNode(cell_type=cell.cell_type, metadata=_safe_metadata(cell.metadata))
    if "id" in cell:
        made.id = cell.id
    source = cell.get("source", "")
    source = "".join(source) if isinstance(source, list) else source
    if cell.cell_type == "code":
        made.source = shortened(without_surrogates(source), MAX_CODE)
        made.outputs = safe_outputs(cell.get("outputs"), budget)
        made.execution_count = whole_number(cell.get("execution_count"))
    elif cell.cell_type == "markdown":
        pictures, made.attachments = _safe_attachments(cell.get("attachments"))
        made.source = inert_markdown(source, pictures, reserved)
        if not made.attachments:
            del made["attachments"]
    else:
        made.source = inert_raw(source)
    return made


def _safe_metadata(metadata: NotebookNode) -> NotebookNode:
    """nbgrader's marks, written by this course, and plain tags."""
    kept = {key: deepcopy(metadata[key]) for key in ("nbgrader", "deletable", "editable") if key in metadata}
    tags = metadata.get("tags")
    if isinstance(tags, list):
        kept["tags"] = [tag for tag in tags if isinstance(tag, str) and tag.replace("-", "").replace("_", "").isalnum()]
    return NotebookNode(kept)


def _safe_attachments(attachments: object) -> tuple[dict[str, str], NotebookNode]:
    """New names by old ones, and the pictures under names that every renderer finds again."""
    names: dict[str, str] = {}
    kept = NotebookNode()
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        bundle = bundle if isinstance(bundle, dict) else {}
        pictures = {mime: data for mime, data in bundle.items() if valid_image(mime, data, MAX_ATTACHMENT)}
        if pictures:
            names[name] = f"picture-{len(names) + 1}"
            kept[names[name]] = NotebookNode(pictures)
    return names, kept

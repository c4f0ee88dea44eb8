"""Strategies for hypothesis: notebooks damaged in structure, in their marks, or as bytes."""

import json

import nbformat
from hypothesis import strategies as st

from tests.judge.handed_in import CODE, released, solved, without_both

STARTS = [json.loads(nbformat.writes(nb)) for nb in (solved(), released(), without_both(solved()))]
CELLS = len(released().cells)

TEXT = st.text(st.characters(codec=None), max_size=20)
SOURCES = (
    st.sampled_from([*CODE.values(), "", "def forward(", "class ReLU: pass", "rate = 1", "\x00", "%%bash\nls"]) | TEXT
)
IDS = (
    st.sampled_from(["relu", "test_relu", "given_data", "why", "title", "relu_figure", "x", "own-1", "", "a b"]) | TEXT
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
MARKS = st.fixed_dictionaries(
    {"grade_id": IDS},
    optional={
        "grade": st.booleans() | JSON,
        "solution": st.booleans(),
        "locked": st.booleans(),
        "points": st.integers() | JSON,
        "schema_version": st.integers(0, 5),
        "task": st.booleans(),
    },
)
METADATA = st.fixed_dictionaries(
    {}, optional={"nbgrader": MARKS | JSON, "tags": st.lists(IDS) | st.just(["skip-grading"]) | JSON, "id": IDS}
)
KINDS = st.sampled_from(["code", "markdown", "raw", "heading", "html", "plot"]) | JSON
CELL = st.fixed_dictionaries(
    {"cell_type": KINDS, "source": SOURCES | st.lists(SOURCES, max_size=3) | JSON},
    optional={"metadata": METADATA | JSON, "id": IDS | JSON, "outputs": JSON, "attachments": JSON, "level": JSON},
)
FIELDS = {"source": SOURCES | JSON, "metadata": METADATA | JSON, "cell_type": KINDS, "id": IDS, "outputs": JSON}
PLACES = st.integers(0, CELLS - 1)


def _change_field(cells, draw):
    cell = cells[draw(PLACES) % len(cells)]
    field = draw(st.sampled_from(sorted(FIELDS)))
    if isinstance(cell, dict):
        cell[field] = draw(FIELDS[field])


def _drop_field(cells, draw):
    cell = cells[draw(PLACES) % len(cells)]
    if isinstance(cell, dict) and cell:
        cell.pop(draw(st.sampled_from(sorted(cell))))


def _delete(cells, draw):
    del cells[draw(PLACES) % len(cells)]


def _double(cells, draw):
    cells.insert(draw(PLACES), json.loads(json.dumps(cells[draw(PLACES) % len(cells)])))


def _move(cells, draw):
    cells.insert(draw(PLACES), cells.pop(draw(PLACES) % len(cells)))


def _add(cells, draw):
    cells.insert(draw(PLACES), draw(CELL | JSON))


def _merge(cells, draw):
    at = draw(PLACES) % len(cells)
    pair = cells[at : at + 2]
    if all(isinstance(cell, dict) and isinstance(cell.get("source"), str) for cell in pair):
        cells[at : at + 2] = [{**pair[0], "source": "\n".join(cell["source"] for cell in pair)}]


def _swap_marks(cells, draw):
    one, other = cells[draw(PLACES) % len(cells)], cells[draw(PLACES) % len(cells)]
    if isinstance(one, dict) and isinstance(other, dict):
        one["metadata"], other["metadata"] = other.get("metadata"), one.get("metadata")


CHANGES = [_change_field, _drop_field, _delete, _double, _move, _add, _merge, _swap_marks]


@st.composite
def damaged_notebooks(draw):
    """JSON of a notebook after a few changes of its cells and perhaps of its own fields."""
    notebook = json.loads(json.dumps(draw(st.sampled_from(STARTS))))
    for change in draw(st.lists(st.sampled_from(CHANGES), max_size=12)):
        if notebook["cells"]:
            change(notebook["cells"], draw)
    for field in draw(st.lists(st.sampled_from(["metadata", "nbformat", "nbformat_minor", "worksheets"]), max_size=1)):
        notebook[field] = draw(JSON)
    return json.dumps(notebook).encode()


@st.composite
def damaged_files(draw):
    """Bytes of a notebook with some cut out, changed or put in between, in some encoding."""
    text = json.dumps(draw(st.sampled_from(STARTS)), ensure_ascii=False)
    raw = bytearray(text.encode(draw(st.sampled_from(["utf-8", "utf-16", "utf-8-sig", "utf-32-be"]))))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(raw)))
        raw[start : start + draw(st.integers(0, 40))] = draw(st.binary(max_size=10) | st.just(b"[{") | st.just(b"NaN"))
    return bytes(raw)

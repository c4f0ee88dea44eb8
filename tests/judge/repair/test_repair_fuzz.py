"""Random damage: every submission gives a result, and a repaired notebook is canonical and needs no second repair."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from grader.judge.repair import repair
from tests.judge.handed_in import CODE, SOLUTIONS, released, solved, without_both
from tests.judge.test_repair import assert_canonical

RELEASED = released()
STARTS = [json.loads(nbformat.writes(nb)) for nb in (solved(), released(), without_both(solved()))]
CELLS = len(RELEASED.cells)

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


def assert_survives(submitted):
    """The property: a status, and a canonical notebook whose repair is itself."""
    result = repair(submitted, RELEASED)
    event(result.status)
    assert result.status in ("ok", "repaired", "broken", "empty", "wrong_notebook")
    assert (result.nb is None) == (result.status not in ("ok", "repaired"))
    assert (result.status == "ok") == (not result.notes)
    for note in result.notes:
        assert len(note) < 500 and note.endswith(".")
        note.encode()
    assert set(result.missing) <= {*SOLUTIONS, "why"}
    if result.nb is None:
        return
    assert_canonical(result.nb, RELEASED)
    again = repair(nbformat.writes(result.nb).encode(), RELEASED)
    assert again.notes == []
    assert [cell.source for cell in again.nb.cells] == [cell.source for cell in result.nb.cells]
    assert set(again.missing) == set(result.missing) - {"why"}


MANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=400, **MANY)
@given(damaged_notebooks())
def test_damaged_notebooks(submitted):
    """Any change of structure, marks, ids and sources is survived."""
    assert_survives(submitted)


@settings(max_examples=150, **MANY)
@given(damaged_files() | st.binary(max_size=200))
def test_damaged_files(submitted):
    """Any change of the bytes is survived."""
    assert_survives(submitted)


@settings(max_examples=100, **MANY)
@given(JSON | st.fixed_dictionaries({"cells": st.lists(CELL | JSON, max_size=6) | JSON}))
def test_other_json(value):
    """Any JSON is survived."""
    assert_survives(json.dumps(value).encode())


@pytest.mark.long
@settings(max_examples=2000, **MANY)
@given(damaged_notebooks())
def test_two_thousand(submitted):
    """Two thousand damaged submissions give two thousand results."""
    assert_survives(submitted)

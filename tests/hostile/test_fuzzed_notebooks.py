"""Damaged notebooks of every kind through the whole of grading but the kernel: a result for each, never an exception.

Only the execution is replaced, by one that puts random outputs into the cells: repair, sanitising, marks, notes, what
is kept of a result and what nbgrader reads are the real ones.
"""

import json
from unittest import mock

import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from nbgrader import utils

from grader.desk.collect.submissions import Work
from grader.desk.grade.work import grade_work
from grader.judge.grading import grade as grading
from grader.judge.grading.result import NotebookResult
from grader.judge.grading.spec import NotebookSpec
from grader.judge.hidden import HiddenTest
from grader.sandbox.run.notebook import CellRun, Execution
from grader.sandbox.walls.limits import Limits
from tests.judge.damage import JSON, TEXT, damaged_files, damaged_notebooks
from tests.judge.handed_in import POINTS, released

STATUS = {"graded", "broken", "empty", "wrong_notebook", "missing", "not_read"}
MANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


def spec():
    """The small homework of the repair's tests, with a hidden test for each graded cell."""
    tests = {
        name: [HiddenTest(name, "t", "is right", float(points), lambda student, rng: None)]
        for name, points in POINTS.items()
    }
    return NotebookSpec("week", "homework", released(), tests)


SPEC = spec()


@st.composite
def sized(draw):
    """A notebook in which something is very long: a source, an id, a name, the list of cells, of lines, of tags."""
    nb = json.loads(nbformat.writes(released()))
    cell, length = draw(st.sampled_from(nb["cells"])), draw(st.sampled_from([10**3, 10**4, 10**5]))
    piece = draw(
        st.sampled_from(["x", "\n", "é", "[", "<p ", "\\(", "\u202e", "\x00", "```\n", "def f():\n    pass\n"])
    )
    where = draw(st.sampled_from(["source", "lines", "id", "grade_id", "cells", "outputs", "attachments", "tags"]))
    text = piece * (length // len(piece))
    if where == "cells":
        nb["cells"] += [{"cell_type": "code", "source": piece, "metadata": {}}] * min(length, 5_000)
    elif where == "grade_id":
        cell["metadata"]["nbgrader"] = {"grade_id": text, "grade": True, "points": 10**400}
    elif where == "tags":
        cell["metadata"]["tags"] = [text] * 3
    else:
        values = {"lines": [piece] * min(length, 10**5), "outputs": [{"output_type": "stream", "text": text}]}
        values["attachments"] = {text[:100]: {"image/png": text}}
        cell["source" if where == "lines" else where] = values.get(where, text)
    return json.dumps(nb).encode()


OUTPUT = st.fixed_dictionaries(
    {"output_type": st.sampled_from(["stream", "display_data", "execute_result", "error"])},
    optional={
        "text": TEXT,
        "name": TEXT,
        "data": st.dictionaries(TEXT, TEXT, max_size=2),
        "ename": TEXT,
        "evalue": TEXT,
        "traceback": st.lists(TEXT, max_size=2),
        "metadata": st.just({}),
        "execution_count": st.none() | st.integers(0, 9),
    },
)


def executed(outputs, death):
    """In the place of `run_notebook`: every code cell shows `outputs`; the test cells are never reached."""

    def run(nb, **options):
        execution = Execution(nbformat.from_dict(nb), death=death, detail="")
        for cell in execution.nb.cells:
            if cell.cell_type == "code":
                cell.outputs = [nbformat.from_dict(output) for output in outputs]
                execution.cells[cell.id] = CellRun("error", detail="some of its output was cut off")
        return execution

    return run


def assert_result(submitted, outputs, death, notes):
    """A status of ours, all parts, nothing above the points, a notebook that nbgrader reads, the same from JSON."""
    work = Work("ada", "week", "homework", submitted, notes=tuple(notes), alone=bool(notes))
    with mock.patch.object(grading, "run_notebook", executed(outputs, death)):
        result = grade_work(SPEC, work, Limits(), "bubblewrap")
    event(result.status)
    assert result.status in STATUS and result.parts.keys() == {cell.grade_id for cell in SPEC.cells}
    assert result.points == 0 and result.max_points == SPEC.max_points
    text = json.dumps(result.to_json(), ensure_ascii=False)
    again = NotebookResult.from_json(json.loads(text.encode("utf-8")))
    assert again.parts == result.parts and again.notes == result.notes
    if result.nb is None:
        return
    nbformat.validate(again.nb)
    graded = [cell for cell in again.nb.cells if utils.is_grade(cell) and not utils.is_solution(cell)]
    assert sorted(cell.metadata.nbgrader.grade_id for cell in graded) == sorted(POINTS)
    assert [utils.determine_grade(cell)[0] for cell in graded] == [0.0] * len(graded)


ANY = (
    damaged_notebooks()
    | damaged_files()
    | st.binary(max_size=200)
    | sized()
    | JSON.map(lambda value: json.dumps(value).encode())
)
CASE = {
    "submitted": ANY,
    "outputs": st.lists(OUTPUT, max_size=2),
    "death": st.sampled_from([None, "memory", "time", "?"]),
    "notes": st.lists(TEXT, max_size=2),
}


@settings(max_examples=40, **MANY)
@given(**CASE)
def test_a_damaged_notebook_gives_a_result(submitted, outputs, death, notes):
    assert_result(submitted, outputs, death, notes)


@pytest.mark.long
@pytest.mark.timeout(1500)
@settings(max_examples=2000, **MANY)
@given(**CASE)
def test_two_thousand_damaged_notebooks_give_two_thousand_results(submitted, outputs, death, notes):
    """Structure, metadata, ids, sources, encodings, sizes; and whatever their cells show."""
    assert_result(submitted, outputs, death, notes)

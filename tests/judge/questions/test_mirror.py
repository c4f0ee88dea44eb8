"""The mirror law: what is right at home has its points, what is wrong loses them, property by property."""

import pytest

from grader.checks.exercise.results import MARKS, WIDTH
from grader.checks.questions import record
from grader.judge.grading.spec import load_mistakes, read_cells, reference_cells
from tests import mirror
from tests.notebooks.found import REPO
from tools import records

# Verdicts that may differ, by (notebook, mistake, question), each with the reason. Public and hidden cases differ in
# their numbers, so a mistake that shows on some numbers only may show in one place and not in the other.
EXCEPTIONS = {}


def differing(week, name, cells, asked=None):
    return {
        question: said
        for question, said in mirror.verdicts(week, name, cells, asked).items()
        if said[0] is not None and said[0] != said[1]
    }


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_the_reference_is_right_in_both_places(week, name):
    """Every question, on its recorded case and on drawn ones."""
    found = mirror.verdicts(week, name, {})
    assert found and all(graded and home in (True, None) for home, graded in found.values()), found


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_the_notebook_and_the_grader_agree_on_every_mistake(week, name):
    """Property by property, on the test cells that the mistake's row names and on that of its own cell."""
    reference, found = reference_cells(REPO, week, name), {}
    for mistake in load_mistakes(REPO, week, name):
        asked = {*mistake.loses, f"test_{mistake.cell}"}
        for question, said in differing(week, name, {mistake.cell: mistake.apply(reference)}, asked).items():
            found[f"{week}/{name}", mistake.name, question] = said
    assert {key: said for key, said in found.items() if key not in EXCEPTIONS} == {}


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_right_solutions_are_right_in_both_places(week, name):
    """Those written by hand, in many styles."""
    wrong = {}
    for path in sorted((REPO / "tests/right_solutions" / week / name).glob("*.py")):
        said = mirror.verdicts(week, name, mirror.with_helpers(week, name, *read_cells(path)))
        wrong |= {(path.stem, question): both for question, both in said.items() if False in both}
    assert wrong == {}


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_every_way_to_write_a_cell_is_right_in_both_places(week, name):
    """Cells as students write them, one at a time among the reference's."""
    wrong = {}
    for exercise, how, source in mirror.ways(week, name):
        said = mirror.verdicts(week, name, {exercise: source}, {f"test_{exercise}"})
        wrong |= {(exercise, how, question): both for question, both in said.items() if False in both}
    assert wrong == {}


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_records_are_fresh(week, name):
    """`make outputs` writes them; here they are compared."""
    path = REPO / week / f"{name}_questions.json"
    assert record.entries(path.read_text(encoding="utf-8")) == record.entries(records.text_of(week, name))
    assert path.stat().st_size < 160_000


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_no_title_is_cut(week, name):
    """The line of a property has room for all of its title."""
    asked = [key.asked for key in mirror.keys(week, name)]
    lines = [f"{MARKS[False]} {one.cell.removeprefix('test_')}  {one.title}" for one in asked]
    assert [line for line in lines if len(line) > WIDTH] == []

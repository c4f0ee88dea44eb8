"""Right solutions written differently, by the hundred: rewrites of the references and of those written by hand.

All get full points and no hint. The quick test takes one rewriting of every notebook, the long one all of them.
"""

import ast
import random
from functools import cache

import pytest

from grader.judge.grading.spec import read_cells, reference_cells
from grader.judge.rehearsal.rehearsal import rehearse
from tests.mutation.run import code_cells
from tests.notebooks.found import NOTEBOOKS, REPO, load_notebook
from tests.right_solutions.rewriting import REWRITES, rewritten

pytestmark = pytest.mark.usefixtures("notebooks_read_once")
WRITTEN = [
    (week, name, path.stem)
    for week, name in NOTEBOOKS
    for path in sorted((REPO / "tests" / "right_solutions" / week / name).glob("*.py"))
]
SOME = 6  # rewrites that are applied together, one after the other


@cache
def solution(week, name, written):
    """(cells, extra cells) of a solution written by hand, or of the reference where `written` is ""."""
    cells, extra = code_cells(week, name), []
    if written:
        own, extra = read_cells(REPO / "tests" / "right_solutions" / week / name / f"{written}.py")
        cells = {**cells, **{cell: source for cell, source in own.items() if cell in cells}}
    return cells, extra


def some(*seed):
    """A few rewrites, the same ones for the same seed."""
    return random.Random("/".join(seed)).sample(sorted(REWRITES), SOME)


def cases():
    """(week, notebook, hand-written solution or "", rewrites) of every case."""
    for week, name in NOTEBOOKS:
        for rewrite in REWRITES:
            yield week, name, "", (rewrite,)
        yield week, name, "", tuple(REWRITES)
    for week, name, written in WRITTEN:
        for number in "12":
            yield week, name, written, tuple(some(name, written, number))


def made(week, name, written, names):
    """The cells of a case."""
    rewrites = [REWRITES[each] for each in names]
    return {cell: rewritten(source, *rewrites) for cell, source in solution(week, name, written)[0].items()}


CASES = list(cases())


def faults(week, name, written, names):
    """Hints that a rewritten solution gets, and points that it misses."""
    cells = {**reference_cells(REPO, week, name), **made(week, name, written, names)}
    result = rehearse(week, name, cells, solution(week, name, written)[1], seed="/".join((written, *names)))
    points = sum(cell.points for cell in load_notebook(REPO, week, name).cells if not cell.manual)
    hints = {cell: hints for cell, hints in result.hints.items() if hints}
    return hints, round(points - result.total, 6)


def identity(case):
    week, name, written, names = case
    return f"{name}-{written or 'reference'}-{names[0] if len(names) == 1 else 'all' if len(names) > SOME else 'some'}"


@pytest.mark.parametrize(("week", "name"), NOTEBOOKS, ids=[name for _, name in NOTEBOOKS])
def test_a_rewritten_reference_gets_every_point(week, name):
    """All rewrites at once."""
    assert faults(week, name, "", tuple(REWRITES)) == ({}, 0)


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=map(identity, CASES))
def test_a_rewritten_solution_gets_every_point(case):
    """Each rewrite of every reference, and several of every solution written by hand."""
    assert faults(*case) == ({}, 0)


@pytest.mark.long
def test_there_are_many():
    """Rewritten ones that differ from their original, and those written by hand."""
    differ = [case for case in CASES if made(*case) != solution(*case[:3])[0]]
    assert len(differ) + len(WRITTEN) >= 150


@pytest.mark.parametrize("name", REWRITES)
def test_a_rewrite_changes_something_and_is_python(name):
    """Of one reference at least, or of this."""
    rewrite = REWRITES[name]
    sources = [source for place in NOTEBOOKS for source in solution(*place, "")[0].values()]
    sources.append("def add(a, b):\n    a += b\n    return a\n")
    made = [(source, rewritten(source, rewrite)) for source in sources]
    assert any(new != old for old, new in made)
    for _, new in made:
        ast.parse(new)

"""The hidden tests notice every small change of the reference; those that change nothing are listed with a reason."""

import ast
from pathlib import Path

import pytest
import tomllib

from grader.judge.grading.spec import notebooks_of
from tests.mutation.mutants import mutants
from tests.mutation.run import REPO, code_cells, survivors

EQUIVALENT = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
NOTEBOOKS = [
    f"{week.name}/{name}"
    for week in sorted(REPO.glob("week[0-9][0-9]_*"))
    for name in notebooks_of(REPO, week.name)
    if (REPO / "solutions" / week.name / name / "reference.py").exists()
]

TOY = '''
def step(w, grad, lr=0.1, *, eps=1e-8):
    """Not 3 statements."""
    assert lr > 0
    if lr >= 1:
        raise ValueError(f"too large: {lr + 1}")
    scale = np.sum(grad**2, axis=0)
    return w - lr * grad[:-1] / (np.sqrt(scale) + eps)
'''


def changes(source):
    return [mutant.change for mutant in mutants(source)]


def test_mutants_are_all_different_and_compile():
    made = [mutant.source for mutant in mutants(TOY)]
    assert len(made) == len(set(made)) > 30
    assert ast.unparse(ast.parse(TOY)) not in made
    for source in made:
        compile(source, "<mutant>", "exec")


@pytest.mark.parametrize(
    "change",
    [
        "if lr >= 1: -> if lr > 1:",
        "if lr >= 1: -> if lr <= 1:",
        "if lr >= 1: -> if lr >= 2:",
        "if lr >= 1: -> if False:",
        "if lr >= 1: -> nothing",
        "scale = np.sum(grad ** 2, axis=0) -> nothing",
        "scale = np.sum(grad ** 2, axis=0) -> scale = np.mean(grad ** 2, axis=0)",
        "scale = np.sum(grad ** 2, axis=0) -> scale = np.sum(grad ** 2, axis=1)",
        "scale = np.sum(grad ** 2, axis=0) -> scale = np.sum(grad ** 2)",
        "scale = np.sum(grad ** 2, axis=0) -> scale = np.sum(grad ** 3, axis=0)",
        "scale = np.sum(grad ** 2, axis=0) -> scale = np.sum(grad * 2, axis=0)",
        "return w - lr * grad[:-1] / (np.sqrt(scale) + eps) -> return w + lr * grad[:-1] / (np.sqrt(scale) + eps)",
        "return w - lr * grad[:-1] / (np.sqrt(scale) + eps) -> return w - lr * grad[:-1] / (scale + eps)",
        "return w - lr * grad[:-1] / (np.sqrt(scale) + eps) -> return w - lr * grad[:-1] / np.sqrt(scale)",
        "return w - lr * grad[:-1] / (np.sqrt(scale) + eps) -> return w - lr * grad[:1] / (np.sqrt(scale) + eps)",
        "return w - lr * grad[:-1] / (np.sqrt(scale) + eps) -> return w - lr * grad[:] / (np.sqrt(scale) + eps)",
        "def step(w, grad, lr=0.1, *, eps=1e-08): -> def step(w, grad, lr=0.2, *, eps=1e-08):",
    ],
)
def test_each_kind_of_change_is_made(change):
    assert change in changes(TOY)


def test_what_nobody_reads_numbers_from_is_left_alone():
    """Docstrings, assertions and texts of errors; a whole raise may go."""
    left = [change for change in changes(TOY) if "assert" in change or "too large" in change or "Not 3" in change]
    assert left == ["raise ValueError(f'too large: {lr + 1}') -> nothing"]


@pytest.mark.parametrize("notebook", EQUIVALENT)
def test_the_list_is_of_this_reference(notebook):
    """A change of the reference cells does not leave old entries behind; every entry has its reason."""
    possible = {
        f"{cell}: {change}" for cell, text in code_cells(*notebook.split("/")).items() for change in changes(text)
    }
    assert set(EQUIVALENT[notebook]) <= possible
    assert all(len(reason) > 10 for reason in EQUIVALENT[notebook].values())


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_mutant_gets_every_point(notebook):
    """Each one loses points, but for those that are listed as equivalent."""
    found = {survivor.key for survivor in survivors(*notebook.split("/")) if survivor}
    assert found == set(EQUIVALENT.get(notebook, {}))

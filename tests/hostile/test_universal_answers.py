"""An answer that does not depend on the question earns next to nothing, in any notebook of the course."""

import ast

import pytest

from grader.judge.grading.spec import reference_cells
from grader.judge.rehearsal.rehearsal import REPO, rehearse
from tests.notebooks.found import NOTEBOOKS

pytestmark = pytest.mark.usefixtures("notebooks_read_once")
HOMEWORK = ("week01_backprop", "backprop")

# What every name of the student's is bound to: a class whose objects can be called, indexed, iterated and set.
EVERYTHING = """
import numpy as np
class Anything:
    def __init__(self, *args, **kwargs): pass
    def __call__(self, *args, **kwargs): return answer(*args)
    def __getattr__(self, name):
        if name.startswith("__"): raise AttributeError(name)
        return lambda *args, **kwargs: answer(*args)
    def __getitem__(self, key): return answer(key)
    def __len__(self): return 3
    def __iter__(self): return iter([answer()] * 3)
def answer(*args):
    first = next((np.asarray(a) for a in args if isinstance(a, np.ndarray)), np.zeros(()))
    return {expression}
"""
ANSWERS = {
    "nan": "np.full(first.shape, np.nan)",
    "infinity": "np.full(first.shape, np.inf)",
    "an empty array": "np.zeros((0, *first.shape[1:]))",
    "true": "True",
    "nothing": "None",
    "itself": "Anything()",
    "text": "'ok'",
}


# Properties that something which ignores its arguments does have: it leaves them alone, it starts with zero biases.
SHARE = 0.12


def universal(week, name, expression):
    """Cells that define every name of the reference as an answer that ignores the question."""
    cells = {}
    for grade_id, source in reference_cells(REPO, week, name).items():
        try:
            body = ast.parse(source).body
        except SyntaxError:
            continue  # a written answer
        lines = [f"{node.name} = Anything()" for node in body if isinstance(node, ast.FunctionDef)]
        lines += [f"class {node.name}(Anything): pass" for node in body if isinstance(node, ast.ClassDef)]
        if lines:
            cells[grade_id] = EVERYTHING.replace("{expression}", expression) + "\n".join(lines)
    return cells


@pytest.mark.long
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("week", "name"), NOTEBOOKS, ids=lambda part: str(part))
def test_an_answer_to_everything_earns_next_to_nothing(week, name, answer):
    found = rehearse(week, name, universal(week, name, ANSWERS[answer]), question_seconds=5)
    assert found.total <= SHARE * found.max, {cell: points for cell, points in found.points.items() if points}


@pytest.mark.parametrize("answer", ["nan", "an empty array"])
def test_of_homework_one(answer):
    """The quick version."""
    found = rehearse(*HOMEWORK, universal(*HOMEWORK, ANSWERS[answer]), question_seconds=5)
    assert found.total <= SHARE * found.max, {cell: points for cell, points in found.points.items() if points}

"""Nothing secret is in a question, and nothing that is public earns a point."""

import ast
from functools import cache

import numpy as np
import pytest

from grader.checks.questions.judging import judge
from grader.checks.questions.question import seeded
from grader.judge.authoring.keys import sources
from grader.judge.grading.spec import keys_of
from tests import mirror
from tests.notebooks.found import REPO

# Expressions smaller than this are what everybody writes.
NODES = 9
# Read by those who solve the exercise anyway, or no formula: (module, expression).
QUIZ = "week02_matrix_diff.quiz_2_questions"  # what a question draws, so that its numbers fit together
PUBLIC = {
    (QUIZ, "z - w * x"),
    (QUIZ, "v * z - error"),
    ("week02_matrix_diff.autodiff_questions", "(product + u + (product + v)).sum()"),
    ("week02_matrix_diff.backprop_by_hand_questions", "(FORWARDS | BACK | NEW).items()"),
    ("week03_adaptive_sgd.objectives", "length * w + place"),
    ("week03_adaptive_sgd.objectives", "factor / length ** 2"),
}


class _Normalised(ast.NodeTransformer):
    """Names and constants that could be called otherwise become one and the same."""

    def visit_Name(self, node):
        return ast.Name("_", node.ctx)

    def visit_Attribute(self, node):
        self.generic_visit(node)
        # numpy's functions stay, and so does what is done to a result; `self.weights`, `case.W` are names.
        return ast.Name("_", node.ctx) if isinstance(node.value, ast.Name) and not _is_numpy(node) else node

    def visit_arg(self, node):
        return ast.arg("_")


def _is_numpy(node):
    return hasattr(np, node.attr) or hasattr(np.linalg, node.attr)


def formulas(source):
    """Arithmetic of some size in a Python text, whatever its names."""
    found = {}
    for node in ast.walk(ast.parse(source)):
        operators = [one for one in ast.walk(node) if isinstance(one, (ast.BinOp, ast.UnaryOp))]
        if isinstance(node, (ast.BinOp, ast.Call)) and len(operators) >= 2 and sum(1 for _ in ast.walk(node)) >= NODES:
            found[ast.dump(_Normalised().visit(ast.parse(ast.unparse(node))))] = ast.unparse(node)
    return found


def secret_formulas(week):
    """Of the reference and the keys of a week."""
    found = {}
    for path in sorted((REPO / "solutions" / week).rglob("*.py")):
        if path.name in ("reference.py", "keys.py") or path.stem.endswith("_keys"):
            found |= formulas(path.read_text(encoding="utf-8"))
    return found


@cache
def public_texts(week, name):
    read_now = keys_of(REPO, week, name)  # a notebook that is read later takes the modules of this one away
    return dict(source for key in read_now for source in sources(key.asked))


def leaks(public, secret):
    return {formula for text, formula in formulas(public).items() if text in secret}


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_no_formula_of_the_solutions_is_in_a_question(week, name):
    """Neither in a question nor in a relation or reading, under whatever names."""
    secret = secret_formulas(week)
    found = {(module, leak) for module, text in public_texts(week, name).items() for leak in leaks(text, secret)}
    assert found - PUBLIC == set()


@pytest.mark.parametrize(
    "planted",
    [
        "def relation(answer, case):\n    return same(answer, case.X @ case.W + case.b)",
        "def question(student, A, B, c):\n    return [student.Dense(3, 4).forward(A), A @ B + c]",
        "def reading(answer, case):\n    kept = answer / (1 - case.p)\n    return kept * (answer != 0) / (1 - case.p)",
    ],
)
def test_a_planted_formula_is_found(planted):
    """A layer's formula in a relation, in a question with other names, a dropout's own in a reading."""
    secret = formulas(
        "def forward(self, input):\n    return input @ self.weights + self.biases\n"
        "def dropout(output, p):\n    return output * (mask != 0) / (1 - p)"
    )
    assert leaks(planted, secret)


def forgeries(honest, case):
    """The answer with everything in it that its asker cannot know put in another way, several times."""
    rng = np.random.default_rng(0)
    known = [np.asarray(value) for value in vars(case).values() if isinstance(value, (np.ndarray, int, float))]

    def is_known(value):
        return any(value.shape == one.shape and np.array_equal(value, one) for one in known)

    def changed(value, guess):
        if isinstance(value, (list, tuple)) and value and all(isinstance(item, (bool, np.bool_)) for item in value):
            return [bool(guess(np.zeros(())))]  # its length and its entries are what is asked
        if isinstance(value, (list, tuple)):
            return type(value)(changed(item, guess) for item in value)
        if isinstance(value, dict):
            return {name: changed(item, guess) for name, item in value.items()}
        if isinstance(value, (np.ndarray, float, np.floating)) and not is_known(np.asarray(value)):
            return guess(np.asarray(value))[()]
        return value

    yield changed(honest, lambda value: np.zeros(value.shape))
    yield changed(honest, lambda value: np.ones(value.shape))
    yield changed(honest, lambda value: 0.01 * rng.normal(size=value.shape))
    yield changed(honest, lambda value: next((one for one in known if one.shape == value.shape), np.zeros(value.shape)))


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS)
def test_what_is_public_earns_nothing(week, name):
    """Whoever answers in place of the questions, with all that is public at hand but the formula, passes none."""
    cells = {key.asked.cell for key in mirror.keys(week, name)}
    names, earned = mirror.namespace(week, name, {}, cells), {}
    for key in mirror.keys(week, name):
        if key.right is None:
            continue  # of a quiz: whoever gives the answer, gives it
        with seeded(1), np.errstate(all="ignore"):
            case = key.draw(np.random.default_rng(1))
            honest = key.asked.ask(names, vars(case))
            for number, forged in enumerate(forgeries(honest, case)):
                try:
                    case = key.draw(np.random.default_rng(1))  # a fresh one: it may have counted what it was asked
                    right = key.right(case)
                    if any(one is not None and one.hidden for one in (right if isinstance(right, list) else [right])):
                        continue  # the answer itself is asked for: whoever gives it, gives it
                    if judge(key.asked, forged, case, right).verdict.ok:
                        earned[key.asked.name, number] = key.asked.points
                except Exception:
                    continue
    assert earned == {}

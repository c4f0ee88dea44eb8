"""Who answers in place of the questions, in the process where they are asked, earns nothing."""

import numpy as np
import pytest

from grader.judge.rehearsal.rehearsal import rehearse
from tests import mirror

# Runs in the student's process before the questions are compiled there, and once more when one is asked.
FORGE = """
import numpy as np
from grader.checks.questions import Question
def guess(asked, case):
    arrays = [value for value in case.values() if isinstance(value, np.ndarray)]
    first = arrays[0] if arrays else np.zeros(())
    return {answer}
Question.ask = lambda self, namespace, case, lent=None: guess(self, case)
"""
ANSWERS = {
    "the first array of the case": "first",
    "zeros": "np.zeros(first.shape)",
    "the whole case": "list(case.values())",
    "true": "True",
    "what it is asked by": "[asked.name, asked.points]",
}


def forged(week, name, answer):
    """Points of an empty notebook whose first cell of its own forges answers, those of its questions' cells only."""
    first = next(iter(mirror.reference_cells(mirror.REPO, week, name)))
    found = rehearse(week, name, {first: FORGE.replace("{answer}", ANSWERS[answer])}, question_seconds=5)
    asked = {key.asked.cell for key in mirror.keys(week, name)}
    tests = {key.asked.name for key in mirror.keys(week, name) if not asks_for_the_answer(key)}
    return {
        outcome.name: outcome.points
        for cell, outcomes in found.outcomes.items()
        if cell in asked
        for outcome in outcomes
        if outcome.points and outcome.name in tests
    }


def asks_for_the_answer(key):
    """Is the letter or the number itself asked for? Whoever gives it, by whatever way, gives it; a quiz."""
    if key.right is None:
        return True
    right = key.right(key.draw(np.random.default_rng(0)))
    return any(one is not None and one.hidden for one in (right if isinstance(right, list) else [right]))


@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS, ids=lambda part: str(part))
def test_a_forged_answer_earns_nothing(week, name):
    """The quick version."""
    assert forged(week, name, "the first array of the case") == {}


@pytest.mark.long
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize(("week", "name"), mirror.NOTEBOOKS, ids=lambda part: str(part))
def test_no_forged_answer_earns_anything(week, name, answer):
    assert forged(week, name, answer) == {}


def test_the_forgery_takes_place():
    """Whoever solves the exercise in a question's place has its points: so the answers above were looked at."""
    source = FORGE.replace("{answer}", "np.maximum(first, 0)")
    found = rehearse("week01_backprop", "backprop", {"relu": source}, question_seconds=5)
    passed = [outcome.name for outcome in found.outcomes["test_relu"] if outcome.passed]
    assert passed == ["relu_zeroes_negative_inputs"]

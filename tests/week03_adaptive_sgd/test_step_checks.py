"""The visible checks of optimiser steps pass the right step and see every recorded mistake."""

import numpy as np
import pytest

from solutions.week03_adaptive_sgd import record_paths
from solutions.week03_adaptive_sgd.adaptive_sgd import steps
from week03_adaptive_sgd import step_checks
from week03_adaptive_sgd.step_checks import RIGHT, WRONG
from week03_adaptive_sgd.step_mistakes import LIKELY


class Notes:
    """A `check` that writes down what it is told."""

    def __init__(self):
        self.wrong = {}

    def that(self, what, condition, hint=""):
        if not condition:
            self.wrong[what] = hint

    def unchanged(self, what, now, before):
        self.that(what, np.array_equal(now, before), "changed")


def test_recorded_paths_are_up_to_date():
    """The recorded file is what the judge's own steps give today."""
    assert record_paths.TARGET.read_text(encoding="utf-8") == record_paths.recorded()


@pytest.mark.parametrize("name", RIGHT)
def test_right_steps_pass_every_check(name):
    """No line of complaint."""
    notes, step = Notes(), steps.RIGHT[name]
    step_checks.same_path(notes, name, step)
    step_checks.any_shape(notes, name, step)
    if name in ("rmsprop", "adagrad", "adam"):
        step_checks.blind_to_units(notes, name, step)
    assert not notes.wrong


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, wrong in WRONG.items() for key in wrong])
def test_recorded_mistakes_are_named_by_their_path(name, key):
    """The words after "likely" are those of the mistake, or of one with the same path."""
    notes = Notes()
    step_checks.same_path(notes, name, steps.WRONG[name][key])
    (hint,) = notes.wrong.values()
    alike = [other for other, path in WRONG[name].items() if np.allclose(path, WRONG[name][key])]
    assert any(LIKELY[other] in hint for other in alike)


def test_a_method_that_sees_units_is_told():
    """The check of invariance can fail."""
    notes = Notes()
    step_checks.blind_to_units(notes, "rmsprop", lambda w, g, s, lr, eps: (w - lr * g, s))
    assert notes.wrong


def test_bad_manners_are_told():
    """Changing an argument in place, and remembering."""
    notes, memory = Notes(), []

    def step(w, grad, lr):
        memory.append(1)
        grad *= 2
        return w - len(memory) * lr * grad

    step_checks.good_manners(notes, step, np.ones(2), np.ones(2), 0.1)
    assert set(notes.wrong) == {"grad", "nothing is kept between calls"}


def test_a_step_for_vectors_only_is_told():
    """A norm over the rows of a matrix is not a norm over all weights."""
    notes = Notes()
    step_checks.any_shape(notes, "sgd", lambda w, g, lr: w - lr * g / np.linalg.norm(g[0]))
    assert notes.wrong

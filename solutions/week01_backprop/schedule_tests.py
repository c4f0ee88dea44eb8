"""Hidden tests of lr_at and EarlyStopping, the same in regression and in classification."""

import numpy as np

from grader.judge import expect, expect_that, hidden_test
from grader.judge.standin import Standin

# lr_at


@hidden_test("test_schedule", points=0.2)
def rate_decays(student, rng):
    """lr_at follows its formula at every epoch."""
    lr0, decay = rng.uniform(0.2, 0.9, size=2)
    epochs = [1, 2, 5, 40]
    wanted = np.array([lr0 / (1 + decay * epoch) for epoch in epochs])
    yours = [student.lr_at(epoch, float(lr0), float(decay)) for epoch in epochs]
    numeric = all(isinstance(rate, (float, int, np.ndarray)) and np.ndim(rate) == 0 for rate in yours)
    expect_that(numeric, "lr_at: a number is expected")
    t = np.array(epochs)
    expect(
        np.array([float(rate) for rate in yours]),
        wanted,
        what=f"lr_at at epochs {epochs}",
        mistakes={
            "the rate does not depend on the epoch": lr0 + 0 * t,
            "a geometric decay, lr0 * decay**epoch": lr0 * decay**t,
            "an exponential decay": lr0 * np.exp(-decay * t),
            "lr0 is left out": 1 / (1 + decay * t),
            "the rate grows: divide": lr0 * (1 + decay * t),
            "epochs count from 0, so nothing is to be taken off": lr0 / (1 + decay * (t - 1)),
            "epochs count from 0; epoch 0 has the full rate": lr0 / (1 + decay * (t + 1)),
            "the brackets are missing: 1 + decay * epoch is the divisor": lr0 / 1 + decay * t,
            "decay is missing": lr0 / (1 + t),
        },
    )


@hidden_test("test_schedule", points=0.1)
def rate_starts_at_lr0(student, rng):
    """lr_at gives lr0 at epoch 0, and at every epoch when decay is 0."""
    lr0 = float(rng.uniform(0.2, 0.9))
    expect(student.lr_at(0, lr0, 0.3), lr0, what="lr_at(0, lr0, decay)")
    expect(student.lr_at(7, lr0, 0.0), lr0, what="lr_at(7, lr0, 0)")


# EarlyStopping. All losses are multiples of 1/8, so that differences are exact. Whether "the best" is the lowest loss
# of all or the last one that counted as an improvement makes no difference to the sequences below.


def expect_stop(student, patience, min_delta, losses, *, hints):
    """update says True at the last of ``losses``, and at no other.

    ``hints``: (what to say if it stops earlier, what to say if it does not stop there).
    """
    stopping = student.EarlyStopping(patience, min_delta)
    expect_that(isinstance(stopping, Standin), "EarlyStopping(patience, min_delta) makes no object")
    for epoch, loss in enumerate(losses, start=1):
        answer = stopping.update(float(loss))
        readable = answer is None or isinstance(answer, (bool, np.bool_, int, np.ndarray)) and np.ndim(answer) == 0
        expect_that(readable, "EarlyStopping.update: True or False is expected")
        if epoch < len(losses):
            expect_that(not bool(answer), f"EarlyStopping({patience}, {min_delta}): stops too early; {hints[0]}")
        else:
            expect_that(answer is not None, "EarlyStopping.update returns None where it should say True")
            expect_that(bool(answer), f"EarlyStopping({patience}, {min_delta}): does not stop; {hints[1]}")


@hidden_test("test_schedule", points=0.25)
def stops_when_patience_is_over(student, rng):
    """EarlyStopping says True at the patience-th epoch in a row without improvement, not before."""
    start = float(rng.integers(8, 16))
    falling = [start - 0.5 * k for k in range(4)]
    for patience in (3, 1, 5):
        bad = falling[-1] + 0.125 * np.cumsum(rng.integers(1, 9, size=patience))
        early = "it is to wait for `patience` epochs in a row without improvement"
        late = f"the validation loss has not improved for {patience} epochs in a row"
        expect_stop(student, patience, 0.0, [*falling, *bad], hints=(early, late))


@hidden_test("test_schedule", points=0.15)
def an_improvement_starts_the_count_anew(student, rng):
    """EarlyStopping counts epochs in a row: an improvement sets the count back."""
    low = float(rng.integers(4, 9))
    losses = [low, low + 1, low + 0.5, low - 1, low, low - 0.5, low - 2, low, low, low]
    early = "an improvement must set the count of bad epochs back to 0"
    expect_stop(student, 3, 0.0, losses, hints=(early, "after the last improvement there were 3 bad epochs"))
    again = "what one EarlyStopping has counted must not be known to the next one"
    expect_stop(student, 3, 0.0, losses, hints=(again, again))


@hidden_test("test_schedule", points=0.15)
def the_best_is_what_counts(student, rng):
    """EarlyStopping compares with the best loss so far, not with the last one."""
    low = float(rng.integers(4, 9))
    losses = [low + 2, low, low + 4, low + 3, low + 2, low + 1]
    late = "a loss is compared with the best one so far; being lower than the last one is no improvement"
    expect_stop(student, 4, 0.0, losses, hints=("4 epochs are to pass", late))
    expect_stop(student, 2, 0.0, [low, low, low], hints=("an equal loss", "an equal loss is no improvement"))


@hidden_test("test_schedule", points=0.15)
def small_improvements_do_not_count(student, rng):
    """EarlyStopping asks for an improvement of more than min_delta."""
    low, delta = float(rng.integers(4, 9)), 0.25
    improving = [low - 0.5 * k for k in range(5)]
    early = "an improvement of more than min_delta sets the count back"
    late = "an improvement of min_delta or less does not count"
    end = improving[-1]
    expect_stop(student, 2, delta, [*improving, end - 0.125, end - 0.125], hints=(early, late))
    expect_stop(student, 1, delta, [*improving, end - 0.25], hints=(early, f"{late}: here it was exactly min_delta"))
    expect_stop(student, 1, 4.0, [low + 8, low + 2, low + 1], hints=(early, late))

"""Hidden tests of the required exercises: ReLU, Dense, forward, train, and the trained network."""

from functools import cache

import numpy as np

from grader import checks
from grader.judge import expect_that, hidden_test, kept
from grader.judge.authoring.verdicts import StudentError

# The trained network

NEEDED = 0.97
NOISE = 0.01  # in units of the brightest pixel
NEEDED_IN_NOISE = 0.94  # what was learned survives such noise with ease; a table of the known images does not


def labels_by_layers(student, network, X):
    """Each layer of ``network`` in turn, without the student's own forward; the largest logit wins."""
    *first, last = network
    for layer in first:
        X = kept(layer.forward, X)
    logits = last.forward(X)
    return logits.argmax(axis=1) if isinstance(logits, np.ndarray) and logits.ndim == 2 else None


def labels_by_predict(student, network, X):
    return student.predict(network, X)


@cache
def held_out_digits():
    digits = checks.digits()
    return digits.X_val, digits.y_val


def share_right(labels, y):
    """The share of ``y`` that is met; 0 if ``labels`` are not one number a row."""
    fits = isinstance(labels, np.ndarray) and labels.shape == y.shape
    return float(np.mean(labels == y)) if fits else 0.0


# A network written with loops may take its time for this many images.
@hidden_test("test_accuracy", points=0.5, seconds=60)
def network_reads_unseen_digits(student, rng):
    """The trained network reads at least 97 % of the held-out digits."""
    expect_that(student.has("network"), "there is no trained network: the cells above did not run to their end")
    network = student.network
    expect_that(len(network) > 0, "the network has no layers: it was not trained")
    X, y = held_out_digits()
    noisy = X + rng.normal(scale=NOISE, size=X.shape)
    results, trouble = [], None
    for labels in (labels_by_layers, labels_by_predict):
        try:
            clean, in_noise = (share_right(labels(student, network, images), y) for images in (X, noisy))
        except StudentError as error:
            trouble = trouble or error
            continue
        if clean >= NEEDED and in_noise >= NEEDED_IN_NOISE:
            return
        results.append([clean, in_noise])
    if not results:
        raise trouble
    clean, in_noise = max(results)
    short = "no better than guessing: nothing was learned" if clean < 0.2 else "it learned something, but not enough"
    expect_that(clean >= NEEDED, f"{100 * clean:.1f} % of the held-out digits are right, 97 % are asked for; {short}")
    by_heart = "the held-out digits are read as they are, but not with a little noise: learned by heart"
    expect_that(in_noise >= NEEDED_IN_NOISE, by_heart)

"""Questions on a network that was trained: does it read enough digits, and did it learn them from other ones?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from grader.checks.data import digits
from grader.checks.questions.answers import NoMark
from grader.checks.questions.forms import Form, array, pairs
from grader.checks.questions.names import Names
from grader.checks.questions.right import Right

HELD_OUT = 359
KNOWN = 700  # of the images to learn from that many are asked for
NOISE = 0.01  # in units of the brightest pixel
FEW = 100  # images are asked for in each of the following forms
NOTHING = -1
# What tells apart networks trained on the held-out digits as well: docs/security.md has how it was tried.
FAR_BETTER = 0.995, 0.97  # more of those held out and less of those to learn from: these it has not seen
NOT_SEEN = 0.985  # a network that reads fewer of the images to learn from is sure of none
SURELY = 0.05, 0.95  # of the margins this quantile; that of images it has not seen comes to less of that of the others
# Read so well in one of them, and so much better than as they are, says what it learned from.
WELL, CLEARLY = 0.96, 0.04
PREPARED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "standardised pixel by pixel": lambda X: (X - X.mean(axis=0)) / (X.std(axis=0) + 1e-8),
    "standardised by one mean and one standard deviation": lambda X: (X - X.mean()) / X.std(),
    "with the mean of each pixel subtracted": lambda X: X - X.mean(axis=0),
    "between -1 and 1": lambda X: 2 * X - 1,
    "between 0 and 16": lambda X: 16 * X,
    "between 0 and 255": lambda X: 255 * X,
    "each divided by its length": lambda X: X / np.linalg.norm(X, axis=1, keepdims=True),
}

_digits = cache(digits)  # read for every submission, changed by none


def some_digits(order: np.ndarray, noise: int) -> np.ndarray:
    """The digits [n, 64] that everybody has, in this order.

    Of the order the first 359 are the digits held out; the next 359 are the same, and get noise from this seed; behind
    them are images to learn from.
    """
    data = _digits()
    images = np.concatenate([data.X_val, data.X_train])[order]
    images[HELD_OUT : 2 * HELD_OUT] += np.random.default_rng(noise).normal(scale=NOISE, size=(HELD_OUT, 64))
    return images


def drawn(rng: np.random.Generator, sent: bool = True) -> SimpleNamespace:
    """A case for the key: which images, in which order, and the columns of the scores; the images if they are sent."""
    held_out, known = rng.permutation(HELD_OUT), rng.permutation(len(_digits().y_train))[:KNOWN]
    order = np.concatenate([held_out, held_out, HELD_OUT + known]).astype(np.int16)
    noise = int(rng.integers(2**31))
    images = some_digits(order, noise) if sent else None
    return SimpleNamespace(images=images, order=order, noise=noise, classes=rng.permutation(10))


def of_scores(case: SimpleNamespace) -> Form:
    """The form of what `scores` gives."""
    return pairs(array(len(case.order), 10, finite=False), array(len(PREPARED), FEW, kinds="i"))


def scores(student: Names, images: np.ndarray | None, order: np.ndarray, noise: int, classes: np.ndarray) -> list[Any]:
    """What the last layer of `student.network` gives, in the order of `classes`; and what is read of prepared images.

    Errors: `NoMark` where the notebook works on other data.
    """
    if student.has("DATASET") and student.DATASET != "digits":
        raise NoMark('it is graded on the small digits; set DATASET = "digits" to see its mark, and run what follows')
    images = some_digits(order, noise) if images is None else images
    found = _layer_by_layer(student.network, images)
    if found.ndim != 2 or found.shape[1] != len(classes):
        return [found, None]
    place = np.append(np.argsort(classes), NOTHING)
    read = [_read(student.network, prepare(images[:HELD_OUT])[:FEW]) for prepare in PREPARED.values()]
    return [found[:, classes], place[read]]


def _read(network: Sequence[Any], X: np.ndarray) -> np.ndarray:
    """The digits that the network reads, or nothing where it was made for other numbers."""
    try:
        return _layer_by_layer(network, X).argmax(axis=1)
    except Exception:
        return np.full(len(X), NOTHING)


def _layer_by_layer(network: Sequence[Any], X: np.ndarray) -> np.ndarray:
    """What the last layer gives, as when predicting."""
    modes = [(layer, layer.training) for layer in network if hasattr(layer, "training")]
    try:
        for layer, _ in modes:
            layer.training = False
        for layer in network:
            X = np.array(layer.forward(X))
        return X
    finally:
        for layer, training in modes:
            layer.training = training


@dataclass(frozen=True)
class Learned:
    """What is enough, in shares of images that are read.

    needed   of those held out
    noisy    of the same with a little noise: what was learned survives it with ease, a table of known images does not
    """

    needed: float
    noisy: float

    def shares(self, answer: Any, case: SimpleNamespace) -> list[float]:
        """The shares that are read of the digits held out, of the same with noise, and of those to learn from."""
        read = answer[0].argmax(axis=1) == _columns(case)
        return [float(part.mean()) for part in np.split(read, [HELD_OUT, 2 * HELD_OUT])]

    def rights(self) -> list[Right | None]:
        """For the key: how near to all the shares must be. The relation tells what is not enough, and why."""
        told = {
            "the share of the held-out digits that is read": self.needed,
            "the share that is read with noise": self.noisy,
        }
        return [*(Right(1.0, what, rtol=0, atol=1 - least + 1e-9) for what, least in told.items()), None]

    def relation(self, answer: Any, case: SimpleNamespace) -> bool | str:
        """Enough is read, and it was learned from other images."""
        clean, noisy, known = self.shares(answer, case)
        if clean < self.needed:
            why = _why(clean, answer[0], answer[1], case)
            return (
                f"{100 * clean:.1f} % of the held-out digits are right, {100 * self.needed:.0f} % are asked for; {why}"
            )
        if noisy < self.noisy:
            return "the held-out digits are read as they are, but not with a little noise: learned by heart"
        if clean > FAR_BETTER[0] and known < FAR_BETTER[1]:
            return (
                "the held-out digits are read better than the images to learn from: it was trained on what is held out"
            )
        if clean == 1 and known >= NOT_SEEN and _as_surely(answer[0], _columns(case)):
            return (
                "the held-out digits are all read, and as surely as the images to learn from: it was trained on what "
                "is held out, too"
            )
        return True


def _columns(case: SimpleNamespace) -> np.ndarray:
    """Of each image the column that its digit has in the scores."""
    data = _digits()
    return np.argsort(case.classes)[np.concatenate([data.y_val, data.y_train])[case.order]]


def _as_surely(scores: np.ndarray, columns: np.ndarray) -> bool:
    """Are held-out digits told from others as clearly as those to learn from, also where that is hard?"""
    if np.all(scores >= 0) and np.allclose(scores.sum(axis=1), 1):  # probabilities: all near 1 where a network is sure
        scores = np.log(np.maximum(scores, 1e-300))
    right = np.arange(len(scores)), columns
    others = np.array(scores, dtype=float)
    others[right] = -np.inf
    with np.errstate(all="ignore"):  # of infinite scores nothing is said
        margins = scores[right] - others.max(axis=1)
        held_out, _, known = (np.quantile(part, SURELY[0]) for part in np.split(margins, [HELD_OUT, 2 * HELD_OUT]))
    return bool(held_out >= SURELY[1] * known)


def _why(clean: float, answer: np.ndarray, prepared: np.ndarray, case: SimpleNamespace) -> str:
    few = _columns(case)[:FEW]
    best, how = max(zip((prepared == few).mean(axis=1), PREPARED))  # noqa: B905
    if best >= WELL and best >= (answer.argmax(axis=1)[:FEW] == few).mean() + CLEARLY:
        return f"of images {how} {100 * best:.0f} %; was it trained on such? they come as they are, between 0 and 1"
    if clean >= 0.9:
        return "more epochs, or another rate, will do it, where the other checks are right"
    if clean >= 0.2:
        return "it learned something, but not enough"
    if np.isnan(answer).any():
        return "its scores are nan: a loss that is not finite on the way spoils all weights"
    return "no better than guessing: nothing was learned; where other checks fail, mend those first"

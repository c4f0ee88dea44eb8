"""A trained network of digits: what it was trained on is found out, and nothing else of it matters."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.data import digits
from grader.checks.questions.answers import NoMark
from grader.checks.questions.trained import HELD_OUT, PREPARED, Learned, drawn, of_scores, scores

LEARNED = Learned(0.97, noisy=0.94)


class Nearest:
    """Reads an image as the nearest one that it knows, of images prepared in one way; refuses others on request."""

    def __init__(self, prepare, most=np.inf):
        data = digits()
        images = np.concatenate([data.X_val, data.X_train])
        self.known, self.labels = prepare(images), np.concatenate([data.y_val, data.y_train])
        self.most = most

    def forward(self, X):
        if np.abs(X).max() > self.most:
            raise ValueError("a pixel is too bright")
        away = (X**2).sum(axis=1)[:, None] - 2 * X @ self.known.T + (self.known**2).sum(axis=1)
        return np.eye(10)[self.labels[away.argmin(axis=1)]]


def said(layer):
    """What is told of a network of this layer alone."""
    case = drawn(np.random.default_rng(4))
    student = SimpleNamespace(network=[layer], has=lambda name: False)
    answer = scores(student, **vars(case))
    assert not of_scores(case)(answer)
    return LEARNED.relation(answer, case)


@pytest.mark.parametrize("how", ["standardised pixel by pixel", "between 0 and 255"])
def test_images_prepared_in_another_way_are_told(how):
    """Trained on those, a network reads them and not the pixels as they are."""
    assert f"of images {how} 100 %; was it trained on such?" in said(Nearest(PREPARED[how]))


def test_a_network_may_refuse_other_numbers():
    """Such images are asked for to find a hint, and cost nothing."""
    layer = Nearest(lambda X: X, most=1.1)
    layer.known, layer.labels = layer.known[HELD_OUT:], layer.labels[HELD_OUT:]
    assert said(layer) is True


def test_those_held_out_are_read_better_than_those_to_learn_from():
    """Where it learned from what is held out, and from nothing else."""
    layer = Nearest(lambda X: X)
    layer.known, layer.labels = layer.known[:HELD_OUT], layer.labels[:HELD_OUT]
    assert "it was trained on what is held out" in said(layer)


def test_those_held_out_are_read_as_surely_as_those_to_learn_from():
    """Where it learned from all of them, whatever the last layer gives."""
    told = "the held-out digits are all read, and as surely as the images to learn from"
    assert told in said(Nearest(lambda X: X))
    assert told in said(Scores(doubt=1.0)) and told in said(Scores(doubt=1.0, last=softmax))
    assert said(Scores(doubt=0.7)) is True and said(Scores(doubt=0.7, last=softmax)) is True
    assert said(Scores(doubt=1.0, last=lambda scores: np.where(scores > 0, np.inf, scores))) is True


def test_scores_that_are_nan_are_told():
    told = said(Scores(doubt=1.0, last=lambda scores: np.nan * scores))
    assert told.endswith("its scores are nan: a loss that is not finite on the way spoils all weights")


def softmax(scores):
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)


class Scores:
    """Reads all images, and is sure of each as chance will have it; of those held out `doubt` times as much."""

    def __init__(self, doubt, last=lambda scores: scores):
        self.doubt, self.last, self.nearest = doubt, last, Nearest(lambda X: X)

    def forward(self, X):
        sure = np.random.default_rng(5).uniform(1, 10, size=(len(X), 1))
        sure[:HELD_OUT] *= self.doubt
        return self.last(sure * self.nearest.forward(X))


def test_a_network_for_other_data_has_no_mark():
    """MNIST is taken on request: that is nothing wrong, and nothing waits for it."""
    student = SimpleNamespace(DATASET="mnist", network=[], has=lambda name: name == "DATASET")
    with pytest.raises(NoMark, match='DATASET = "digits"'):
        scores(student, **vars(drawn(np.random.default_rng(4))))

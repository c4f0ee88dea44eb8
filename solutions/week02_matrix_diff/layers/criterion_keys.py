"""Keys of the losses: MSECriterion and NLLCriterion."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import layers_questions as asked

from . import course_functions
from .activation_keys import EARLIER

BY_ALL = Named("averaged_over_features", "averaged over the features as well; they are summed")
SUMMED = Named("summed_over_batch", "the batch is averaged, not summed")


def with_earlier(draw, rng):
    """A case and, beside it, an earlier batch."""
    earlier = draw(rng)
    return Case(**vars(draw(rng)), other=earlier.x, others_target=earlier.target)


def pair(rng):
    """x and target [5, 3]."""
    x, target = rng.normal(size=(2, 5, 3))
    return Case(x=x, target=target)


def mse_slips(x, t):
    """What forward gives after a mistake."""
    total = np.sum((x - t) ** 2)
    return {
        BY_ALL: total / 15,
        SUMMED: total,
        "averaged over the features and summed over the batch: it is the other way round": total / 3,
        "there is no 1/2 in this loss": total / 10,
        "the square is missing": np.abs(x - t).sum() / 5,
        "the root of it": np.sqrt(total / 5),
        "the length of each difference is taken, not its square": np.linalg.norm(x - t, axis=1).mean(),
    }


@key(asked.mse_forward)
class _:
    others = course_functions.losses
    draw = pair

    def right(case):
        x, t = case.x, case.target
        mistakes = {**mse_slips(x, t), "a loss for each sample; average them": np.sum((x - t) ** 2, axis=1)}
        return Right(np.sum((x - t) ** 2) / len(x), "MSECriterion.forward", mistakes)


@key(asked.mse_backward)
class _:
    others = course_functions.slopes

    def draw(rng):
        return with_earlier(pair, rng)

    def right(case):
        x, t = case.x, case.target
        mistakes = {
            "the 2 of the square is missing": (x - t) / 5,
            SUMMED: 2 * (x - t),
            SUMMED + ", and the 2 is missing": x - t,
            BY_ALL: 2 * (x - t) / 15,
            "the sign: it is x minus target": 2 * (t - x) / 5,
            "this is the square; its derivative is asked for": (x - t) ** 2 / 5,
            EARLIER: 2 * (case.other - case.others_target) / 5,
        }
        return Right(2 * (x - t) / len(x), "MSECriterion.backward", mistakes, scales={"batch_size": 5, "features": 3})


@key(asked.mse_manners)
class _:
    draw = pair

    def right(case):
        x, t = case.x, case.target
        return Right(np.sum((x - t) ** 2) / 5, "MSECriterion.forward", also=list(mse_slips(x, t).values()))


def log_probabilities(rng):
    """[6, 4]."""
    x = rng.normal(size=(6, 4))
    return x - np.log(np.exp(x).sum(axis=1, keepdims=True))


def without_last_class(rng):
    """Log-probabilities [6, 4] and labels [6], none of which is the last class."""
    return Case(x=log_probabilities(rng), target=rng.permutation(np.array([0, 1, 2, 2, 1, 0])))


def with_last_class(rng):
    """Log-probabilities [6, 4] and labels [6], two of which are the last class."""
    return Case(x=log_probabilities(rng), target=rng.permutation(np.array([0, 1, 2, 3, 3, 1])))


def nll_slips(x, y):
    """What forward gives after a mistake."""
    chosen = x[np.arange(len(x)), y]
    return {
        "the sign: a negative log-likelihood is positive": chosen.mean(),
        SUMMED: -chosen.sum(),
        "divided by classes as well": -chosen.mean() / 4,
        "the logarithm is taken again; x holds log-probabilities already": -np.log(np.abs(chosen)).mean(),
        "the probabilities, not their logarithms": -np.exp(chosen).mean(),
        "rows and labels are not paired: x[:, y] takes the labels of all for each row": -x[:, y].mean(),
        "all classes are counted; only the right one is": -x.mean(),
    }


@key(asked.nll_forward)
class _:
    draw = without_last_class

    def right(case):
        x, y = case.x, case.target
        scales = {"batch_size": 6, "classes": 4}
        return Right(-x[np.arange(len(x)), y].mean(), "NLLCriterion.forward", nll_slips(x, y), scales=scales)


@key(asked.nll_backward)
class _:
    def draw(rng):
        return with_earlier(without_last_class, rng)

    def right(case):
        x, one_hot = case.x, np.eye(4)[case.target]
        mistakes = {
            "the sign": one_hot / 6,
            SUMMED: -one_hot,
            SUMMED + ", and the sign": one_hot,
            "divided by the classes as well": -one_hot / 24,
            "this is the gradient through the softmax as well; here x holds log-probabilities": (np.exp(x) - one_hot)
            / 6,
            "the derivative of a logarithm is there once too often; x is one already": -one_hot / x / 6,
            "a gradient for the right classes only; it has the shape of x": -np.ones(6) / 6,
            "rows and labels are not paired: whole columns are set": np.where(
                one_hot.any(axis=0), -1 / 6, np.zeros((6, 4))
            ),
            "multiplied by x; the loss is linear in x": -one_hot * x / 6,
            EARLIER: -np.eye(4)[case.others_target] / 6,
            "the labels of an earlier call are still in it: begin with zeros at every call": -np.maximum(
                one_hot, np.eye(4)[case.others_target]
            )
            / 6,
        }
        return Right(-one_hot / len(x), "NLLCriterion.backward", mistakes, scales={"batch_size": 6, "classes": 4})


@key(asked.nll_manners)
class _:
    draw = with_last_class

    def right(case):
        x, y = case.x, case.target
        return Right(-x[np.arange(6), y].mean(), "NLLCriterion.forward", also=list(nll_slips(x, y).values()))

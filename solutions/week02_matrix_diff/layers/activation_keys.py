"""Keys of the layers without parameters: SoftMax, LogSoftMax, ELU, SoftPlus."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week02_matrix_diff import layers_questions as asked

from . import course_functions

FAR = 1e3
NO_CHAIN = Named("chain_rule", "grad_output is left out (chain rule)")
BY_COLUMN = Named("wrong_axis", "along the wrong axis: each row is a sample")
EARLIER = "worked from the x of an earlier forward; the last one counts"
ROWS_FAR = np.array([[FAR, FAR, 0.0, -FAR], [-FAR, -FAR, -FAR, -FAR], [0.0, FAR, 300.0, 710.0]])


def softmax(x, axis=1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def only_x(rng):
    """x [5, 4]."""
    return Case(x=rng.normal(size=(5, 4)))


def batch(rng):
    """x and grad_output [5, 4]."""
    x, G = rng.normal(size=(2, 5, 4))
    return Case(x=x, G=G)


def batches(rng):
    """x, grad_output and an earlier x, [5, 4]."""
    x, G, other = rng.normal(size=(3, 5, 4))
    return Case(x=x, G=G, other=other)


def rows_far_out(rng):
    """Inputs as large as 1e3, far apart within rows and between them, and grad_output."""
    return Case(x=ROWS_FAR.copy(), G=rng.normal(size=(3, 4)))


def right_far_out(output, grad, name, also=(), slips=None):
    """Both parts, to an absolute tolerance. also: gradients by slips that another test judges; slips: of forward."""
    parts = (("forward", output, (), slips), ("backward", grad, also, None))
    return [
        Right(value, f"{name}.{method}, inputs of 1e3", named or {}, atol=1e-9, also=others)
        for method, value, others, named in parts
    ]


def manners(output, slips, name):
    """What forward gives on the way; its slips are judged by another test."""
    return Right(output, f"{name}.forward", also=list(slips.values()))


# SoftMax


def softmax_slips(x):
    """What forward gives after a mistake."""
    e = np.exp(x)
    shifted = e - e.max(axis=1, keepdims=True)  # public
    return {
        BY_COLUMN: softmax(x, axis=0),
        "divided by the sum of everything; each row has its own": e / e.sum(),
        "not divided by the sum": e,
        "this is the sigmoid, entry by entry": 1 / (1 + 1 / e),
        "the maximum is taken away from the exponentials, not from x": shifted / shifted.sum(axis=1, keepdims=True),
    }


def softmax_gradient(x, G):
    p = softmax(x)
    return p * (G - np.sum(G * p, axis=1, keepdims=True))


@key(asked.softmax_forward)
class _:
    others = course_functions.outputs
    draw = only_x

    def right(case):
        return Right(softmax(case.x), "SoftMax.forward", softmax_slips(case.x))


@key(asked.softmax_backward)
class _:
    others = course_functions.gradients
    draw = batches

    def right(case):
        p, G = softmax(case.x), case.G
        mistakes = {
            "only the diagonal of the Jacobian: the other outputs of the row change, too": G * p * (1 - p),
            "only the diagonal, and not all of it": G * p,
            NO_CHAIN: p * (1 - p),
            "the sum is taken over the whole batch; rows are apart": p * (G - np.sum(G * p)),
            BY_COLUMN: p * (G - np.sum(G * p, axis=0, keepdims=True)),
            "x itself in place of the probabilities: p is the softmax of x": case.x
            * (G - np.sum(G * case.x, axis=1, keepdims=True)),
            "this is the gradient of the logarithm of it": G - p * G.sum(axis=1, keepdims=True),
            "the sum of grad_output alone; it is weighted by the probabilities": p * (G - G.sum(axis=1, keepdims=True)),
            "the mean of grad_output in place of its mean under the probabilities": p
            * (G - G.mean(axis=1, keepdims=True)),
            "the mean of grad_output times p is taken over the classes; it is to be their sum": p
            * (G - np.mean(G * p, axis=1, keepdims=True)),
            EARLIER: softmax_gradient(case.other, G),
        }
        return Right(softmax_gradient(case.x, G), "SoftMax.backward", mistakes)


@key(asked.softmax_far_out)
class _:
    draw = rows_far_out

    def right(case):
        return right_far_out(softmax(case.x), softmax_gradient(case.x, case.G), "SoftMax")


@key(asked.softmax_manners)
class _:
    draw = batch

    def right(case):
        x = case.x
        e = np.exp(x - x.max(axis=1, keepdims=True))
        return manners(softmax(x), {**softmax_slips(x), "of all, after shifting by rows": e / e.sum()}, "SoftMax")


# LogSoftMax


def logsoftmax_slips(x):
    """What forward gives after a mistake."""
    right = np.log(softmax(x))
    return {
        BY_COLUMN: np.log(softmax(x, axis=0)),
        "the sign: a log-probability is negative": -right,
        "these are the probabilities; their logarithm is asked for": softmax(x),
        "the sum of the whole batch; each row has its own": x - np.log(np.exp(x).sum()),
        "the maximum is taken away once too often": right - x.max(axis=1, keepdims=True),
        "the maximum that was taken away has to come back in the sum": x
        - np.log(np.exp(x - x.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)),
    }


def logsoftmax_gradient(x, G):
    return G - softmax(x) * G.sum(axis=1, keepdims=True)


@key(asked.logsoftmax_forward)
class _:
    others = course_functions.outputs
    draw = only_x

    def right(case):
        return Right(np.log(softmax(case.x)), "LogSoftMax.forward", logsoftmax_slips(case.x))


@key(asked.logsoftmax_backward)
class _:
    others = course_functions.gradients
    draw = batches

    def right(case):
        p, G = softmax(case.x), case.G
        mistakes = {
            "the softmax is to be multiplied by the sum of the row of grad_output": G - p,
            "only the diagonal of the Jacobian: the other outputs of the row change, too": G * (1 - p),
            NO_CHAIN: 1 - p,
            "the sum is weighted by the probabilities; here it is plain": G - p * np.sum(G * p, axis=1, keepdims=True),
            "this is the gradient of the softmax": p * (G - np.sum(G * p, axis=1, keepdims=True)),
            "the sum is taken over the whole batch; rows are apart": G - p * G.sum(),
            BY_COLUMN: G - p * G.sum(axis=0, keepdims=True),
            "the logarithm of the softmax is used in place of the softmax": G
            - np.log(p) * G.sum(axis=1, keepdims=True),
            EARLIER: logsoftmax_gradient(case.other, G),
        }
        return Right(logsoftmax_gradient(case.x, G), "LogSoftMax.backward", mistakes)


@key(asked.logsoftmax_far_out)
class _:
    draw = rows_far_out

    def right(case):
        x = case.x
        shifted = x - x.max(axis=1, keepdims=True)  # public
        output = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # public
        return right_far_out(output, logsoftmax_gradient(x, case.G), "LogSoftMax")


@key(asked.logsoftmax_manners)
class _:
    draw = batch

    def right(case):
        return manners(np.log(softmax(case.x)), logsoftmax_slips(case.x), "LogSoftMax")


# ELU


def away_from_zero(rng):
    """x [5, 4] of both signs, for 0 has two slopes."""
    return rng.uniform(0.2, 2, size=(5, 4)) * rng.choice([-1, 1], size=(5, 4))


def an_alpha(rng):
    return float(rng.uniform(1.4, 2.2))


def elu(x, alpha):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1))


def elu_slope(x, alpha):
    return np.where(x > 0, 1, alpha * np.exp(x))


def elu_slips(x, alpha):
    """What forward gives after a mistake."""
    return {
        "alpha is not used; or it is that of another ELU: keep it on `self`": elu(x, 1),
        "zero on the negative side: that is the ReLU": np.maximum(x, 0),
        "the -1 is missing": np.where(x > 0, x, alpha * np.exp(x)),
        "alpha multiplies the exponential alone; it stands before the bracket": np.where(
            x > 0, x, alpha * np.exp(x) - 1
        ),
        "a straight line on the negative side: that is the leaky ReLU": np.where(x > 0, x, alpha * x),
        "the sides are swapped": np.where(x <= 0, x, alpha * (np.exp(x) - 1)),
    }


def slips_with_alpha_1(x):
    """Without x itself, which is no answer."""
    return {name: slip for name, slip in elu_slips(x, 1).items() if not np.array_equal(slip, x)}


@key(asked.elu_forward)
class _:
    def others(case):
        return {name: [output, output] for name, output in course_functions.outputs(case).items()}

    def draw(rng):
        return Case(x=away_from_zero(rng), alpha=an_alpha(rng))

    def right(case):
        what = f"ELU.forward, alpha {case.alpha:.4g}"
        by_either = Right(elu(case.x, case.alpha), what, elu_slips(case.x, case.alpha))
        return [by_either, by_either]


@key(asked.elu_default)
class _:
    others = course_functions.outputs

    def draw(rng):
        return Case(x=away_from_zero(rng))

    def right(case):
        # No slip is accepted: with 0 for the default of alpha ELU() is the ReLU.
        return Right(elu(case.x, 1), "ELU().forward")


@key(asked.elu_backward)
class _:
    others = course_functions.gradients

    def draw(rng):
        x, other = away_from_zero(rng), away_from_zero(rng)
        return Case(x=x, G=rng.normal(size=(5, 4)), other=other, alpha=an_alpha(rng))

    def right(case):
        x, G, alpha = case.x, case.G, case.alpha
        mistakes = {
            "alpha is not used in the slope": G * elu_slope(x, 1),
            NO_CHAIN: elu_slope(x, alpha),
            "nothing passes on the negative side: that is the ReLU": G * (x > 0),
            "the slope of alpha (exp(x) - 1) has no -1 any more": G * np.where(x > 0, 1, alpha * (np.exp(x) - 1)),
            "multiplied by the value in place of the slope": G * elu(x, alpha),
            "the sign of grad_output decides; what counts is that of x": G * np.where(G > 0, 1, alpha * np.exp(x)),
            "on the positive side the slope is 1, not x": G * np.where(x > 0, x, alpha * np.exp(x)),
            "on the negative side grad_output is left out": np.where(x > 0, G, alpha * np.exp(x)),
            "the value plus 1 is the slope where alpha is 1 alone; it is the value plus alpha": G
            * np.where(x > 0, 1, elu(x, alpha) + 1),
            EARLIER: G * elu_slope(case.other, alpha),
        }
        return Right(G * elu_slope(x, alpha), f"ELU.backward, alpha {alpha:.4g}", mistakes)


@key(asked.elu_far_out)
class _:
    def draw(rng):
        # At -11 exp(x) is small and counts.
        x = np.array([[-FAR, FAR, 710.0, -710.0, -11.0, -3.0]])
        return Case(x=x, G=rng.normal(size=x.shape), alpha=an_alpha(rng))

    def right(case):
        x, alpha, negative = case.x, case.alpha, np.minimum(case.x, 0.0)
        output, slope = np.where(x > 0, x, elu(negative, alpha)), np.where(x > 0, 1.0, alpha * np.exp(negative))
        also = [case.G * (x > 0), case.G * np.exp(negative)]
        return right_far_out(output, case.G * slope, "ELU", also)


@key(asked.elu_manners)
class _:
    def draw(rng):
        return Case(x=away_from_zero(rng), G=rng.normal(size=(5, 4)))

    def right(case):
        x = case.x
        return manners(elu(x, 1), {**slips_with_alpha_1(x), "another default": elu(x, 0.1)}, "ELU")


# SoftPlus


def softplus_slips(x):
    """What forward gives after a mistake."""
    return {
        "the sign of the exponent": np.log(1 + np.exp(-x)),
        "the 1 is missing: that is x itself": x,
        "this is the ReLU": np.maximum(x, 0),
        "this is its slope, the sigmoid": 1 / (1 + np.exp(-x)),
        "the logarithm to the base 2; the natural one is meant": np.log2(1 + np.exp(x)),
    }


@key(asked.softplus_forward)
class _:
    others = course_functions.outputs
    draw = only_x

    def right(case):
        return Right(np.log(1 + np.exp(case.x)), "SoftPlus.forward", softplus_slips(case.x))


@key(asked.softplus_backward)
class _:
    others = course_functions.gradients
    draw = batches

    def right(case):
        x, G = case.x, case.G
        s = 1 / (1 + np.exp(-x))
        mistakes = {
            NO_CHAIN: s,
            "this is s (1 - s), the slope of the slope": G * s * (1 - s),
            "the sign of the exponent": G * (1 - s),
            "the inner derivative is missing (chain rule)": G * (1 - s),
            "this is the slope of the ReLU": G * (x > 0),
            "multiplied by the value in place of the slope": G * np.log(1 + np.exp(x)),
            "the sigmoid of the value; it is taken at x": G / (1 + np.exp(-np.log(1 + np.exp(x)))),
            EARLIER: G / (1 + np.exp(-case.other)),
        }
        return Right(G * s, "SoftPlus.backward", mistakes)


@key(asked.softplus_far_out)
class _:
    def draw(rng):
        # At 11 and -11 the 1 and exp(x) are small, and count.
        return Case(x=np.array([[-FAR, FAR, 710.0, -710.0, 40.0, 11.0, -11.0]]), G=rng.normal(size=(1, 7)))

    def right(case):
        x, right = case.x, np.logaddexp(0, case.x)
        slips = {
            "this is the ReLU": np.maximum(x, 0),
            "x itself is taken from too small an x on: at 11 ln(1 + exp(x)) is still more": np.where(x > 5, x, right),
            "0 is taken from too large an x down: at -11 ln(1 + exp(x)) is not 0 yet": np.where(x < -5, 0, right),
        }
        return right_far_out(right, case.G * np.exp(-np.logaddexp(0, -x)), "SoftPlus", [case.G * (x > 0)], slips)


@key(asked.softplus_manners)
class _:
    draw = batch

    def right(case):
        slips = {name: slip for name, slip in softplus_slips(case.x).items() if slip is not case.x}
        return manners(np.log(1 + np.exp(case.x)), slips, "SoftPlus")

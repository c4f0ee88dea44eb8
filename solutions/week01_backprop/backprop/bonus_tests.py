"""Hidden tests of the bonus exercises: more activations, dropout, batch normalisation, initialisation."""

import numpy as np

from grader.judge import expect, expect_that, hidden_test, prop, repeat

from .asking import (
    AVERAGED,
    CLIMBS,
    NO_RATE,
    NO_STEP,
    attributes,
    backward,
    expect_arguments_unchanged,
    expect_backward_from_its_input,
    new,
    numbers,
    same,
    warm,
)

# Dropout


def nearest(value, mistakes, tolerance):
    """The text of the mistake whose number is within ``tolerance`` of ``value``, or None."""
    return next((text for text, number in mistakes.items() if abs(value - number) < tolerance), None)


def away_from_zero(rng, shape):
    """Numbers none of which is near 0, so that an output of 0 was dropped."""
    return rng.uniform(0.5, 1.5, size=shape) * rng.choice([-1.0, 1.0], size=shape)


@hidden_test("test_dropout", points=0.05)
def dropout_starts_training(student, rng):
    """Dropout starts in training, and p = 0 drops nothing."""
    X = rng.normal(size=(6, 5))
    training = student.Dropout(0.3).training
    expect_that(isinstance(training, (bool, np.bool_)) and bool(training), "Dropout: training is not True at the start")
    expect(student.Dropout(0.0).forward(X), X, what="Dropout.forward, p = 0")


def in_training(student, p):
    return new(student, "Dropout", p, values={"training": True})


@hidden_test("test_dropout", points=0.15)
def dropout_drops_its_share(student, rng):
    """In training each element is dropped with probability p."""
    X = away_from_zero(rng, (30, 25))
    what = "Dropout, the share of elements that are dropped"
    for p in (0.3, 0.8):
        layer = in_training(student, p)
        # Many forwards: the share must come out right even if whole rows or columns go, which others judge.
        answers = repeat(layer.forward, 60, X)
        outputs = [numbers(answer, X.shape, "Dropout.forward in training") for answer in answers]
        share = float(np.mean([output == 0 for output in outputs]))
        mistakes = {"p is the probability to drop, not to keep": 1 - p, "nothing is dropped in training": 0.0}
        expect_that(abs(share - p) < 0.06, f"{what}: {nearest(share, mistakes, 0.06) or 'it is not p'}")


@hidden_test("test_dropout", points=0.2)
def dropout_scales_what_it_keeps(student, rng):
    """In training what is kept is divided by 1 - p, so that the mean stays."""
    X, p = away_from_zero(rng, (60, 50)), 0.3
    output = numbers(in_training(student, p).forward(X), X.shape, "Dropout.forward in training")
    kept = output != 0
    expect_that(bool(kept.any()), "Dropout.forward in training: everything is zero")
    expect(
        output,
        X * kept / (1 - p),
        what="Dropout.forward in training, the elements that are kept",
        mistakes={
            "what is kept is to be divided by 1 - p (inverted dropout)": X * kept,
            "divided by p in place of 1 - p": X * kept / p,
            "multiplied by 1 - p, where it is to be divided": X * kept * (1 - p),
            "the mask comes out without the input": kept / (1 - p),
        },
    )


@hidden_test("test_dropout", points=0.15)
def dropout_mask_is_fresh_for_every_element(student, rng):
    """In training each element has its own fate, drawn anew by every forward."""
    X = away_from_zero(rng, (60, 50))
    layer = in_training(student, 0.4)
    first, second = (numbers(layer.forward(X), X.shape, "Dropout.forward in training") == 0 for _ in range(2))
    expect_that(bool(first.any() and not first.all()), "Dropout.forward in training drops nothing, or everything")
    by_column = bool((first == first[0]).all() or (first.all(axis=0) | ~first.any(axis=0)).any())
    by_row = bool((first == first[:, :1]).all() or (first.all(axis=1) | ~first.any(axis=1)).any())
    expect_that(not by_column, "Dropout: whole columns are dropped; the mask has the shape of the input")
    expect_that(not by_row, "Dropout: whole rows are dropped; the mask has the shape of the input")
    expect_that(bool((first != second).any()), "Dropout: every forward uses the same mask; draw a new one each time")


@hidden_test("test_dropout", points=0.2)
def dropout_backward_reuses_the_mask(student, rng):
    """In training backward multiplies by the very mask that the last forward used."""
    X, G, p = away_from_zero(rng, (60, 50)), away_from_zero(rng, (60, 50)), 0.3
    layer = in_training(student, p)
    layer.forward(X)
    mask = numbers(layer.forward(X), X.shape, "Dropout.forward in training") / X
    expect_that(bool((mask == 0).any() and mask.any()), "Dropout.forward in training drops nothing, or everything")
    what = "Dropout.backward in training"
    grad = numbers(layer.backward(X, G), G.shape, what)
    if (grad == 0).any() and ((grad == 0) != (mask == 0)).any():
        expect_that(False, f"{what}: not the mask of the forward before it; keep that mask, draw none here")
    expect(
        grad,
        G * mask,
        what=what,
        mistakes={
            "the gradient passes where the element was dropped": G,
            "scaled, but not masked": G / (1 - p),
            "masked, but not scaled as in forward": G * (mask != 0),
            "scaled twice": G * mask / (1 - p),
            "the mask comes out without grad_output": mask,
            "multiplied by the output in place of the mask": G * X * mask,
        },
    )


@hidden_test("test_dropout", points=0.1)
def dropout_is_the_identity_otherwise(student, rng):
    """When not training, Dropout.forward gives back its input."""
    X, p = rng.normal(size=(60, 50)), 0.3
    layer = student.Dropout(p)
    warm(layer, X)
    layer.training = False
    output = layer.forward(X)
    some = isinstance(output, np.ndarray) and output.shape == X.shape and bool((output == 0).any())
    expect_that(not some, "Dropout.forward when not training: still drops; it is the identity then")
    expect(
        output,
        X,
        what="Dropout.forward when not training",
        mistakes={
            "scaled by 1 - p; inverted dropout has done its scaling in training": X * (1 - p),
            "still divided by 1 - p; it is the identity then": X / (1 - p),
        },
    )


@hidden_test("test_dropout", points=0.1)
def dropout_passes_gradients_otherwise(student, rng):
    """When not training, Dropout.backward gives back grad_output."""
    X, G, p = rng.normal(size=(60, 50)), away_from_zero(rng, (60, 50)), 0.3
    layer = student.Dropout(p)
    warm(layer, X)
    layer.training = False
    grad = backward(student, layer, X, G)
    some = isinstance(grad, np.ndarray) and grad.shape == G.shape and bool((grad == 0).any())
    expect_that(not some, "Dropout.backward when not training: still masked by the last forward in training")
    expect(
        grad,
        G,
        what="Dropout.backward when not training",
        mistakes={
            "scaled by 1 - p": G * (1 - p),
            "still divided by 1 - p": G / (1 - p),
        },
    )


@hidden_test("test_dropout", points=0.05)
def dropout_leaves_its_arguments_alone(student, rng):
    """Dropout changes neither its input nor grad_output in place."""
    X, G = rng.normal(size=(2, 60, 50))
    expect_arguments_unchanged(student, in_training(student, 0.3), X, G)


# BatchNorm: a tiny eps where its place is not the question

TINY = 1e-13
RUNNING = ("running_mean", "running_var")


class Normalising:
    """Inputs [6, 4] and parameters of a BatchNorm, and what comes of them by the formulas."""

    def __init__(self, rng):
        self.X, self.other, self.G = rng.normal(size=(3, 6, 4)) * [1, 2, 0.5, 1] + [0, 1, -2, 3]
        self.gamma, self.beta = rng.uniform(0.5, 2, size=4), rng.normal(size=4)
        self.running_mean, self.running_var = rng.normal(size=4), rng.uniform(0.5, 2, size=4)
        self.mean, self.var = self.X.mean(axis=0), self.X.var(axis=0)
        self.normalized = (self.X - self.mean) / np.sqrt(self.var)
        self.eval_normalized = (self.X - self.running_mean) / np.sqrt(self.running_var)

    def layer(self, student, training, **options):
        return new(student, "BatchNorm", 4, values=self.values(training), **{"eps": TINY, **options})

    def values(self, training):
        names = ("gamma", "beta", "running_mean", "running_var")
        return {**{name: getattr(self, name) for name in names}, "training": training}


@hidden_test("test_batchnorm", points=0.1)
def batchnorm_starts_neutral(student, rng):
    """BatchNorm starts in training, with gamma 1, beta 0, running mean 0 and running variance 1, all [units]."""
    units = int(rng.integers(3, 8))
    names = ("training", "gamma", "beta", "running_mean", "running_var")
    training, *starts = attributes(student, student.BatchNorm(units), *names)
    expect_that(
        isinstance(training, (bool, np.bool_)) and bool(training), "BatchNorm: training is not True at the start"
    )
    for name, start, wanted in zip(names[1:], starts, (1.0, 0.0, 0.0, 1.0), strict=True):
        expect(start, np.full(units, wanted), what=f"BatchNorm.{name} at the start")


@hidden_test("test_batchnorm", points=0.2)
def batchnorm_normalises_by_the_batch(student, rng):
    """In training, forward normalises each column by the batch, then scales by gamma and shifts by beta."""
    case = Normalising(rng)
    n, gamma, beta, size = case.normalized, case.gamma, case.beta, len(case.X)
    by_rows = (case.X - case.X.mean(axis=1, keepdims=True)) / case.X.std(axis=1, keepdims=True)
    overall = (case.X - case.X.mean()) / case.X.std()
    expect(
        case.layer(student, training=True).forward(case.X),
        gamma * n + beta,
        what="BatchNorm.forward in training",
        mistakes={
            "the variance is the unbiased one; divide by the batch size": gamma * n * np.sqrt(1 - 1 / size) + beta,
            "gamma and beta are left out": n,
            "beta is left out": gamma * n,
            "gamma is left out": n + beta,
            "normalised over each row; the statistics are those of each column": gamma * by_rows + beta,
            "normalised over the whole array; the statistics are those of each column": gamma * overall + beta,
            "divided by the variance; its root is asked for": gamma * n / np.sqrt(case.var) + beta,
            "the running statistics are used in training": gamma * case.eval_normalized + beta,
            "beta is added before gamma multiplies": gamma * (n + beta),
            "the mean is not subtracted": gamma * case.X / np.sqrt(case.var) + beta,
        },
    )


@hidden_test("test_batchnorm", points=0.05)
def batchnorm_eps_is_inside_the_root(student, rng):
    """The deviation is sqrt(variance + eps), and eps is 1e-5 unless given."""
    case = Normalising(rng)
    centred = case.X - case.mean

    def output(**options):
        layer = new(student, "BatchNorm", 4, values={"training": True}, **options)
        return numbers(layer.forward(case.X), case.X.shape, "BatchNorm.forward in training")

    # The student's own deviation, whichever variance it comes from: that is judged by another test.
    own = np.abs(centred / output(eps=TINY))
    for options, eps, what in (({"eps": 0.5}, 0.5, "eps = 0.5"), ({}, 1e-5, "the default eps")):
        inside = centred / np.sqrt(own**2 + eps)
        what = f"BatchNorm.forward with {what}"
        mistakes = {
            "eps is not inside the root, or there is no root": centred / (own + eps),
            "eps is left out": centred / own,
            "eps is added as a square": centred / np.sqrt(own**2 + eps**2),
        }
        expect(output(**options), inside, what=what, rtol=1e-7, mistakes=mistakes)


@hidden_test("test_batchnorm", points=0.15)
def batchnorm_moves_its_running_statistics(student, rng):
    """running <- momentum * running + (1 - momentum) * batch, in training only."""
    case = Normalising(rng)
    size = len(case.X)
    for options, momentum in (({"momentum": 0.7}, 0.7), ({}, 0.9)):
        layer = case.layer(student, training=True, **options)
        layer.forward(case.X)
        moved = attributes(student, layer, *RUNNING)
        for name, value, batch in zip(RUNNING, moved, (case.mean, case.var), strict=True):
            old = getattr(case, name)
            mistakes = {
                "momentum is on the wrong side; it multiplies what was there": (1 - momentum) * old + momentum * batch,
                "replaced by the statistics of the batch": batch,
                "not moved by a forward in training": old,
                "the factor 1 - momentum is missing": momentum * old + batch,
            }
            if name == "running_var":
                unbiased = batch * size / (size - 1)
                mistakes |= {
                    "the unbiased variance; the biased one is asked for": momentum * old + (1 - momentum) * unbiased,
                    "the deviation in place of the variance": momentum * old + (1 - momentum) * np.sqrt(batch),
                }
            wanted = momentum * old + (1 - momentum) * batch
            expect(value, wanted, what=f"BatchNorm.{name} after one forward in training", mistakes=mistakes)
    layer = case.layer(student, training=False)
    layer.forward(case.X)
    for name, value in zip(RUNNING, attributes(student, layer, *RUNNING), strict=True):
        expect_that(same(value, getattr(case, name)), f"BatchNorm.{name} moves when not training")


@hidden_test("test_batchnorm", points=0.1)
def batchnorm_uses_running_statistics_otherwise(student, rng):
    """When not training, forward normalises by the running statistics."""
    case = Normalising(rng)
    gamma, beta, n = case.gamma, case.beta, case.eval_normalized
    output = case.layer(student, training=False).forward(case.X)
    expect(
        output,
        gamma * n + beta,
        what="BatchNorm.forward when not training",
        mistakes={
            "the statistics of the batch are used; the running ones are asked for": gamma * case.normalized + beta,
            "gamma and beta are left out": n,
            "divided by the running variance; its root is asked for": gamma * n / np.sqrt(case.running_var) + beta,
        },
    )


@hidden_test("test_batchnorm", points=0.2)
def batchnorm_gradient_through_the_statistics(student, rng):
    """In training, the input gradient goes through the batch's mean and variance too."""
    case = Normalising(rng)
    deviation, n, size = np.sqrt(case.var), case.normalized, len(case.X)
    layer = case.layer(student, training=True)

    def gradient(h):
        return (h - h.mean(axis=0) - n * (h * n).mean(axis=0)) / deviation

    h = case.G * case.gamma
    unbiased = np.sqrt(1 - 1 / size)  # the biased deviation over the unbiased one
    stepped = case.gamma - 0.1 * (case.G * n).sum(axis=0)
    expect(
        backward(student, layer, case.X, case.G),
        gradient(h),
        what="BatchNorm.backward in training, the gradient of the input",
        mistakes={
            "mean and variance are treated as constants; they depend on the input too": h / deviation,
            "the part through the variance is missing": (h - h.mean(axis=0)) / deviation,
            "the part through the mean is missing": (h - n * (h * n).mean(axis=0)) / deviation,
            "gamma is left out": gradient(case.G),
            "the variance is the unbiased one": (
                (h - h.mean(axis=0) - n * (h * n).mean(axis=0) * unbiased**2) / deviation * unbiased
            ),
            "gamma is used after its step": gradient(case.G * stepped),
            "sums over the batch where means are asked for": (h - h.sum(axis=0) - n * (h * n).sum(axis=0)) / deviation,
            "the division by the deviation is missing": gradient(h) * deviation,
            "the running statistics are used in training": h / np.sqrt(case.running_var),
        },
        scales={"batch_size": size},
    )


@hidden_test("test_batchnorm", points=0.05)
def batchnorm_gradient_otherwise(student, rng):
    """When not training, the statistics are constants for the gradient."""
    case = Normalising(rng)
    layer = case.layer(student, training=False)
    warm(layer, case.X)
    layer.running_mean, layer.running_var = case.running_mean, case.running_var  # whether forward moved them or not
    h, n = case.G * case.gamma, case.normalized
    m = case.eval_normalized
    wanted = h / np.sqrt(case.running_var)
    expect(
        layer.backward(case.X, case.G),
        wanted,
        what="BatchNorm.backward when not training",
        mistakes={
            "it goes through the statistics of the batch, which play no part then": (
                (h - h.mean(axis=0) - n * (h * n).mean(axis=0)) / np.sqrt(case.var)
            ),
            "nothing goes through the statistics then: they are constants": (
                (h - h.mean(axis=0) - m * (h * m).mean(axis=0)) / np.sqrt(case.running_var)
            ),
            "divided by the deviation of the batch, not by the running one": h / np.sqrt(case.var),
            "gamma is left out": case.G / np.sqrt(case.running_var),
        },
    )
    with_eps = case.layer(student, training=False, eps=0.5)
    warm(with_eps, case.X)
    with_eps.running_mean, with_eps.running_var = case.running_mean, case.running_var
    expect(
        with_eps.backward(case.X, case.G),
        h / np.sqrt(case.running_var + 0.5),
        what="BatchNorm.backward when not training, with eps = 0.5",
        mistakes={
            "eps is not inside the root": h / (np.sqrt(case.running_var) + 0.5),
            "eps is left out": wanted,
        },
    )


@hidden_test("test_batchnorm", points=0.1)
def batchnorm_takes_one_step(student, rng):
    """In training, backward takes one SGD step on gamma and beta, gradients summed over the batch."""
    case = Normalising(rng)
    gradients = {"gamma": case.G * case.normalized, "beta": case.G}
    for options, rate in (({"learning_rate": 0.03}, 0.03), ({}, 0.1)):
        layer = case.layer(student, training=True, **options)
        _, *stepped = backward(student, layer, case.X, case.G, *gradients)
        for (name, rows), found in zip(gradients.items(), stepped, strict=True):
            old, step = getattr(case, name), rows.sum(axis=0)
            mistakes = {
                NO_STEP: old,
                AVERAGED: old - rate * step / len(case.X),
                CLIMBS: old + rate * step,
                NO_RATE: old - step,
            }
            if name == "gamma":
                mistakes |= {
                    "the gradient is taken with the input; it is grad_output times the normalised input": old
                    - rate * (case.G * case.X).sum(axis=0),
                    "the gradient is taken with the output; it is grad_output times the normalised input": old
                    - rate * (case.G * (case.gamma * case.normalized + case.beta)).sum(axis=0),
                    "the variance is the unbiased one": old - rate * step * np.sqrt(1 - 1 / len(case.X)),
                    "the step of beta is taken": old - rate * case.G.sum(axis=0),
                }
            expect(found, old - rate * step, what=f"BatchNorm.{name} after backward", mistakes=mistakes)


@hidden_test("test_batchnorm", points=0.05)
def batchnorm_backward_uses_its_input(student, rng):
    """BatchNorm.backward is right for the input it is given, and no argument is changed in place."""
    case = Normalising(rng)

    layer = ("BatchNorm", (4,), {"eps": TINY}, case.values(training=True))
    expect_backward_from_its_input(student, layer, case.X, case.other, case.G, parameters=("gamma", "beta"))
    expect_arguments_unchanged(student, case.layer(student, training=True), case.X, case.G)


# Initialisation: 300 x 200 weights, so that a sample's standard deviation is within 0.5 % of the true one; 150 x 100 do
# where the mean or the shape of the distribution is the question


@prop
def dice(seed):
    """A random generator."""
    return np.random.default_rng(seed)


INPUTS, OUTPUTS = 300, 200
FEWER = (INPUTS // 2, OUTPUTS // 2)


def initial_weights(student, rng, name, units=(INPUTS, OUTPUTS)):
    generator = student.prop(dice)(int(rng.integers(2**31)))
    return numbers(getattr(student, name)(*units, generator), units, name)


def expect_centred(W, what):
    expect_that(bool(W.std() > 0), f"{what}: all weights are equal")
    expect_that(bool(abs(W.mean()) < 6 * W.std() / np.sqrt(W.size)), f"{what}: the mean is not zero")


def expect_deviation(W, wanted, what, mistakes):
    expect(float(W.std()), wanted, what=f"{what}, the standard deviation", rtol=0.03, atol=0.0, mistakes=mistakes)


def flatness(W):
    """The kurtosis: 3 for a normal distribution, 1.8 for a uniform one."""
    squares = (W - W.mean()) ** 2
    return (squares**2).mean() / squares.mean() ** 2


@hidden_test("test_better_init", points=0.05)
def he_weights_are_zero_on_average(student, rng):
    """he_init gives weights [in, out] that are zero on average."""
    expect_centred(initial_weights(student, rng, "he_init", FEWER), "he_init")


@hidden_test("test_better_init", points=0.15)
def he_deviation(student, rng):
    """he_init has the variance of He et al."""
    W = initial_weights(student, rng, "he_init")
    expect_deviation(
        W,
        np.sqrt(2 / INPUTS),
        "he_init",
        {
            "the outputs are counted; He counts the inputs": np.sqrt(2 / OUTPUTS),
            "2 / input_units is the variance; the deviation is its root": 2 / INPUTS,
            "1 / input_units: the factor 2 for the half that a ReLU zeroes is missing": np.sqrt(1 / INPUTS),
            "inputs and outputs are both counted: that is Glorot's": np.sqrt(2 / (INPUTS + OUTPUTS)),
            "not scaled at all": 1.0,
        },
    )


@hidden_test("test_better_init", points=0.05)
def he_is_normal(student, rng):
    """he_init draws from a normal distribution."""
    shape = flatness(initial_weights(student, rng, "he_init", FEWER))
    expect_that(not 1.7 < shape < 1.9, "he_init: uniform; a normal distribution is asked for")
    expect_that(bool(2.7 < shape < 3.3), "he_init: not a normal distribution")


@hidden_test("test_better_init", points=0.05)
def xavier_weights_are_zero_on_average(student, rng):
    """xavier_init gives weights [in, out] that are zero on average."""
    expect_centred(initial_weights(student, rng, "xavier_init", FEWER), "xavier_init")


@hidden_test("test_better_init", points=0.15)
def xavier_deviation(student, rng):
    """xavier_init has the variance of Glorot and Bengio."""
    W = initial_weights(student, rng, "xavier_init")
    both = INPUTS + OUTPUTS
    expect_deviation(
        W,
        np.sqrt(2 / both),
        "xavier_init",
        {
            "the bound of the interval is sqrt(6 / (in + out)); that root of 2 is the deviation": np.sqrt(2 / both / 3),
            "the bound of the interval is the root of 6 / (in + out)": 6 / both / np.sqrt(3),
            "the inputs alone are counted; Glorot counts inputs and outputs": np.sqrt(2 / INPUTS),
            "the inputs alone are counted, 1 / in; Glorot counts inputs and outputs": np.sqrt(1 / INPUTS),
            "half the interval is missing: it goes from -a to a": np.sqrt(2 / both) / 2,
            "the deviation is too large by the root of 3: the 6 belongs to the bound of a uniform": np.sqrt(6 / both),
        },
    )


@hidden_test("test_better_init", points=0.05)
def xavier_is_uniform(student, rng):
    """xavier_init draws from a uniform distribution."""
    shape = flatness(initial_weights(student, rng, "xavier_init", FEWER))
    expect_that(not 2.7 < shape < 3.3, "xavier_init: normal; a uniform distribution is asked for")
    expect_that(bool(1.7 < shape < 1.9), "xavier_init: not a uniform distribution")

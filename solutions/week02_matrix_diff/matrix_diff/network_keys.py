"""Keys of a network by differentials: a sigmoid layer, softmax with cross-entropy, and two layers."""

import numpy as np

from grader.checks.diagnosis.named import Named
from grader.judge.authoring.slopes import with_another_slope
from week02_matrix_diff import matrix_diff_questions as asked

from .asking import TRANSPOSED, Derivative, alone, values

NOT_DIVIDED = Named("not_averaged", "the loss is a mean: the division by the number of samples is missing")
TWICE_DIVIDED = "divided twice by the number of samples: the gradient of the loss has the mean in it"
NO_SLOPE = Named("no_slope", "the slope of the activation is missing: dZ is multiplied by it, entry by entry")
SIGN = "the sign: the loss falls where the logit of the right class rises"
OVERFLOWS = "nan: inf / inf or 0 / 0; no exponential may be larger than 1, nor all of a row be 0"


def sigmoid(Z):
    tail = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1.0, tail) / (1.0 + tail)


def hump(Z):
    """The slope of the sigmoid."""
    tail = np.exp(-np.abs(Z))
    return tail / (1.0 + tail) ** 2


# A sigmoid layer


def layer(rng, n=5, d=3, k=2):
    """X [n, d], W [d, k], G [n, k]."""
    return rng.normal(size=(n, d)), rng.normal(size=(d, k)), rng.normal(size=(n, k))


def small_layer(rng):
    return layer(rng, 3, 2, 3)


def far_layer(rng):
    """Entries of XW of up to 990 in size and of both signs, and as many rows where they are near 0."""
    far = rng.permuted([[990, -rng.uniform(100, 900)], [-990, rng.uniform(100, 900)]], axis=1)
    Z = np.vstack([far, rng.uniform(-2, 2, size=(2, 2))])
    W = np.linalg.qr(rng.normal(size=(3, 2)))[0] * rng.uniform(1, 2, size=2)
    return Z @ np.linalg.pinv(W), W, rng.normal(size=Z.shape)


def far_rows_large(G):
    """Where the sigmoid is flat: <G, ...> is large, and its gradient as it was."""
    return G * np.repeat([1e10, 1.0], 2)[:, None]


def layer_slips(X, W, G):
    Z = X @ W
    s = sigmoid(Z)
    return {
        NO_SLOPE: X.T @ G,
        "the sigmoid stands where its slope belongs": X.T @ (G * s),
        "a factor of the slope is missing": X.T @ (G * (1 - s)),
        "the slope is taken at s(XW); it belongs at XW": X.T @ (G * hump(s)),
        "this is the slope of tanh, not of the sigmoid": X.T @ (G * (1 - s**2)),
        "G is left out": X.T @ hump(Z),
        "averaged over the rows; <G, ...> is a sum": X.T @ (G * hump(Z)) / len(X),
        TRANSPOSED: (G * hump(Z)).T @ X,
        "this is the gradient with respect to X": (G * hump(Z)) @ W.T,
        "the gradient with respect to XW: the step from XW to W is missing": G * hump(Z),
        OVERFLOWS: np.full(W.shape, np.nan),
    }


def other_slopes(X, W, G):
    Z = X @ W
    return with_another_slope(lambda slope: X.T @ (G * slope), **{"XW": Z, "s(XW)": sigmoid(Z)})


sigmoid_layer = Derivative(
    "d_sigmoid_layer(X, W, G)", lambda X, W, G: X.T @ (G * hump(X @ W)), layer_slips, others=other_slopes
)
values(asked.gradient_of_sigmoid_layer, sigmoid_layer, layer, public=small_layer)
values(asked.gradient_of_sigmoid_layer_far_out, sigmoid_layer, far_layer, ", XW large", scales={2: far_rows_large})
alone(asked.sigmoid_layer_manners, lambda rng: [small_layer(rng)], sigmoid_layer)


# Softmax with cross-entropy


def one_hot(rng, n, classes):
    """Y [n, classes]: every class occurs if there are as many rows."""
    return np.eye(classes)[rng.permutation(np.arange(n) % classes)]


def logits(rng, n=5, classes=3):
    """Z, Y [n, classes]."""
    return 1.5 * rng.normal(size=(n, classes)), one_hot(rng, n, classes)


def small_logits(rng):
    return logits(rng, 2, 3)


def far_logits(rng):
    """Far apart on the right and on the wrong side; and near each other, all far up or all far down.

    Eighths, so that single precision has them exactly.
    """
    near = rng.permuted(np.array([[0, 5, 12], [3, 0, 9]]) / 8, axis=1)
    far = rng.permuted([[990.0, -990, 3], [-40, 720, -350]], axis=1)
    Z = np.vstack([far, far, 998 + near[:1], near[1:] - 1000])
    Y = np.zeros(Z.shape)
    Y[np.arange(6), [*far.argmax(axis=1), *far.argmin(axis=1), rng.integers(3), rng.integers(3)]] = 1
    return Z, Y


def shares(Z, axis=1):
    raised = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return raised / raised.sum(axis=axis, keepdims=True)


def by_logits(Z, Y):
    return (shares(Z) - Y) / len(Z)


def logits_slips(Z, Y):
    P, n = shares(Z), len(Z)
    return {
        NOT_DIVIDED: P - Y,
        "averaged over all entries; the loss is a mean over the samples": (P - Y) / Z.size,
        SIGN: (Y - P) / n,
        "the labels are left out": P / n,
        "the logarithm of the sum is left out: it changes with every logit of the row": -Y / n,
        "with respect to the probabilities; the logits are asked for": -Y / np.maximum(P, 1e-300) / n,
        "only the logit of the right class: the others are in the sum, too": Y * (P - 1) / n,
        "softmax along the wrong axis: a sample is a row": (shares(Z, axis=0) - Y) / n,
        "one softmax over all entries: every row has its own": (shares(Z, axis=None) - Y) / n,
        "a sigmoid in place of the softmax": (sigmoid(Z) - Y) / n,
        "the value of the loss; a gradient has the shape of Z": -np.sum(Y * np.log(np.maximum(P, 1e-300))) / n,
        OVERFLOWS: np.full(Z.shape, np.nan),
    }


def other_losses(Z, Y):
    """Gradients of other losses of a classification, and of this one with respect to something else."""
    P, s, n = shares(Z), sigmoid(Z), len(Z)
    squared = 2 * (P - Y) / n
    return {
        "the gradient of the mean cross-entropy with respect to the probabilities": -Y / P / n,
        "the gradient of the squared error of the probabilities with respect to them": squared,
        "the gradient of the squared error of the probabilities": P * (squared - np.sum(P * squared, axis=1)[:, None]),
        "the gradient of the squared error of the logits": 2 * (Z - Y) / n,
        "the gradient of the binary cross-entropy of each logit": (s - Y) / n,
        "the gradient of the mean log-softmax of all classes": (1 / Z.shape[1] - P) / n,
    }


cross_entropy = Derivative("d_softmax_cross_entropy(Z, Y)", by_logits, logits_slips, others=other_losses)
values(asked.gradient_of_cross_entropy, cross_entropy, logits, public=small_logits)
values(asked.gradient_of_cross_entropy_far_out, cross_entropy, far_logits, ", logits large")
alone(asked.softmax_cross_entropy_manners, lambda rng: [small_logits(rng)], cross_entropy)


# Two layers


def network(rng, n=6, m=4, h=5, c=3):
    """X [n, m], Y [n, c], W1 [m, h], W2 [h, c]."""
    return rng.normal(size=(n, m)), one_hot(rng, n, c), rng.normal(size=(m, h)) / 2, rng.normal(size=(h, c))


def small_network(rng):
    """All sizes differ: the gradients in the wrong order are not the transposed ones."""
    return network(rng, 5, 2, 4, 3)


def far_network(rng):
    """Logits of up to 990, the two largest of a row far from each other, and not every sample read rightly."""
    while True:
        X, Y, W1, W2 = small_network(rng)
        Z = np.tanh(X @ W1) @ W2
        W2, Z = 990 / np.max(Z) * W2, 990 / np.max(Z) * Z
        best = np.sort(Z, axis=1)
        apart, wrong = (best[:, -1] - best[:, -2]).min(), 1 - Y[np.arange(len(Y)), Z.argmax(axis=1)]
        if np.min(Z) >= -990 and apart > 40 and wrong.any():
            return X, Y, W1, W2


def backwards(X, Y, W1, W2):
    """What is beside dH, and H [n, h]; what is beside the differential of the logits."""
    H = np.tanh(X @ W1)
    G = by_logits(H @ W2, Y)
    return H, G, G @ W2.T


def first(X, Y, W1, W2):
    H, _, back = backwards(X, Y, W1, W2)
    return X.T @ (back * (1 - H**2))


def second(X, Y, W1, W2):
    H, G, _ = backwards(X, Y, W1, W2)
    return H.T @ G


def first_slips(X, Y, W1, W2):
    H, G, back = backwards(X, Y, W1, W2)
    right = X.T @ (back * (1 - H**2))
    return {
        NO_SLOPE: X.T @ back,
        "the slope of tanh is taken at tanh(XW1); it belongs at XW1": X.T @ (back * (1 - np.tanh(H) ** 2)),
        "this is the slope of the sigmoid, not of tanh": X.T @ (back * H * (1 - H)),
        "tanh stands where its slope belongs": X.T @ (back * H),
        "the square is missing in the slope of tanh": X.T @ (back * (1 - H)),
        "1 - tanh is squared; the square is that of tanh alone": X.T @ (back * (1 - H) ** 2),
        "W2 is that of after its step: both gradients are to be taken at the same weights": X.T
        @ (G @ (W2 - H.T @ G).T * (1 - H**2)),
        NOT_DIVIDED: len(X) * right,
        TWICE_DIVIDED: right / len(X),
        SIGN: -right,
        "the labels are left out": X.T @ ((shares(H @ W2) / len(X)) @ W2.T * (1 - H**2)),
        TRANSPOSED: right.T,
        "this is what stands beside d(XW1): the step to W1 is missing": back * (1 - H**2),
        OVERFLOWS: np.full(W1.shape, np.nan),
    }


def second_slips(X, Y, W1, W2):
    H, G, _ = backwards(X, Y, W1, W2)
    return {
        NOT_DIVIDED: len(X) * H.T @ G,
        TWICE_DIVIDED: H.T @ G / len(X),
        SIGN: -H.T @ G,
        "XW1 stands for what feeds the second layer, tanh(XW1)": (X @ W1).T @ G,
        "multiplied by a slope, though there is no activation after the second layer": (H * (1 - H**2)).T @ G,
        "the slope of tanh is in place of tanh: the slope belongs to W1, and W2 comes after it": (1 - H**2).T @ G,
        "the labels are left out": H.T @ shares(H @ W2) / len(X),
        TRANSPOSED: G.T @ H,
        "this is what stands beside the differential of the logits: the step to W2 is missing": G,
        OVERFLOWS: np.full(W2.shape, np.nan),
    }


def first_others(X, Y, W1, W2):
    H, _, back = backwards(X, Y, W1, W2)
    return with_another_slope(lambda slope: X.T @ (back * slope), **{"XW1": X @ W1, "tanh(XW1)": H})


by_first = Derivative("dW1 from two_layer_grads(X, Y, W1, W2)", first, first_slips, others=first_others)
by_second = Derivative("dW2 from two_layer_grads(X, Y, W1, W2)", second, second_slips)


def lent(case):
    return {"d_softmax_cross_entropy": by_logits}


for of_usual, of_far, derivative in (
    (asked.gradient_by_second_weights, asked.gradient_by_second_weights_far_out, by_second),
    (asked.gradient_by_first_weights, asked.gradient_by_first_weights_far_out, by_first),
):
    values(of_usual, derivative, network, public=small_network, scales={0: 1e-8}, lent=lent)
    values(of_far, derivative, far_network, ", logits large", lent=lent)


def after_a_slip(right, slips):
    """What a gradient is after a slip in it, or in the gradient of the loss that it may call."""

    def slipped(X, Y, W1, W2):
        H, G, _ = backwards(X, Y, W1, W2)
        found = dict(slips(X, Y, W1, W2))
        for text, wrong in logits_slips(H @ W2, Y).items():
            if np.shape(wrong) == G.shape:
                found[f"in the loss: {text}"] = right(X, H, wrong, W2)
        return found

    return slipped


alone(
    asked.two_layer_manners,
    lambda rng: 2 * [small_network(rng)],
    Derivative(by_first.call, first, after_a_slip(lambda X, H, G, W2: X.T @ (G @ W2.T * (1 - H**2)), first_slips)),
    Derivative(by_second.call, second, after_a_slip(lambda X, H, G, W2: H.T @ G, second_slips)),
    lent=lent,
)

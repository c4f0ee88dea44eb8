"""Mistakes in the network by differentials."""

from functools import partial

from grader.judge.authoring.mistakes import planted

sigmoid_layer = partial(planted, "sigmoid_layer")
SIGMOID_RIGHT = "return X.T @ (G * bell)"
SIGMOID_BELL = "bell = tail / (1 + tail) ** 2"
SIGMOID_TAIL = "tail = np.exp(-np.abs(X @ W))"
SIGMOID_LAYER = [
    sigmoid_layer("sigmoid_layer_no_slope", "forgets the slope", 0.45, "the slope of the activation is missing",
        (SIGMOID_RIGHT, "return X.T @ G")),
    sigmoid_layer("sigmoid_layer_sigmoid_itself", "multiplies by the sigmoid", 0.45, "where its slope belongs",
        (SIGMOID_BELL, "bell = 1 / (1 + np.exp(-X @ W))")),
    sigmoid_layer("sigmoid_layer_slope_at_output", "takes the slope at what the layer puts out", 0.45,
        "it belongs at XW",
        (SIGMOID_BELL, "s = 1 / (1 + np.exp(-X @ W))\n    bell = np.exp(-s) / (1 + np.exp(-s)) ** 2")),
    sigmoid_layer("sigmoid_layer_tanh", "takes the slope of tanh", 0.45, "the slope of tanh, not of the sigmoid",
        (SIGMOID_BELL, "bell = 1 - 1 / (1 + np.exp(-X @ W)) ** 2")),
    sigmoid_layer("sigmoid_layer_no_g", "leaves G out", 0.45, "G is left out", (SIGMOID_RIGHT, "return X.T @ bell")),
    sigmoid_layer("sigmoid_layer_averaged", "averages over the rows", 0.45, "is a sum",
        (SIGMOID_RIGHT, "return X.T @ (G * bell) / len(X)")),
    sigmoid_layer("sigmoid_layer_transposed", "transposes", 0.45, "transpose",
        (SIGMOID_RIGHT, "return (G * bell).T @ X")),
    sigmoid_layer("sigmoid_layer_by_x", "differentiates with respect to X", 0.45, "with respect to X",
        (SIGMOID_RIGHT, "return (G * bell) @ W.T")),
    sigmoid_layer("sigmoid_layer_overflow", "divides infinity by infinity", 0.15, "inf / inf",
        (SIGMOID_TAIL, "tail = np.exp(-X @ W)")),
    sigmoid_layer("sigmoid_layer_single", "computes in float32", 0.05, "in float64",
        (SIGMOID_TAIL, "X, W, G = (np.asarray(M, dtype=np.float32) for M in (X, W, G))\n    " + SIGMOID_TAIL)),
    sigmoid_layer("sigmoid_layer_in_place", "changes G", 0.05, "G was changed",
        (SIGMOID_RIGHT, "G *= bell\n    return X.T @ G")),
    sigmoid_layer("sigmoid_layer_by_numerical_gradient", "measures instead of deriving", 0.15,
        "where differences lose their digits",
        "def d_sigmoid_layer(X, W, G):\n"
        "    return checks.numerical_gradient(lambda W: np.sum(G * (1 + np.tanh(X @ W / 2)) / 2), W)\n"),
]

cross_entropy = partial(planted, "softmax_cross_entropy")
ENTROPY_RIGHT = "return (shares - Y) / len(Z)"
ENTROPY_SHARES = "shares = raised / raised.sum(axis=1)[:, None]"
ENTROPY_RAISED = "raised = np.exp(Z - Z.max(axis=1, keepdims=True))"
SOFTMAX_CROSS_ENTROPY = [
    cross_entropy("softmax_cross_entropy_not_divided", "forgets the mean", 0.45, "the loss is a mean",
        (ENTROPY_RIGHT, "return shares - Y")),
    cross_entropy("softmax_cross_entropy_all_entries", "averages over all entries", 0.45, "over all entries",
        (ENTROPY_RIGHT, "return (shares - Y) / Z.size")),
    cross_entropy("softmax_cross_entropy_sign", "turns the sign", 0.45, "sign",
        (ENTROPY_RIGHT, "return (Y - shares) / len(Z)")),
    cross_entropy("softmax_cross_entropy_no_labels", "leaves the labels out", 0.45, "the labels are left out",
        (ENTROPY_RIGHT, "return shares / len(Z)")),
    cross_entropy("softmax_cross_entropy_no_sum", "holds the sum constant", 0.45, "the logarithm of the sum",
        (ENTROPY_RIGHT, "return -Y / len(Z)")),
    cross_entropy("softmax_cross_entropy_by_probabilities", "differentiates with respect to the probabilities", 0.45,
        "with respect to the probabilities", (ENTROPY_RIGHT, "return -Y / shares / len(Z)")),
    cross_entropy("softmax_cross_entropy_right_class", "moves the right class only", 0.45, "only the logit",
        (ENTROPY_RIGHT, "return Y * (shares - 1) / len(Z)")),
    cross_entropy("softmax_cross_entropy_wrong_axis", "takes softmax over columns", 0.45, "along the wrong axis",
        (ENTROPY_RAISED, "raised = np.exp(Z - Z.max(axis=0))"),
        (ENTROPY_SHARES, "shares = raised / raised.sum(axis=0)")),
    cross_entropy("softmax_cross_entropy_overflow", "divides infinity by infinity", 0.15, "inf / inf",
        (ENTROPY_RAISED, "raised = np.exp(Z)")),
    cross_entropy("softmax_cross_entropy_one_maximum", "subtracts one maximum from all rows", 0.15, "0 / 0",
        (ENTROPY_RAISED, "raised = np.exp(Z - Z.max())")),
    cross_entropy("softmax_cross_entropy_in_place", "changes Z", 0.05, "Z was changed",
        (ENTROPY_RAISED, "Z -= Z.max(axis=1, keepdims=True)\n    raised = np.exp(Z)")),
    cross_entropy("softmax_cross_entropy_single", "computes in float32", 0.05, "in float64",
        (ENTROPY_RAISED, "Z, Y = Z.astype(np.float32), Y.astype(np.float32)\n    " + ENTROPY_RAISED)),
]

two_layer = partial(planted, "two_layer")
TWO_LAYER_RIGHT = "return X.T @ beside_sums, hidden.T @ beside_logits"
TWO_LAYER_SUMS = "beside_sums = beside_logits @ W2.T * (1 - hidden**2)"
TWO_LAYER_LOGITS = "beside_logits = d_softmax_cross_entropy(hidden @ W2, Y)"
TWO_LAYER = [
    two_layer("two_layer_no_slope", "forgets the slope of tanh", 0.25, "the slope of the activation is missing",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2.T")),
    two_layer("two_layer_slope_at_output", "takes the slope at what the layer puts out", 0.25, "it belongs at XW1",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2.T * (1 - np.tanh(hidden) ** 2)")),
    two_layer("two_layer_sigmoid_slope", "takes the slope of the sigmoid", 0.25,
        "the slope of the sigmoid, not of tanh",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2.T * hidden * (1 - hidden)")),
    two_layer("two_layer_tanh_itself", "multiplies by tanh", 0.25, "tanh stands where",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2.T * hidden")),
    two_layer("two_layer_square_of_all", "squares the whole slope of tanh", 0.25, "that of tanh alone",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2.T * (1 - hidden) ** 2")),
    two_layer("two_layer_after_a_step", "takes a step with W2 first", 0.25, "taken at the same weights",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ (W2 - hidden.T @ beside_logits).T * (1 - hidden**2)")),
    two_layer("two_layer_divided_twice", "divides by the number of samples twice", 0.45, "divided twice",
        (TWO_LAYER_LOGITS, "beside_logits = d_softmax_cross_entropy(hidden @ W2, Y) / len(X)")),
    two_layer("two_layer_no_activation", "feeds the second layer with XW1", 0.2, "XW1 stands for what feeds",
        (TWO_LAYER_RIGHT, "return X.T @ beside_sums, (X @ W1).T @ beside_logits")),
    two_layer("two_layer_slope_in_second", "multiplies by the slope in the second layer, too", 0.2, "by a slope",
        (TWO_LAYER_RIGHT, "return X.T @ beside_sums, (hidden * (1 - hidden**2)).T @ beside_logits")),
    two_layer("two_layer_not_divided", "takes the sum over the samples", 0.45, "the loss is a mean",
        (TWO_LAYER_LOGITS, "beside_logits = len(X) * d_softmax_cross_entropy(hidden @ W2, Y)")),
    two_layer("two_layer_sign", "turns the sign", 0.45, "sign",
        (TWO_LAYER_LOGITS, "beside_logits = -d_softmax_cross_entropy(hidden @ W2, Y)")),
    two_layer("two_layer_one_result", "returns one gradient", 0.5, "(dW1, dW2)",
        (TWO_LAYER_RIGHT, "return X.T @ beside_sums")),
    two_layer("two_layer_exchanged", "returns them in the other order", 0.5, "in place of shape (2, 4)",
        (TWO_LAYER_RIGHT, "return hidden.T @ beside_logits, X.T @ beside_sums")),
    two_layer("two_layer_w2_not_transposed", "forgets to transpose W2", 0.5, "matmul",
        (TWO_LAYER_SUMS, "beside_sums = beside_logits @ W2 * (1 - hidden**2)")),
    two_layer("two_layer_overflow", "divides infinity by infinity", 0.1, "inf / inf",
        (TWO_LAYER_LOGITS,
         "shares = np.exp(hidden @ W2)\n"
         "    beside_logits = (shares / shares.sum(axis=1, keepdims=True) - Y) / len(X)")),
    two_layer("two_layer_by_numerical_gradient", "measures instead of deriving", 0.35,
        "where differences lose their digits",
        "def two_layer_grads(X, Y, W1, W2):\n"
        "    def loss(W1, W2):\n"
        "        Z = np.tanh(X @ W1) @ W2\n"
        "        top = Z.max(axis=1)\n"
        "        return np.mean(np.log(np.exp(Z - top[:, None]).sum(axis=1)) + top - (Y * Z).sum(axis=1))\n"
        "    first = checks.numerical_gradient(lambda W: loss(W, W2), W1)\n"
        "    return first, checks.numerical_gradient(lambda W: loss(W1, W), W2)\n"),
]

NETWORK_MISTAKES = SIGMOID_LAYER + SOFTMAX_CROSS_ENTROPY + TWO_LAYER

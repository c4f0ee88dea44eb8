"""Mistakes in the model: features, probability, loss, gradient."""

from functools import partial

from grader.judge.authoring.mistakes import planted

STACK = "[x0, x1, x0**2, x1**2, x0 * x1, np.ones(len(X))]"
LOSS = "np.mean(np.logaddexp(0, logits) - y * logits)"
GRAD = "expand(X).T @ (classify(X, w) - y) / len(X)"
FROM_PROBABILITY = "p = classify(X, w)\n    return np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p))"
RAISED = FROM_PROBABILITY.replace("np.log(p)", "np.log(p + 1e-12)").replace("np.log(1 - p)", "np.log(1 - p + 1e-12)")
CLIPPED = FROM_PROBABILITY.replace("classify(X, w)", "np.clip(classify(X, w), 1e-12, 1 - 1e-12)")

expand = partial(planted, "expand")
EXPAND = [
    expand("expand_constant_first", "puts the constant column first", 0.3, "the constant column is the first",
        (STACK, "[np.ones(len(X)), x0, x1, x0**2, x1**2, x0 * x1]")),
    expand("expand_constant_zero", "fills the constant column with zeros", 0.3, "the constant column is 0",
        ("np.ones(len(X))", "np.zeros(len(X))")),
    expand("expand_no_constant", "forgets the constant column", 0.3, "constant column is missing",
        ("x0 * x1, np.ones(len(X))]", "x0 * x1]")),
    expand("expand_product_before_squares", "puts the product before the square of x1", 0.3, "the product comes before",
        (STACK, "[x0, x1, x0**2, x0 * x1, x1**2, np.ones(len(X))]")),
    expand("expand_product_doubled", "doubles the product, as in the square of a sum", 0.3, "is to enter once",
        ("x0 * x1,", "2 * x0 * x1,")),
    expand("expand_times_two", "multiplies by 2 in place of squaring", 0.3, "in place of the squares",
        (STACK, "[x0, x1, x0 * 2, x1 * 2, x0 * x1, np.ones(len(X))]")),
    expand("expand_transposed", "stacks the features as rows", 0.3, "features are the columns", ("axis=1", "axis=0")),
    expand("expand_squares_in_place", "squares the columns of the caller's array", 0.1, "changed in place", """
def expand(X):
    ones = np.ones(len(X))
    linear, product = X.copy(), X[:, 0] * X[:, 1]
    X **= 2
    return np.column_stack([linear, X, product, ones])
"""),
]

classify = partial(planted, "classify")
CLASSIFY = [
    classify("classify_other_class", "returns P(y = 0)", 0.3, "this is P(y = 0)",
        ("np.tanh(logits / 2)", "np.tanh(-logits / 2)")),
    classify("classify_logits", "returns the logits", 0.5, "these are the logits",
        ("(1 + np.tanh(logits / 2)) / 2", "logits")),
    classify("classify_labels", "returns labels in place of probabilities", 0.3, "these are labels",
        ("(1 + np.tanh(logits / 2)) / 2", "(logits > 0).astype(float)")),
    classify("classify_tanh", "takes tanh for the sigmoid", 0.3, "this is tanh",
        ("(1 + np.tanh(logits / 2)) / 2", "np.tanh(logits)")),
    classify("classify_sign_lost", "takes the sigmoid of the absolute logit", 0.5, "no probability is below 1/2",
        ("np.tanh(logits / 2)", "np.tanh(np.abs(logits) / 2)")),
    classify("classify_overflow", "divides infinity by infinity", 0.2, "exp overflows",
        ("(1 + np.tanh(logits / 2)) / 2", "np.exp(logits) / (1 + np.exp(logits))")),
    classify("classify_clipped_logits", "clips the logits far too early", 0.2, "where the logit is large",
        ("(1 + np.tanh(logits / 2)) / 2", "1 / (1 + np.exp(-np.clip(logits, -15, 15)))")),
    classify("classify_column", "returns a column", 0.3, "this is a column",
        ("(1 + np.tanh(logits / 2)) / 2", "((1 + np.tanh(logits / 2)) / 2)[:, None]")),
    classify("classify_points_only", "does not expand the points", 0.3, "not expanded",
        ("expand(X) @ w", "X @ w[:2]")),
    classify("classify_points_and_bias", "does not expand the points, but has a bias", 0.3, "x0, x1 and the constant",
        ("expand(X) @ w", "X @ w[:2] + w[5]")),
    classify("classify_no_bias", "leaves out the bias", 0.3, "constant feature is left out",
        ("expand(X) @ w", "expand(X)[:, :5] @ w[:5]")),
    classify("classify_no_product", "leaves out the product", 0.3, "x0 x1 is left out",
        ("expand(X) @ w", "np.delete(expand(X), 4, axis=1) @ np.delete(w, 4)")),
    classify("classify_no_squares", "leaves out the squares", 0.3, "squares are left out",
        ("expand(X) @ w", "np.delete(expand(X), [2, 3], axis=1) @ np.delete(w, [2, 3])")),
]

compute_loss = partial(planted, "compute_loss")
COMPUTE_LOSS = [
    compute_loss("compute_loss_summed", "sums over the batch", 0.4, "divide by the number of points",
        ("np.mean", "np.sum")),
    compute_loss("compute_loss_size", "divides by the number of entries of X", 0.3, "as with X.size",
        (LOSS, "np.sum(np.logaddexp(0, logits) - y * logits) / X.size")),
    compute_loss("compute_loss_base_two", "takes logaddexp2", 0.3, "base 2 in its powers",
        ("np.logaddexp", "np.logaddexp2")),
    compute_loss("compute_loss_negative", "forgets the minus in front of the logarithm", 0.3, "a loss is positive",
        (LOSS, "-" + LOSS)),
    compute_loss("compute_loss_labels_swapped", "swaps the classes", 0.3, "labels are swapped",
        ("- y * logits", "- (1 - y) * logits")),
    compute_loss("compute_loss_half_of_it", "leaves out the term of y = 0", 0.3, "term of y = 0 is missing",
        (LOSS, "np.mean(y * np.logaddexp(0, -logits))")),
    compute_loss("compute_loss_bits", "takes the logarithm to base 2", 0.3, "natural", (LOSS, LOSS + " / np.log(2)")),
    compute_loss("compute_loss_log_of_probability", "takes the logarithm of a rounded probability", 0.1, "not finite",
        ("return " + LOSS, FROM_PROBABILITY)),
    compute_loss("compute_loss_clipped", "clips the probability away from 0 and 1", 0.1, "clipped",
        ("return " + LOSS, CLIPPED)),
    compute_loss("compute_loss_clipped_early", "clips the probability at 1e-7", 0.1, "clipped",
        ("return " + LOSS, CLIPPED.replace("1e-12", "1e-7"))),
    compute_loss("compute_loss_raised_a_little", "adds a little to the probability before its logarithm", 0.1,
        "clipped", ("return " + LOSS, RAISED)),
    compute_loss("compute_loss_of_mean_logit", "averages the logits before the logarithm", 0.3, "averaged before",
        (LOSS, "np.logaddexp(0, np.mean(logits)) - np.mean(y) * np.mean(logits)")),
    compute_loss("compute_loss_points_only", "does not expand the points", 0.3, "not expanded",
        ("expand(X) @ w", "X @ w[:2]")),
    compute_loss("compute_loss_no_bias", "leaves out the bias", 0.3, "constant feature is left out",
        ("expand(X) @ w", "expand(X)[:, :5] @ w[:5]")),
    compute_loss("compute_loss_signs_in_place", "makes the labels -1 and 1 in place", 0.1, "changed in place", """
def compute_loss(X, y, w):
    y *= 2
    y -= 1
    return np.mean(np.logaddexp(0, -y * (expand(X) @ w)))
"""),
    compute_loss("compute_loss_squared_error", "computes the squared error", 0.4, "squared error",
        (LOSS, "np.mean((classify(X, w) - y) ** 2)")),
    compute_loss("compute_loss_per_sample", "forgets the mean", 0.5, "in place of a single number",
        (LOSS, "np.logaddexp(0, logits) - y * logits")),
]

compute_grad = partial(planted, "compute_grad")
COMPUTE_GRAD = [
    compute_grad("compute_grad_summed", "sums over the batch", 0.8, "the loss is a mean, and so is its gradient",
        (" / len(X)", "")),
    compute_grad("compute_grad_sign", "has label minus probability", 0.6, "probability minus label",
        ("classify(X, w) - y", "y - classify(X, w)")),
    compute_grad("compute_grad_mean_of_features", "divides by the number of features", 0.8, "number of features",
        ("/ len(X)", "/ 6")),
    compute_grad("compute_grad_label_forgotten", "leaves out the label", 0.6, "the label is left out",
        ("(classify(X, w) - y)", "classify(X, w)")),
    compute_grad("compute_grad_sigmoid_slope", "multiplies by the slope of the sigmoid once more", 0.6,
        "p (1 - p) too much",
        ("(classify(X, w) - y)", "((classify(X, w) - y) * classify(X, w) * (1 - classify(X, w)))")),
    compute_grad("compute_grad_rounded", "rounds the probability to a label", 0.6, "rounded to a label",
        ("classify(X, w) - y", "(classify(X, w) > 0.5) - y")),
    compute_grad("compute_grad_points_only", "multiplies by the points in place of the features", 0.6,
        "features are missing", (GRAD, "np.append(X.T @ (classify(X, w) - y) / len(X), np.zeros(4))")),
    compute_grad("compute_grad_logit_as_probability", "has the logit in place of the probability", 0.6,
        "logit stands in place", ("classify(X, w) - y", "expand(X) @ w - y")),
    compute_grad("compute_grad_no_bias", "leaves out the constant feature", 0.6, "constant feature is left out",
        (GRAD, "np.append(expand(X)[:, :5].T @ (classify(X, w) - y) / len(X), 0.0)")),
    compute_grad("compute_grad_clipped_logits", "clips the logits far too early", 0.2, "where a logit is large",
        ("classify(X, w) - y", "1 / (1 + np.exp(-np.clip(expand(X) @ w, -4, 4))) - y")),
    compute_grad("compute_grad_residual_in_place", "writes the residuals into the labels", 0.2, "changed in place", """
def compute_grad(X, y, w):
    residual, F = classify(X, w) - y, expand(X)
    y[:] = 0
    return F.T @ residual / len(X)
"""),
]

MODEL_MISTAKES = [*EXPAND, *CLASSIFY, *COMPUTE_LOSS, *COMPUTE_GRAD]

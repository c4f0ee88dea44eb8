"""Sixty mistakes of beginners, ten each for six exercises: `python -m benchmarks.feedback.beginners` says what is told.

They were made up from the texts of the notebooks alone, before the catalogue of mistakes and the rules of the diagnosis
had been read. What was told at first, whether it leads to the repair and what was changed stands in `beginners.md`.
"""

import warnings
from textwrap import dedent, indent

from benchmarks.feedback.rules import said_of

NOTEBOOKS = {
    "adam": ("week03_adaptive_sgd", "adaptive_sgd"),
    "least_squares": ("week02_matrix_diff", "matrix_diff"),
}  # the others are in week01_backprop/backprop


def _layer(name: str, **methods: str) -> str:
    return f"class {name}(Layer):\n" + "\n\n".join(indent(dedent(text).strip(), "    ") for text in methods.values())


def relu(forward="return np.maximum(0, input)", backward="return grad_output * (input > 0)") -> str:
    return _layer(
        "ReLU",
        forward="def forward(self, input):\n" + indent(dedent(forward).strip(), "    "),
        backward="def backward(self, input, grad_output):\n" + indent(dedent(backward).strip(), "    "),
    )


def dense(
    init="""
        self.weights = np.random.randn(input_units, output_units) * 0.01
        self.biases = np.zeros(output_units)
        self.learning_rate = learning_rate
    """,
    forward="return input @ self.weights + self.biases",
    backward="""
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * (input.T @ grad_output)
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_input
    """,
) -> str:
    return _layer(
        "Dense",
        init="def __init__(self, input_units, output_units, learning_rate=0.1):\n"
        + indent(dedent(init).strip(), "    "),
        forward="def forward(self, input):\n" + indent(dedent(forward).strip(), "    "),
        backward="def backward(self, input, grad_output):\n" + indent(dedent(backward).strip(), "    "),
    )


def train(body: str) -> str:
    return "def train(network, X, y):\n" + indent(dedent(body).strip(), "    ")


BATCHNORM_BACKWARD = """
    N = input.shape[0]
    if self.training:
        mean, var = input.mean(axis=0), input.var(axis=0)
    else:
        mean, var = self.running_mean, self.running_var
    std = np.sqrt(var + self.eps)
    xhat = (input - mean) / std
    g = grad_output * self.gamma
    self.gamma = self.gamma - self.learning_rate * (grad_output * xhat).sum(axis=0)
    self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
    if not self.training:
        return g / std
    return (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / std
"""


def batchnorm(
    init="""
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.training = True
    """,
    forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta
    """,
    backward=BATCHNORM_BACKWARD,
) -> str:
    return _layer(
        "BatchNorm",
        init="def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):\n"
        + indent(dedent(init).strip(), "    "),
        forward="def forward(self, input):\n" + indent(dedent(forward).strip(), "    "),
        backward="def backward(self, input, grad_output):\n" + indent(dedent(backward).strip(), "    "),
    )


def adam(body: str) -> str:
    return "def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):\n" + indent(
        dedent(body).strip(), "    "
    )


def least_squares(
    grad="return -2 * X.T @ (y - X @ w)",
    hessian="return 2 * X.T @ X",
    solve="return np.linalg.solve(X.T @ X, X.T @ y)",
) -> str:
    parts = [
        ("least_squares_grad(w, X, y)", grad),
        ("least_squares_hessian(w, X, y)", hessian),
        ("least_squares_solve(X, y)", solve),
    ]
    return "\n\n\n".join(f"def {head}:\n" + indent(dedent(body).strip(), "    ") for head, body in parts)


# (exercise, what the student does, what has to be mended, the cell)
BEGINNERS = [
    (
        "relu",
        "forward prints its result in place of returning it",
        "return",
        relu(forward="print(np.maximum(0, input))"),
    ),
    ("relu", "max of Python on an array", "np.maximum", relu(forward="return max(0, input)")),
    (
        "relu",
        "if on the whole array",
        "the comparison is by entry",
        relu(
            forward="""
        if input > 0:
            return input
        return 0
    """
        ),
    ),
    (
        "relu",
        "the slope is returned, not multiplied by grad_output",
        "* grad_output",
        relu(backward="return (input > 0) * 1.0"),
    ),
    (
        "relu",
        "the mask is taken from grad_output",
        "input > 0",
        relu(backward="return grad_output * (grad_output > 0)"),
    ),
    (
        "relu",
        "ReLU of grad_output is returned",
        "the mask of the input",
        relu(backward="return np.maximum(0, grad_output)"),
    ),
    ("relu", "input is overwritten in forward", "a copy", relu(forward="input[input < 0] = 0\nreturn input")),
    (
        "relu",
        "backward multiplies by the input, too",
        "slope 1, not x",
        relu(backward="return np.maximum(0, input) * grad_output"),
    ),
    (
        "relu",
        "loops over rows only",
        "by entry",
        relu(
            forward="""
        out = np.zeros_like(input)
        for i in range(len(input)):
            if input[i].sum() > 0:
                out[i] = input[i]
        return out
    """
        ),
    ),
    ("relu", "np.max in place of np.maximum", "np.maximum", relu(forward="return np.max(input, 0)")),
    (
        "dense",
        "weights [out, in], as in torch",
        "[in, out]",
        dense(
            init="""
            self.weights = np.random.randn(output_units, input_units) * 0.01
            self.biases = np.zeros(output_units)
            self.learning_rate = learning_rate
        """,
            forward="return input @ self.weights.T + self.biases",
            backward="""
            grad_input = grad_output @ self.weights
            self.weights = self.weights - self.learning_rate * (grad_output.T @ input)
            self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
            return grad_input
        """,
        ),
    ),
    (
        "dense",
        "the biases are summed over everything",
        "axis=0",
        dense(
            backward="""
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * (input.T @ grad_output)
        self.biases = self.biases - self.learning_rate * grad_output.sum()
        return grad_input
    """
        ),
    ),
    (
        "dense",
        "learning_rate is not kept in __init__",
        "self.learning_rate",
        dense(
            init="""
        self.weights = np.random.randn(input_units, output_units) * 0.01
        self.biases = np.zeros(output_units)
    """
        ),
    ),
    (
        "dense",
        "np.random.rand: all weights positive",
        "zero mean",
        dense(
            init="""
        self.weights = np.random.rand(input_units, output_units)
        self.biases = np.zeros(output_units)
        self.learning_rate = learning_rate
    """
        ),
    ),
    (
        "dense",
        "the rate 0.1 is written into the step",
        "self.learning_rate",
        dense(
            backward="""
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - 0.1 * (input.T @ grad_output)
        self.biases = self.biases - 0.1 * grad_output.sum(axis=0)
        return grad_input
    """
        ),
    ),
    (
        "dense",
        "biases never learn",
        "the step on biases",
        dense(
            backward="""
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * (input.T @ grad_output)
        return grad_input
    """
        ),
    ),
    (
        "dense",
        "the weights are stepped first, then used",
        "before the step",
        dense(
            backward="""
        self.weights -= self.learning_rate * (input.T @ grad_output)
        self.biases -= self.learning_rate * grad_output.sum(axis=0)
        return grad_output @ self.weights.T
    """
        ),
    ),
    ("dense", "elementwise * in place of @", "@", dense(forward="return input * self.weights + self.biases")),
    (
        "dense",
        "the step is minus minus: + rate * gradient",
        "minus",
        dense(
            backward="""
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights + self.learning_rate * (input.T @ grad_output)
        self.biases = self.biases + self.learning_rate * grad_output.sum(axis=0)
        return grad_input
    """
        ),
    ),
    (
        "dense",
        "backward returns the gradient of the weights",
        "grad_output @ weights.T",
        dense(
            backward="""
        grad_weights = input.T @ grad_output
        self.weights = self.weights - self.learning_rate * grad_weights
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_weights
    """
        ),
    ),
    (
        "train",
        "loss of every sample is returned",
        "mean",
        train("""
        acts = forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y)
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for layer, inp in zip(reversed(network), reversed([X] + acts[:-1])):
            grad = layer.backward(inp, grad)
        return loss
    """),
    ),
    (
        "train",
        "each layer gets its own output as its input",
        "the input, one before",
        train("""
        acts = forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in range(len(network) - 1, -1, -1):
            grad = network[i].backward(acts[i], grad)
        return loss
    """),
    ),
    (
        "train",
        "the first layer is never reached",
        "range down to 0",
        train("""
        acts = [X] + forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in range(len(network) - 1, 0, -1):
            grad = network[i].backward(acts[i], grad)
        return loss
    """),
    ),
    (
        "train",
        "backwards in the order of forwards",
        "reversed",
        train("""
        acts = [X] + forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in range(len(network)):
            grad = network[i].backward(acts[i], grad)
        return loss
    """),
    ),
    (
        "train",
        "the gradient is not handed on",
        "grad = layer.backward",
        train("""
        acts = [X] + forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in reversed(range(len(network))):
            network[i].backward(acts[i], grad)
        return loss
    """),
    ),
    (
        "train",
        "nothing is returned",
        "return loss",
        train("""
        acts = [X] + forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in reversed(range(len(network))):
            grad = network[i].backward(acts[i], grad)
        print(loss)
    """),
    ),
    (
        "train",
        "backward is called before the list is turned: network.reverse()",
        "the list stays",
        train("""
        acts = [X] + forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        network.reverse()
        for layer, inp in zip(network, acts[-2::-1]):
            grad = layer.backward(inp, grad)
        return loss
    """),
    ),
    (
        "train",
        "the loss is measured after the step",
        "before the step",
        train("""
        acts = [X] + forward(network, X)
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for i in reversed(range(len(network))):
            grad = network[i].backward(acts[i], grad)
        return softmax_crossentropy_with_logits(forward(network, X)[-1], y).mean()
    """),
    ),
    (
        "train",
        "every layer gets X as its input",
        "the layer's own input",
        train("""
        acts = forward(network, X)
        loss = softmax_crossentropy_with_logits(acts[-1], y).mean()
        grad = grad_softmax_crossentropy_with_logits(acts[-1], y)
        for layer in reversed(network):
            grad = layer.backward(X, grad)
        return loss
    """),
    ),
    (
        "train",
        "a loss of its own from one-hot labels of softmax, without the mean of the gradient",
        "given gradient",
        train("""
        acts = [X] + forward(network, X)
        p = np.exp(log_softmax(acts[-1]))
        loss = -np.log(p[np.arange(len(y)), y]).mean()
        grad = p.copy()
        grad[np.arange(len(y)), y] -= 1
        for i in reversed(range(len(network))):
            grad = network[i].backward(acts[i], grad)
        return loss
    """),
    ),
    (
        "batchnorm",
        "mean and variance along the rows",
        "axis=0",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=1, keepdims=True), input.var(axis=1, keepdims=True)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta
    """
        ),
    ),
    (
        "batchnorm",
        "the running averages are never updated",
        "the update",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta
    """
        ),
    ),
    (
        "batchnorm",
        "momentum and 1 - momentum exchanged",
        "momentum * running",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = (1 - self.momentum) * self.running_mean + self.momentum * mean
            self.running_var = (1 - self.momentum) * self.running_var + self.momentum * var
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta
    """
        ),
    ),
    (
        "batchnorm",
        "divides by the variance, no root",
        "sqrt",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / (var + self.eps) + self.beta
    """
        ),
    ),
    (
        "batchnorm",
        "mean and variance are constants in backward",
        "through the statistics",
        batchnorm(
            backward=BATCHNORM_BACKWARD.replace(
                "(g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / std", "g / std"
            )
        ),
    ),
    (
        "batchnorm",
        "sums in place of means in backward",
        "divide by N",
        batchnorm(
            backward=BATCHNORM_BACKWARD.replace(
                "(g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / std",
                "(g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0)) / std",
            )
        ),
    ),
    (
        "batchnorm",
        "backward uses what forward has kept",
        "the input given",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.xhat = (input - mean) / self.std
        return self.gamma * self.xhat + self.beta
        """,
            backward="""
        std, xhat = self.std, self.xhat
        g = grad_output * self.gamma
        self.gamma = self.gamma - self.learning_rate * (grad_output * xhat).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        if not self.training:
            return g / std
        return (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)) / std
        """,
        ),
    ),
    (
        "batchnorm",
        "training is never set",
        "self.training = True",
        batchnorm(
            init="""
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
    """
        ),
    ),
    (
        "batchnorm",
        "unbiased variance",
        "ddof 0",
        batchnorm(
            forward="""
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0, ddof=1)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta
    """
        ),
    ),
    (
        "batchnorm",
        "gamma and beta are numbers, not arrays",
        "np.ones(units)",
        batchnorm(
            init="""
        self.gamma, self.beta = 1.0, 0.0
        self.running_mean, self.running_var = 0.0, 1.0
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.training = True
    """
        ),
    ),
    (
        "adam",
        "no correction at all",
        "m / (1 - beta1 ** t)",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        return w - lr * m / (np.sqrt(v) + eps), m, v
    """),
    ),
    (
        "adam",
        "the corrected m and v are returned",
        "without their correction",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        m = m / (1 - beta1 ** t)
        v = v / (1 - beta2 ** t)
        return w - lr * m / (np.sqrt(v) + eps), m, v
    """),
    ),
    (
        "adam",
        "times t in place of to the power of t",
        "**",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        mh = m / (1 - beta1 * t)
        vh = v / (1 - beta2 * t)
        return w - lr * mh / (np.sqrt(vh) + eps), m, v
    """),
    ),
    (
        "adam",
        "eps inside the root",
        "outside",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta2 ** t)
        return w - lr * mh / np.sqrt(vh + eps), m, v
    """),
    ),
    (
        "adam",
        "no square root",
        "sqrt",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta2 ** t)
        return w - lr * mh / (vh + eps), m, v
    """),
    ),
    (
        "adam",
        "the gradient is not squared",
        "grad ** 2",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta2 ** t)
        return w - lr * mh / (np.sqrt(vh) + eps), m, v
    """),
    ),
    (
        "adam",
        "grad ^ 2",
        "**",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ^ 2
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta2 ** t)
        return w - lr * mh / (np.sqrt(vh) + eps), m, v
    """),
    ),
    (
        "adam",
        "only w is returned",
        "return w, m, v",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta2 ** t)
        return w - lr * mh / (np.sqrt(vh) + eps)
    """),
    ),
    (
        "adam",
        "beta1 for both averages",
        "beta2",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta1 * v + (1 - beta1) * grad ** 2
        mh = m / (1 - beta1 ** t)
        vh = v / (1 - beta1 ** t)
        return w - lr * mh / (np.sqrt(vh) + eps), m, v
    """),
    ),
    (
        "adam",
        "the step uses grad in place of m",
        "m",
        adam("""
        m = beta1 * m + (1 - beta1) * grad
        v = beta2 * v + (1 - beta2) * grad ** 2
        vh = v / (1 - beta2 ** t)
        return w - lr * grad / (np.sqrt(vh) + eps), m, v
    """),
    ),
    ("least_squares", "the sign of the gradient", "minus", least_squares(grad="return 2 * X.T @ (y - X @ w)")),
    (
        "least_squares",
        "the 2 is forgotten everywhere",
        "2",
        least_squares(grad="return -X.T @ (y - X @ w)", hessian="return X.T @ X"),
    ),
    (
        "least_squares",
        "mean over the samples",
        "the sum",
        least_squares(grad="return -2 * X.T @ (y - X @ w) / len(y)", hessian="return 2 * X.T @ X / len(y)"),
    ),
    ("least_squares", "X is not transposed", "X.T", least_squares(grad="return -2 * X @ (y - X @ w)")),
    ("least_squares", "hessian X X'", "X'X", least_squares(hessian="return 2 * X @ X.T")),
    ("least_squares", "the hessian is multiplied by w", "no w", least_squares(hessian="return 2 * X.T @ X @ w")),
    (
        "least_squares",
        "np.linalg.solve(X, y)",
        "the normal equations",
        least_squares(solve="return np.linalg.solve(X, y)"),
    ),
    (
        "least_squares",
        "solve without X' on the right",
        "X'y",
        least_squares(solve="return np.linalg.inv(X.T @ X) @ X @ y"),
    ),
    ("least_squares", "X'y only", "and X'Xw", least_squares(grad="return -2 * X.T @ y")),
    (
        "least_squares",
        "lstsq is returned whole",
        "[0]",
        least_squares(solve="return np.linalg.lstsq(X, y, rcond=None)"),
    ),
]


def main() -> None:
    warnings.simplefilter("ignore")
    for exercise, what, repair, source in BEGINNERS:
        week, name = NOTEBOOKS.get(exercise, ("week01_backprop", "backprop"))
        print(f"\n{exercise}: {what} ({repair})")
        for hint in dict.fromkeys(said.hint for said in said_of(week, name, exercise, source)):
            print(f"  {' '.join(hint.split())}")


if __name__ == "__main__":
    main()

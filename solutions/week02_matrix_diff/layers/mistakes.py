"""Mistakes that students make in the layers, planted in the reference; four or more a class."""

from grader.judge.authoring.mistakes import Mistake


def planted(cell, mistakes):
    """[(name, about, [(old, new), ...], points lost of 0.5, words of the hint), ...] in one class."""
    return [
        Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": lost}, hint, edit=edit)
        for name, about, edit, lost, hint in mistakes
    ]


LINEAR = planted(
    "Linear",
    [
        (
            "averaged",
            "averages the gradients over the batch",
            [
                ("x.T @ grad_output", "x.T @ grad_output / len(x)"),
                ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)"),
            ],
            0.15,
            "averaged over the batch",
        ),
        (
            "overwrites",
            "keeps only the last gradients",
            [("self.dW +=", "self.dW ="), ("self.db +=", "self.db =")],
            0.05,
            "this is the last one alone",
        ),
        (
            "hands_out_copies",
            "hands out copies of its parameters",
            [("return [self.W, self.b]", "return [self.W.copy(), self.b.copy()]")],
            0.05,
            "hands out copies",
        ),
        (
            "b_not_summed",
            "gives b a gradient for each sample",
            [("grad_output.sum(axis=0)", "grad_output.sum()")],
            0.05,
            "each entry of b has a gradient of its own",
        ),
        ("forgets_b", "forgets b in forward", [("x @ self.W + self.b", "x @ self.W")], 0.15, "b is forgotten"),
        (
            "wrong_order",
            "returns the gradients in the wrong order",
            [("return [self.dW, self.db]", "return [self.db, self.dW]")],
            0.2,
            "W comes first",
        ),
        (
            "no_transpose",
            "returns the gradient of W",
            [("return grad_output @ self.W.T", "return x.T @ grad_output")],
            0.15,
            "the gradient of W is returned",
        ),
        (
            "keeps_adding",
            "never sets its gradients back",
            [("return [self.dW, self.db]", "return [self.dW.copy(), self.db.copy()]")],
            0.05,
            "zero_grad() leaves",
        ),
        ("swapped_sizes", "makes W [out, in]", [("size=(n_in, n_out)", "size=(n_out, n_in)")], 0.5, "(6, 7)"),
    ],
)

BACK = "p * (grad_output - np.sum(grad_output * p, axis=1, keepdims=True))"
SOFTMAX = planted(
    "SoftMax",
    [
        (
            "diagonal",
            "takes the diagonal of the Jacobian for the whole",
            [(BACK, "grad_output * p * (1 - p)")],
            0.3,
            "only the diagonal of the Jacobian",
        ),
        (
            "overflows",
            "does not take the maximum away",
            [("np.exp(x - x.max(axis=1, keepdims=True))", "np.exp(x)")],
            0.1,
            "choose a form",
        ),
        ("wrong_axis", "normalises the columns", [("axis=1", "axis=0")], 0.45, "along the wrong axis"),
        (
            "whole_batch",
            "normalises the whole batch",
            [("exponentials.sum(axis=1, keepdims=True)", "exponentials.sum()")],
            0.45,
            "each row is the right one times",
        ),
        (
            "log_gradient",
            "returns the gradient of the logarithm",
            [(BACK, "grad_output - p * grad_output.sum(axis=1, keepdims=True)")],
            0.3,
            "gradient of the logarithm",
        ),
        (
            "in_place",
            "takes the maximum away in place",
            [
                (
                    "exponentials = np.exp(x - x.max(axis=1, keepdims=True))",
                    "x -= x.max(axis=1, keepdims=True)\n        exponentials = np.exp(x)",
                )
            ],
            0.05,
            "changed in place",
        ),
    ],
)

LOGSOFTMAX = planted(
    "LogSoftMax",
    [
        (
            "minus_softmax",
            "forgets the sum of grad_output",
            [(" * grad_output.sum(axis=1, keepdims=True)", "")],
            0.3,
            "multiplied by the sum of the row",
        ),
        (
            "overflows",
            "computes the exponentials of x itself",
            [("shifted = x - x.max(axis=1, keepdims=True)", "shifted = x")],
            0.1,
            "choose a form",
        ),
        (
            "log_of_softmax",
            "takes the logarithm of the softmax",
            [
                (
                    "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
                    "return np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))",
                )
            ],
            0.1,
            "choose a form",
        ),
        (
            "sign",
            "turns the sign",
            [
                (
                    "return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
                    "return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted",
                )
            ],
            0.45,
            "a log-probability is negative",
        ),
        (
            "maximum_not_back",
            "takes the maximum away in the sum only",
            [("return shifted - np.log", "return x - np.log")],
            0.45,
            "has to come back",
        ),
        (
            "diagonal",
            "takes the diagonal of the Jacobian for the whole",
            [
                (
                    "grad_output - np.exp(self.forward(x)) * grad_output.sum(axis=1, keepdims=True)",
                    "grad_output * (1 - np.exp(self.forward(x)))",
                )
            ],
            0.3,
            "only the diagonal",
        ),
    ],
)

ELU = planted(
    "ELU",
    [
        (
            "no_alpha_back",
            "forgets alpha in the slope",
            [("1.0, self.alpha * np.exp", "1.0, np.exp")],
            0.2,
            "alpha is not used in the slope",
        ),
        (
            "slope_with_one",
            "differentiates the -1, too",
            [("self.alpha * np.exp(np.minimum(x, 0))", "self.alpha * np.expm1(np.minimum(x, 0))")],
            0.3,
            "has no -1",
        ),
        (
            "relu_back",
            "stops the gradient on the negative side",
            [("1.0, self.alpha * np.exp(np.minimum(x, 0))", "1.0, 0.0")],
            0.2,
            "that is the ReLU",
        ),
        (
            "no_chain",
            "leaves grad_output out",
            [("return grad_output * np.where", "return np.where")],
            0.3,
            "grad_output is left out",
        ),
        (
            "bracket",
            "lets alpha multiply the exponential alone",
            [("self.alpha * np.expm1(np.minimum(x, 0))", "self.alpha * np.exp(np.minimum(x, 0)) - 1")],
            0.2,
            "before the bracket",
        ),
        ("no_default", "takes 0.1 for the default of alpha", [("alpha=1.0", "alpha=0.1")], 0.05, "ELU().forward"),
        (
            "product_with_the_mask",
            "multiplies the overflow by 0",
            [
                (
                    "np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
                    "x * (x > 0) + self.alpha * (np.exp(x) - 1) * (x <= 0)",
                )
            ],
            0.1,
            "choose a form",
        ),
    ],
)

STABLE = "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))"
SLOPE = "grad_output * (1 + np.tanh(x / 2)) / 2"
SOFTPLUS = planted(
    "SoftPlus",
    [
        ("overflows", "uses the formula as it stands", [(STABLE, "np.log(1 + np.exp(x))")], 0.15, "choose a form"),
        (
            "slope_overflows",
            "divides infinity by infinity",
            [(SLOPE, "grad_output * np.exp(x) / (1 + np.exp(x))")],
            0.15,
            "choose a form",
        ),
        ("relu_back", "takes the slope of the ReLU", [(SLOPE, "grad_output * (x > 0)")], 0.15, "slope of the ReLU"),
        (
            "no_inner",
            "forgets the inner derivative",
            [(SLOPE, "grad_output * (1 - np.tanh(x / 2)) / 2")],
            0.3,
            "the sign of the exponent",
        ),
        ("no_chain", "leaves grad_output out", [(SLOPE, "(1 + np.tanh(x / 2)) / 2")], 0.3, "grad_output is left out"),
        (
            "slope_of_the_slope",
            "differentiates twice",
            [(SLOPE, "grad_output * (1 - np.tanh(x / 2) ** 2) / 4")],
            0.3,
            "the slope of the slope",
        ),
        (
            "base_two",
            "takes the logarithm to the base 2",
            [(STABLE, "np.logaddexp2(0, x / np.log(2))")],
            0.3,
            "the natural one",
        ),
    ],
)

SEQUENTIAL = planted(
    "Sequential",
    [
        (
            "same_input",
            "gives every layer the x of the chain",
            [("layer.backward(entered, grad_output)", "layer.backward(x, grad_output)")],
            0.4,
            "each layer needs what entered it",
        ),
        (
            "nested_list",
            "makes a list of lists",
            [
                (
                    "[array for layer in self.layers for array in layer.parameters()]",
                    "[layer.parameters() for layer in self.layers]",
                )
            ],
            0.15,
            "a flat list of 2 arrays",
        ),
        (
            "copies",
            "hands out copies",
            [
                (
                    "array for layer in self.layers for array in layer.parameters()",
                    "array.copy() for layer in self.layers for array in layer.parameters()",
                )
            ],
            0.1,
            "hands out copies",
        ),
        (
            "forwards_back",
            "goes through the layers in the wrong direction",
            [("self.layers[::-1], inputs[::-1]", "self.layers, inputs")],
            0.4,
            "each layer needs what entered it",
        ),
        (
            "stops_early",
            "leaves the first layer out on the way back",
            [("self.layers[::-1], inputs[::-1]", "self.layers[:0:-1], inputs[:0:-1]")],
            0.25,
            "the first is left out",
        ),
        (
            "reversed_parameters",
            "lists the parameters from the last to the first",
            [
                (
                    "for layer in self.layers for array in layer.parameters()",
                    "for layer in self.layers[::-1] for array in layer.parameters()",
                )
            ],
            0.1,
            "the first layer comes first",
        ),
        ("no_zero_grad", "does not pass zero_grad on", [("layer.zero_grad()", "pass")], 0.05, "zero_grad() leaves"),
    ],
)

MSE = planted(
    "MSECriterion",
    [
        (
            "mean_of_all",
            "averages over the features as well",
            [
                ("np.sum((x - target) ** 2) / len(x)", "np.mean((x - target) ** 2)"),
                ("2 * (x - target) / len(x)", "2 * (x - target) / x.size"),
            ],
            0.45,
            "averaged over the features as well",
        ),
        (
            "no_two",
            "forgets the 2 of the square",
            [("2 * (x - target)", "(x - target)")],
            0.25,
            "the 2 of the square is missing",
        ),
        ("summed", "sums over the batch", [(" / len(x)", "")], 0.45, "the batch is averaged"),
        ("sign", "turns the sign of the gradient", [("2 * (x - target)", "2 * (target - x)")], 0.25, "x minus target"),
        (
            "half",
            "takes half of the squares",
            [("np.sum((x - target) ** 2)", "np.sum((x - target) ** 2) / 2"), ("2 * (x - target)", "(x - target)")],
            0.45,
            "no 1/2",
        ),
        (
            "in_place",
            "subtracts in place",
            [("return 2 * (x - target) / len(x)", "x -= target\n        return 2 * x / len(x)")],
            0.05,
            "changed in place",
        ),
    ],
)

NLL = planted(
    "NLLCriterion",
    [
        ("sign", "turns the sign", [("-np.mean", "np.mean"), ("= -1 / len(x)", "= 1 / len(x)")], 0.45, "the sign"),
        (
            "summed",
            "sums over the batch",
            [("-np.mean", "-np.sum"), ("-1 / len(x)", "-1")],
            0.45,
            "the batch is averaged",
        ),
        (
            "unpaired",
            "takes the labels of all for each row",
            [
                ("x[np.arange(len(x)), target]", "x[:, target]"),
                ("slopes[np.arange(len(x)), target]", "slopes[:, target]"),
            ],
            0.45,
            "not paired",
        ),
        (
            "through_softmax",
            "goes through the softmax, too",
            [("slopes = np.zeros_like(x)", "slopes = np.exp(x) / len(x)"), ("target] = -1", "target] -= 1")],
            0.25,
            "through the softmax as well",
        ),
        (
            "logarithm_again",
            "takes the logarithm of a logarithm",
            [("-np.mean(x[np.arange(len(x)), target])", "-np.mean(np.log(-x[np.arange(len(x)), target]))")],
            0.2,
            "the logarithm is taken again",
        ),
        (
            "per_sample",
            "returns a gradient for each sample only",
            [("return slopes", "return slopes.sum(axis=1)")],
            0.3,
            "it has the shape of x",
        ),
    ],
)

IN_PLACE = "changed in place"
MORE = [
    *planted(
        "LogSoftMax",
        [
            (
                "in_place",
                "takes the maximum away in place",
                [
                    (
                        "shifted = x - x.max(axis=1, keepdims=True)",
                        "x -= x.max(axis=1, keepdims=True)\n        shifted = x",
                    )
                ],
                0.05,
                IN_PLACE,
            )
        ],
    ),
    *planted(
        "ELU",
        [
            (
                "in_place",
                "bends the input itself",
                [
                    (
                        "return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
                        "x[x <= 0] = self.alpha * np.expm1(x[x <= 0])\n        return x",
                    )
                ],
                0.05,
                IN_PLACE,
            )
        ],
    ),
    *planted(
        "SoftPlus",
        [
            (
                "in_place",
                "multiplies grad_output in place",
                [(f"return {SLOPE}", "grad_output *= (1 + np.tanh(x / 2)) / 2\n        return grad_output")],
                0.05,
                IN_PLACE,
            )
        ],
    ),
    *planted(
        "Sequential",
        [
            (
                "forward_stops_early",
                "leaves the last layer out on the way forwards",
                [("for layer in self.layers:\n            x = ", "for layer in self.layers[:-1]:\n            x = ")],
                0.25,
                "the last layer is left out",
            )
        ],
    ),
]

MISTAKES = MORE + LINEAR + SOFTMAX + LOGSOFTMAX + ELU + SOFTPLUS + SEQUENTIAL + MSE + NLL

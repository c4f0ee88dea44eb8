"""Mistakes that students make on the worksheet: slips in a number, each with what it costs, and wrong functions.

A slip loses its own line. What follows rightly from it keeps its points, and the catalogue has such cases, too.
"""

from grader.judge.authoring.mistakes import Mistake


def slip(cell, name, about, edit, loses, hint):
    """Other text in place of some of the reference's: [(old, new), ...]."""
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, edit=edit)


GRAPH = [
    slip(
        "graph",
        "slopes_as_values",
        "writes the slope of x^2 as its value",
        [('"a": 9', '"a": 6')],
        0.05,
        "this is the slope",
    ),
    slip(
        "graph",
        "follows_from_a_slip",
        "adds wrongly in c and goes on rightly from it",
        [
            ('"c": 5, "d": 25, "f": 40', '"c": 6, "d": 36, "f": 51'),
            ('"c": 10', '"c": 12'),
            ('"x": 18, "y": 13', '"x": 20, "y": 15'),
        ],
        0.05,
        "c is a sum",
    ),
    slip(
        "graph",
        "forgets_a_path",
        "forgets the way through c",
        [('"x": 18', '"x": 8')],
        0.05,
        "one way to f is forgotten",
    ),
    slip(
        "graph",
        "square_without_two",
        "forgets the 2 of the square and goes on from it",
        [('"c": 10', '"c": 5'), ('"x": 18, "y": 13', '"x": 13, "y": 8')],
        0.05,
        "the 2 of the square is missing",
    ),
    slip(
        "graph",
        "values_back",
        "writes values for gradients of the sum",
        [('"d": 1, "c": 10', '"d": 25, "c": 10')],
        0.05,
        "f is a sum",
    ),
    slip(
        "graph",
        "function_without_path",
        "leaves (x + y)^2 out of the function",
        [("return 2 * x + y + through_c, x + through_c", "return 2 * x + y, x")],
        0.15,
        "the way through c = x + y is forgotten",
    ),
    slip(
        "graph",
        "swapped",
        "swaps the derivatives",
        [("return 2 * x + y + through_c, x + through_c", "return x + through_c, 2 * x + y + through_c")],
        0.15,
        "wrong order",
    ),
    slip("graph", "not_finished", "leaves an entry empty", [('"y": 13', '"y": None')], 0.05, "not written yet"),
]

GRAPH += [
    slip(
        "graph",
        "doubled",
        "doubles c, and goes on rightly",
        [('"d": 25, "f": 40', '"d": 10, "f": 25')],
        0.05,
        "doubled, not squared",
    ),
    slip("graph", "c_for_d", "adds c in place of d", [('"f": 40', '"f": 20')], 0.05, "c is counted for d"),
]

CHAIN = [
    slip("chain3", "sign", "turns the sign of the error", [("w3 * outer - y", "y - w3 * outer")], 0.5, "is yhat - y"),
    slip(
        "chain3",
        "no_slopes",
        "forgets the slopes of both sigmoids",
        [(" * outer * (1 - outer)", ""), (" * inner * (1 - inner)", "")],
        0.35,
        "the slope of a sigmoid is left out",
    ),
    slip(
        "chain3",
        "sigmoid_twice",
        "takes the sigmoid of the sigmoid",
        [
            ("outer * (1 - outer)", "sigmoid(outer) * (1 - sigmoid(outer))"),
            ("inner * (1 - inner)", "sigmoid(inner) * (1 - sigmoid(inner))"),
        ],
        0.35,
        "the sigmoid is taken twice",
    ),
    slip(
        "chain3",
        "no_input",
        "forgets the input",
        [("return d_z1 * x, ", "return d_z1, ")],
        0.2,
        "the input x is left out",
    ),
    slip(
        "chain3",
        "no_w2",
        "does not go back through w2",
        [("d_z2 * w2 *", "d_z2 *")],
        0.2,
        "the weight w2 on the way back is left out",
    ),
    slip(
        "chain3",
        "factor_two",
        "forgets the 1/2 of E",
        [("d_output = w3 * outer - y", "d_output = 2 * (w3 * outer - y)")],
        0.5,
        "E carries 1/2",
    ),
]

SIGMOID = [
    slip(
        "sigmoid_backward",
        "no_chain",
        "leaves d_sigma out",
        [("d_sigma * s * (1 - s)", "s * (1 - s)")],
        0.4,
        "d_sigma is left out",
    ),
    slip(
        "sigmoid_backward",
        "z_for_s",
        "takes z for the sigmoid",
        [("s = sigmoid(z)", "s = z")],
        0.4,
        "z is taken for the value",
    ),
    slip("sigmoid_backward", "half_slope", "takes s for the slope", [(" * (1 - s)", "")], 0.4, "not s alone"),
    slip(
        "sigmoid_backward", "tanh", "takes the slope of tanh", [("s * (1 - s)", "(1 - s**2)")], 0.4, "belongs to tanh"
    ),
    slip(
        "sigmoid_backward",
        "in_place",
        "works in place",
        [("return d_sigma * s * (1 - s)", "d_sigma *= s * (1 - s)\n    return d_sigma")],
        0.1,
        "d_sigma was changed in place",
    ),
]

RETURN = "return dZ @ W.T, X.T @ dZ"
LINEAR = [
    slip(
        "linear_backward",
        "swapped",
        "returns them in the wrong order",
        [(RETURN, "return X.T @ dZ, dZ @ W.T")],
        0.4,
        "dX comes first",
    ),
    slip(
        "linear_backward",
        "transposed",
        "transposes the gradient of W",
        [(RETURN, "return dZ @ W.T, dZ.T @ X")],
        0.2,
        "has the shape of W",
    ),
    slip(
        "linear_backward",
        "averaged",
        "averages over the batch",
        [(RETURN, "return dZ @ W.T, X.T @ dZ / len(X)")],
        0.2,
        "dZ already is, so sum",
    ),
    slip(
        "linear_backward",
        "no_chain",
        "leaves dZ out",
        [(RETURN, "return np.ones_like(dZ) @ W.T, X.T @ np.ones_like(dZ)")],
        0.4,
        "dZ is left out",
    ),
    slip(
        "linear_backward",
        "only_one",
        "returns the gradient of W only",
        [(RETURN, "return X.T @ dZ")],
        0.4,
        "2 results are expected",
    ),
    slip(
        "linear_backward", "no_transpose", "forgets a transpose", [(RETURN, "return dZ @ W, X.T @ dZ")], 0.5, "mismatch"
    ),
]

NET = [
    slip("matrix_net", "summed", "forgets the mean", [(" / len(X)", "")], 0.9, "summed over the batch"),
    slip("matrix_net", "sign", "turns the sign", [("(A2 @ w3 - y)", "(y - A2 @ w3)")], 0.9, "is yhat - y"),
    slip(
        "matrix_net",
        "no_slopes",
        "forgets both slopes",
        [(" * A2 * (1 - A2)", ""), (" * A1 * (1 - A1)", "")],
        0.65,
        "the slope of a sigmoid is left out",
    ),
    slip("matrix_net", "no_transpose", "goes back through W2 as it is", [("W2.T", "W2")], 0.35, "needs W2 transposed"),
    slip(
        "matrix_net",
        "sigmoid_twice",
        "applies the sigmoid to the activation again",
        [("A2 * (1 - A2)", "sigmoid(A2) * (1 - sigmoid(A2))"), ("A1 * (1 - A1)", "sigmoid(A1) * (1 - sigmoid(A1))")],
        0.65,
        "the sigmoid is taken twice",
    ),
    slip(
        "matrix_net",
        "no_w3",
        "does not go back through w3",
        [("np.outer(error, w3)", "error[:, None]")],
        0.65,
        "w3 on the way back is left out",
    ),
    slip(
        "matrix_net",
        "column",
        "returns a column for w3",
        [("A2.T @ error", "A2.T @ error[:, None]")],
        0.25,
        "w3 is a vector",
    ),
]

NET += [
    slip(
        "matrix_net",
        "in_place",
        "subtracts from the targets in place",
        [("error = (A2 @ w3 - y) / len(X)", "y -= A2 @ w3\n    error = -y / len(X)")],
        0.1,
        "y was changed in place",
    ),
]

STEPS = [
    slip(
        "two_steps",
        "moves_at_once",
        "thinks that everything moves in step 2",
        [
            (
                'after_step_2 = {"W1": [[0, 0], [0, 0]], "W2": [[0, 0], [0, 0]]',
                'after_step_2 = {"W1": [[1, 1], [1, 1]], "W2": [[0.5, 0.5], [0.5, 0.5]]',
            )
        ],
        0.3,
        "those are zero",
    ),
    slip(
        "two_steps", "climbs", "adds the gradient", [('"w3": [0.5, 0.5]', '"w3": [-0.5, -0.5]')], 0.2, "the step climbs"
    ),
    slip(
        "two_steps",
        "sigmoid_of_zero",
        "takes sigmoid(0) for 0",
        [('"w3": [0.5, 0.5]', '"w3": [0, 0]')],
        0.2,
        "the sigmoid of 0 is 1/2, not 0",
    ),
    slip(
        "two_steps",
        "slip_in_step_1",
        "lets w3 move in step 1, and goes on rightly",
        [
            ('"w3": [0, 0]}', '"w3": [0.2, 0.2]}'),
            ('"W2": [[0, 0], [0, 0]], "w3": [0.5, 0.5]', '"W2": [[0.02, 0.02], [0.02, 0.02]], "w3": [0.6, 0.6]'),
        ],
        0.2,
        'after_step_1["w3"]',
    ),
    slip(
        "two_steps",
        "all_in_step_2",
        "thinks that all weights move in step 2",
        [('"W2": 3, "W1": 4', '"W2": 2, "W1": 2')],
        0.2,
        "all weights move at the end",
    ),
    slip(
        "two_steps",
        "from_step_1",
        "counts step 1 as a move",
        [('"w3": 2,', '"w3": 1,')],
        0.1,
        "there is no error to learn from",
    ),
]

HIDDEN = [
    slip(
        "hidden_backprop",
        "no_relu",
        "forgets the ReLU forwards, and goes on from that rightly",
        [
            ('"A": [[2, 0], [0, 1]]', '"A": [[2, -1], [0, 1]]'),
            ('"y_hat": [1, 1]', '"y_hat": [0, 1]'),
            ('"L": 0.25', '"L": 1'),
            ('"d_y_hat": [-0.5, 0]', '"d_y_hat": [-1, 0]'),
            ('"d_W2": [-1, 0]', '"d_W2": [-2, 1]'),
            ('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.5, -1], [0, 0]]'),
            ('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.5, 0], [0, 0]]'),
            ('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.5, 0], [-1, 0]]'),
            ('"new_W2": [1.5, 1]', '"new_W2": [2.5, 0]'),
            ('"new_W1": [[1.25, -1], [1, 0]]', '"new_W1": [[1.5, -1], [1.5, 0]]'),
        ],
        0.1,
        "nothing is cut off",
    ),
    slip(
        "hidden_backprop",
        "not_averaged",
        "forgets 1/n, and goes on",
        [
            ('"d_y_hat": [-0.5, 0]', '"d_y_hat": [-1, 0]'),
            ('"d_W2": [-1, 0]', '"d_W2": [-2, 0]'),
            ('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.5, -1], [0, 0]]'),
            ('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.5, 0], [0, 0]]'),
            ('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.5, 0], [-1, 0]]'),
            ('"new_W2": [1.5, 1]', '"new_W2": [2.5, 1]'),
            ('"new_W1": [[1.25, -1], [1, 0]]', '"new_W1": [[1.5, -1], [1.5, 0]]'),
        ],
        0.1,
        "divide by n",
    ),
    slip(
        "hidden_backprop",
        "nothing_stopped",
        "lets every gradient through the ReLU",
        [('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.25, -0.5], [0, 0]]')],
        0.1,
        "lets nothing back where Z is negative",
    ),
    slip(
        "hidden_backprop",
        "slope_at_zero",
        "takes 1 for the slope at 0",
        [
            ('"d_Z": [[0.18276, 0], [0, -0.13447]]', '"d_Z": [[0.18276, 0], [-0.06724, -0.13447]]'),
            ('"d_W1": [[0.18276, 0.13447], [0.36553, -0.26894]]', '"d_W1": [[0.25, 0.13447], [0.23105, -0.26894]]'),
            ('"new_W1": [[0.81724, -1.13447], [0.13447, 0.26894]]', '"new_W1": [[0.75, -1.13447], [0.26895, 0.26894]]'),
        ],
        0.05,
        "by agreement",
    ),
    slip(
        "hidden_backprop",
        "fresh_weights",
        "goes back through the new W2",
        [('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.75, -0.5], [0, 0]]')],
        0.05,
        "the new W2 is used",
    ),
    slip(
        "hidden_backprop",
        "transposed",
        "transposes the gradient of W1",
        [('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.25, -0.5], [0, 0]]')],
        0.1,
        "transposed: rows are inputs",
    ),
    slip(
        "hidden_backprop",
        "climbs",
        "adds the gradient",
        [('"new_W2": [1.5, 1]', '"new_W2": [-0.5, 1]')],
        0.05,
        "the step climbs",
    ),
    slip(
        "hidden_backprop",
        "summed_log_loss",
        "forgets 1/n in the log loss",
        [('"L": 0.81326', '"L": 1.62652')],
        0.05,
        "divide by n",
    ),
    slip(
        "hidden_backprop",
        "slope_kept",
        "keeps the slope of the sigmoid",
        [('"d_y_hat": [0.36553, -0.13447]', '"d_y_hat": [0.07187, -0.02644]')],
        0.1,
        "cancels against the logarithm",
    ),
    slip(
        "hidden_backprop",
        "rounded",
        "rounds too early",
        [('"p": [0.73106, 0.73106]', '"p": [0.73, 0.73]')],
        0.05,
        "four decimals",
    ),
]

HIDDEN += [
    slip(
        "hidden_backprop", "no_half", "forgets a factor of the loss", [('"L": 0.25', '"L": 0.5')], 0.05, "the 1/2, or"
    ),
    slip(
        "hidden_backprop",
        "averaged_again",
        "divides by n a second time",
        [('"d_W2": [-1, 0]', '"d_W2": [-0.5, 0]')],
        0.05,
        "averaged once more",
    ),
    slip(
        "hidden_backprop",
        "before_the_relu",
        "takes Z for A",
        [('"d_W2": [0.73106, -0.13447]', '"d_W2": [0.73106, -0.5]')],
        0.05,
        "takes Z for A",
    ),
    slip(
        "hidden_backprop",
        "log_transposed",
        "transposes the gradient of W1",
        [('"d_W1": [[0.18276, 0.13447], [0.36553, -0.26894]]', '"d_W1": [[0.18276, 0.36553], [0.13447, -0.26894]]')],
        0.05,
        "transposed: rows are inputs",
    ),
    slip(
        "hidden_backprop",
        "log_climbs",
        "adds the gradient",
        [('"new_W2": [-0.23106, 1.13447]', '"new_W2": [1.23106, 0.86553]')],
        0.05,
        "the step climbs",
    ),
]

MISTAKES = GRAPH + CHAIN + SIGMOID + LINEAR + NET + STEPS + HIDDEN

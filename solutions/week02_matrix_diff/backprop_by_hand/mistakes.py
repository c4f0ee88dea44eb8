"""Mistakes that students make on the worksheet: slips in a number, each with what it costs, and wrong functions.

A slip loses its own line. What follows rightly from it keeps its points, and the catalogue has such cases, too.
"""

from functools import partial

from grader.judge.authoring.mistakes import planted

graph = partial(planted, "graph")
GRAPH = [
    graph("graph_slopes_as_values", "writes the slope of x^2 as its value", 0.05, "this is the slope",
        ('"a": 9', '"a": 6')),
    graph("graph_follows_from_a_slip", "adds wrongly in c and goes on rightly from it", 0.05, "c is a sum",
        ('"c": 5, "d": 25, "f": 40', '"c": 6, "d": 36, "f": 51'), ('"c": 10', '"c": 12'),
        ('"x": 18, "y": 13', '"x": 20, "y": 15')),
    graph("graph_forgets_a_path", "forgets the way through c", 0.05, "one way to f is forgotten",
        ('"x": 18', '"x": 8')),
    graph("graph_square_without_two", "forgets the 2 of the square and goes on from it", 0.05,
        "the 2 of the square is missing", ('"c": 10', '"c": 5'), ('"x": 18, "y": 13', '"x": 13, "y": 8')),
    graph("graph_values_back", "writes values for gradients of the sum", 0.05, "f is a sum",
        ('"d": 1, "c": 10', '"d": 25, "c": 10')),
    graph("graph_function_without_path", "leaves (x + y)^2 out of the function", 0.15,
        "the way through c = x + y is forgotten",
        ("return 2 * x + y + through_c, x + through_c", "return 2 * x + y, x")),
    graph("graph_swapped", "swaps the derivatives", 0.15, "wrong order",
        ("return 2 * x + y + through_c, x + through_c", "return x + through_c, 2 * x + y + through_c")),
    graph("graph_not_finished", "leaves an entry empty", 0.05, "not written yet", ('"y": 13', '"y": None')),
    graph("graph_doubled", "doubles c, and goes on rightly", 0.05, "doubled, not squared",
        ('"d": 25, "f": 40', '"d": 10, "f": 25')),
    graph("graph_c_for_d", "adds c in place of d", 0.05, "c is counted for d", ('"f": 40', '"f": 20')),
]

chain3 = partial(planted, "chain3")
CHAIN = [
    chain3("chain3_sign", "turns the sign of the error", 0.5, "is yhat - y", ("w3 * outer - y", "y - w3 * outer")),
    chain3("chain3_no_slopes", "forgets the slopes of both sigmoids", 0.35, "the slope of a sigmoid is left out",
        (" * outer * (1 - outer)", ""), (" * inner * (1 - inner)", "")),
    chain3("chain3_sigmoid_twice", "takes the sigmoid of the sigmoid", 0.35, "the sigmoid is taken twice",
        ("outer * (1 - outer)", "sigmoid(outer) * (1 - sigmoid(outer))"),
        ("inner * (1 - inner)", "sigmoid(inner) * (1 - sigmoid(inner))")),
    chain3("chain3_no_input", "forgets the input", 0.2, "the input x is left out",
        ("return d_z1 * x, ", "return d_z1, ")),
    chain3("chain3_no_w2", "does not go back through w2", 0.2, "the weight w2 on the way back is left out",
        ("d_z2 * w2 *", "d_z2 *")),
    chain3("chain3_factor_two", "forgets the 1/2 of E", 0.5, "E carries 1/2",
        ("d_output = w3 * outer - y", "d_output = 2 * (w3 * outer - y)")),
]

sigmoid = partial(planted, "sigmoid_backward")
SIGMOID = [
    sigmoid("sigmoid_backward_no_chain", "leaves d_sigma out", 0.4, "d_sigma is left out",
        ("d_sigma * s * (1 - s)", "s * (1 - s)")),
    sigmoid("sigmoid_backward_z_for_s", "takes z for the sigmoid", 0.4, "z is taken for the value",
        ("s = sigmoid(z)", "s = z")),
    sigmoid("sigmoid_backward_half_slope", "takes s for the slope", 0.4, "not s alone", (" * (1 - s)", "")),
    sigmoid("sigmoid_backward_tanh", "takes the slope of tanh", 0.4, "belongs to tanh", ("s * (1 - s)", "(1 - s**2)")),
    sigmoid("sigmoid_backward_in_place", "works in place", 0.1, "d_sigma was changed in place",
        ("return d_sigma * s * (1 - s)", "d_sigma *= s * (1 - s)\n    return d_sigma")),
]

RETURN = "return dZ @ W.T, X.T @ dZ"
linear = partial(planted, "linear_backward")
LINEAR = [
    linear("linear_backward_swapped", "returns them in the wrong order", 0.4, "dX comes first",
        (RETURN, "return X.T @ dZ, dZ @ W.T")),
    linear("linear_backward_transposed", "transposes the gradient of W", 0.2, "has the shape of W",
        (RETURN, "return dZ @ W.T, dZ.T @ X")),
    linear("linear_backward_averaged", "averages over the batch", 0.2, "dZ already is, so sum",
        (RETURN, "return dZ @ W.T, X.T @ dZ / len(X)")),
    linear("linear_backward_no_chain", "leaves dZ out", 0.4, "dZ is left out",
        (RETURN, "return np.ones_like(dZ) @ W.T, X.T @ np.ones_like(dZ)")),
    linear("linear_backward_only_one", "returns the gradient of W only", 0.4, "2 results are expected",
        (RETURN, "return X.T @ dZ")),
    linear("linear_backward_no_transpose", "forgets a transpose", 0.5, "mismatch", (RETURN, "return dZ @ W, X.T @ dZ")),
]

net = partial(planted, "matrix_net")
NET = [
    net("matrix_net_summed", "forgets the mean", 0.9, "summed over the batch", (" / len(X)", "")),
    net("matrix_net_sign", "turns the sign", 0.9, "is yhat - y", ("(A2 @ w3 - y)", "(y - A2 @ w3)")),
    net("matrix_net_no_slopes", "forgets both slopes", 0.65, "the slope of a sigmoid is left out",
        (" * A2 * (1 - A2)", ""), (" * A1 * (1 - A1)", "")),
    net("matrix_net_no_transpose", "goes back through W2 as it is", 0.35, "needs W2 transposed", ("W2.T", "W2")),
    net("matrix_net_sigmoid_twice", "applies the sigmoid to the activation again", 0.65, "the sigmoid is taken twice",
        ("A2 * (1 - A2)", "sigmoid(A2) * (1 - sigmoid(A2))"), ("A1 * (1 - A1)", "sigmoid(A1) * (1 - sigmoid(A1))")),
    net("matrix_net_no_w3", "does not go back through w3", 0.65, "w3 on the way back is left out",
        ("np.outer(error, w3)", "error[:, None]")),
    net("matrix_net_column", "returns a column for w3", 0.25, "w3 is a vector",
        ("A2.T @ error", "A2.T @ error[:, None]")),
    net("matrix_net_in_place", "subtracts from the targets in place", 0.1, "y was changed in place",
        ("error = (A2 @ w3 - y) / len(X)", "y -= A2 @ w3\n    error = -y / len(X)")),
]

two_steps = partial(planted, "two_steps")
STEPS = [
    two_steps("two_steps_moves_at_once", "thinks that everything moves in step 2", 0.3, "those are zero",
        ('after_step_2 = {"W1": [[0, 0], [0, 0]], "W2": [[0, 0], [0, 0]]',
         'after_step_2 = {"W1": [[1, 1], [1, 1]], "W2": [[0.5, 0.5], [0.5, 0.5]]')),
    two_steps("two_steps_climbs", "adds the gradient", 0.2, "the step climbs",
        ('"w3": [0.5, 0.5]', '"w3": [-0.5, -0.5]')),
    two_steps("two_steps_sigmoid_of_zero", "takes sigmoid(0) for 0", 0.2, "the sigmoid of 0 is 1/2, not 0",
        ('"w3": [0.5, 0.5]', '"w3": [0, 0]')),
    two_steps("two_steps_slip_in_step_1", "lets w3 move in step 1, and goes on rightly", 0.2, 'after_step_1["w3"]',
        ('"w3": [0, 0]}', '"w3": [0.2, 0.2]}'),
        ('"W2": [[0, 0], [0, 0]], "w3": [0.5, 0.5]', '"W2": [[0.02, 0.02], [0.02, 0.02]], "w3": [0.6, 0.6]')),
    two_steps("two_steps_all_in_step_2", "thinks that all weights move in step 2", 0.2, "all weights move at the end",
        ('"W2": 3, "W1": 4', '"W2": 2, "W1": 2')),
    two_steps("two_steps_from_step_1", "counts step 1 as a move", 0.1, "there is no error to learn from",
        ('"w3": 2,', '"w3": 1,')),
]

hidden = partial(planted, "hidden_backprop")
HIDDEN = [
    hidden("hidden_backprop_no_relu", "forgets the ReLU forwards, and goes on from that rightly", 0.1,
        "nothing is cut off", ('"A": [[2, 0], [0, 1]]', '"A": [[2, -1], [0, 1]]'),
        ('"y_hat": [1, 1]', '"y_hat": [0, 1]'), ('"L": 0.25', '"L": 1'),
        ('"d_y_hat": [-0.5, 0]', '"d_y_hat": [-1, 0]'), ('"d_W2": [-1, 0]', '"d_W2": [-2, 1]'),
        ('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.5, -1], [0, 0]]'),
        ('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.5, 0], [0, 0]]'),
        ('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.5, 0], [-1, 0]]'),
        ('"new_W2": [1.5, 1]', '"new_W2": [2.5, 0]'),
        ('"new_W1": [[1.25, -1], [1, 0]]', '"new_W1": [[1.5, -1], [1.5, 0]]')),
    hidden("hidden_backprop_not_averaged", "forgets 1/n, and goes on", 0.1, "divide by n",
        ('"d_y_hat": [-0.5, 0]', '"d_y_hat": [-1, 0]'), ('"d_W2": [-1, 0]', '"d_W2": [-2, 0]'),
        ('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.5, -1], [0, 0]]'),
        ('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.5, 0], [0, 0]]'),
        ('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.5, 0], [-1, 0]]'),
        ('"new_W2": [1.5, 1]', '"new_W2": [2.5, 1]'),
        ('"new_W1": [[1.25, -1], [1, 0]]', '"new_W1": [[1.5, -1], [1.5, 0]]')),
    hidden("hidden_backprop_nothing_stopped", "lets every gradient through the ReLU", 0.1,
        "lets nothing back where Z is negative", ('"d_Z": [[-0.25, 0], [0, 0]]', '"d_Z": [[-0.25, -0.5], [0, 0]]')),
    hidden("hidden_backprop_slope_at_zero", "takes 1 for the slope at 0", 0.05, "by agreement",
        ('"d_Z": [[0.18276, 0], [0, -0.13447]]', '"d_Z": [[0.18276, 0], [-0.06724, -0.13447]]'),
        ('"d_W1": [[0.18276, 0.13447], [0.36553, -0.26894]]', '"d_W1": [[0.25, 0.13447], [0.23105, -0.26894]]'),
        ('"new_W1": [[0.81724, -1.13447], [0.13447, 0.26894]]', '"new_W1": [[0.75, -1.13447], [0.26895, 0.26894]]')),
    hidden("hidden_backprop_fresh_weights", "goes back through the new W2", 0.05, "the new W2 is used",
        ('"d_A": [[-0.25, -0.5], [0, 0]]', '"d_A": [[-0.75, -0.5], [0, 0]]')),
    hidden("hidden_backprop_transposed", "transposes the gradient of W1", 0.1, "transposed: rows are inputs",
        ('"d_W1": [[-0.25, 0], [-0.5, 0]]', '"d_W1": [[-0.25, -0.5], [0, 0]]')),
    hidden("hidden_backprop_climbs", "adds the gradient", 0.05, "the step climbs",
        ('"new_W2": [1.5, 1]', '"new_W2": [-0.5, 1]')),
    hidden("hidden_backprop_summed_log_loss", "forgets 1/n in the log loss", 0.05, "divide by n",
        ('"L": 0.81326', '"L": 1.62652')),
    hidden("hidden_backprop_slope_kept", "keeps the slope of the sigmoid", 0.1, "cancels against the logarithm",
        ('"d_y_hat": [0.36553, -0.13447]', '"d_y_hat": [0.07187, -0.02644]')),
    hidden("hidden_backprop_rounded", "rounds too early", 0.05, "round at the end only",
        ('"p": [0.73106, 0.73106]', '"p": [0.73, 0.73]')),
    hidden("hidden_backprop_no_half", "forgets a factor of the loss", 0.05, "the 1/2, or", ('"L": 0.25', '"L": 0.5')),
    hidden("hidden_backprop_averaged_again", "divides by n a second time", 0.05, "averaged once more",
        ('"d_W2": [-1, 0]', '"d_W2": [-0.5, 0]')),
    hidden("hidden_backprop_before_the_relu", "takes Z for A", 0.05, "takes Z for A",
        ('"d_W2": [0.73106, -0.13447]', '"d_W2": [0.73106, -0.5]')),
    hidden("hidden_backprop_log_transposed", "transposes the gradient of W1", 0.05, "transposed: rows are inputs",
        ('"d_W1": [[0.18276, 0.13447], [0.36553, -0.26894]]', '"d_W1": [[0.18276, 0.36553], [0.13447, -0.26894]]')),
    hidden("hidden_backprop_log_climbs", "adds the gradient", 0.05, "the step climbs",
        ('"new_W2": [-0.23106, 1.13447]', '"new_W2": [1.23106, 0.86553]')),
]

MISTAKES = GRAPH + CHAIN + SIGMOID + LINEAR + NET + STEPS + HIDDEN

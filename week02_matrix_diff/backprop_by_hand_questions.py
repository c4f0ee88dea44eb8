"""What the checks of the worksheet ask: numbers worked out on paper, each with those before it, and five functions."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Question, Roles, checks_of, items, pairs, question, through, unchanged
from grader.checks.quiz.quiz import NotAnAnswer, read_array

check = checks_of(__name__)


def sheet(part, entries, rows):
    """Questions about a sheet: {names of entries: question}. They become names of this module.

    entries  {name: (variable, key, shape)}, in the order in which they are computed
    rows     (title, points, names of entries): one question each, which comes with all entries before its own
    """
    made: dict[tuple[str, ...], Question] = {}
    for title, points, names in rows:
        own = tuple(names.split())
        made[own] = _row(part, entries, title, points, own, tuple(made.values()))
    globals().update({row.name: row for row in made.values()})
    return made


def _row(part, entries, title, points, names, after):
    last = max(list(entries).index(name) for name in names)
    before = [name for name in list(entries)[:last] if name not in names]

    def ask(student):
        answer = {}
        for name in before:
            try:
                answer[name] = _entry(student, *entries[name])
            except (NotImplementedError, NotAnAnswer):
                answer[name] = None
        return answer | {name: _entry(student, *entries[name]) for name in names}

    ask.__doc__ = title
    made = question(f"test_{part}", points=points, name=f"{part}_{'_'.join(names)}", after=after)(ask)
    made.reading(lambda answer, case: [answer[name] for name in names])
    return made


def _entry(student, variable, key, shape):
    """The numbers that are written under a key, as an array of this shape."""
    sheet = getattr(student, variable)
    if not isinstance(sheet, dict) or key not in sheet:
        raise NotAnAnswer(f'{variable} must be a dictionary with the key "{key}"')
    return read_array(sheet[key], shape, f'{variable}["{key}"]')


def parts(found, count):
    """The results of a function that returns so many."""
    if not isinstance(found, (tuple, list, np.ndarray)) or len(found) != count:
        raise NotAnAnswer(f"{count} results are expected, in a tuple")
    return list(found)


def first_of(found):
    """The first of several results, or the only one."""
    return found[0] if isinstance(found, (tuple, list)) and len(found) else found


def leaves_alone(asked, *letters):
    """Of a question that returns [first result, [arguments]]: the arguments are as they were."""

    @asked.relation
    def kept(answer, case):
        changes = (unchanged(letter, now, getattr(case, letter)) for letter, now in zip(letters, answer[1]))  # noqa: B905
        return next(filter(None, changes), True)

    asked.reading(lambda answer, case: answer[0])


def along(asked, f, letter, name):
    """For `differences`: f(student, **case) as a function of this letter of the case."""
    asked.differences(lambda student, **case: ((lambda x: f(student, **{**case, letter: x})), case[letter]), name)


# graph

GRAPH = sheet(
    "graph",
    {name: ("graph_values", name, ()) for name in "abcdf"}
    | {f"d{name}": ("graph_gradients", name, ()) for name in "fdcbaxy"},
    [
        ("The values of a, b and c.", 0.05, "a b c"),
        ("The value of d, from your own c.", 0.05, "d"),
        ("The value of f, from your own nodes.", 0.05, "f"),
        ("The gradients that the sum passes back.", 0.05, "df dd db da"),
        ("The gradient of c, from your own numbers.", 0.05, "dc"),
        ("The gradient of x, from your own numbers.", 0.05, "dx"),
        ("The gradient of y, from your own numbers.", 0.05, "dy"),
    ],
)


@question("test_graph", points=0.15, probes=Roles())
def partial_derivatives(student, x, y):
    """graph_grads gives both partial derivatives at any point."""
    return parts(student.graph_grads(x, y), 2)


def graph(x, y):
    return np.square(x) + x * y + np.square(x + y)


partial_derivatives.differences(lambda student, x, y: [(lambda x: graph(x, y), x), (lambda y: graph(x, y), y)], "f")


# chain3


@question("test_chain3", points=0.15, probes=Roles())
def chain_last_weight(student, x, y, w1, w2, w3):
    """chain3_grads: the derivative by w3."""
    return parts(student.chain3_grads(x, y, w1, w2, w3), 3)[2]


@question("test_chain3", points=0.15, probes=Roles())
def chain_middle_weight(student, x, y, w1, w2, w3):
    """chain3_grads: the derivative by w2."""
    return parts(student.chain3_grads(x, y, w1, w2, w3), 3)[1]


@question("test_chain3", points=0.2, probes=Roles())
def chain_first_weight(student, x, y, w1, w2, w3):
    """chain3_grads: the derivative by w1."""
    return parts(student.chain3_grads(x, y, w1, w2, w3), 3)[0]


def error_of_chain(student, x, y, w1, w2, w3):
    return np.square(y - w3 * student.sigmoid(w2 * student.sigmoid(w1 * x))) / 2


along(chain_last_weight, error_of_chain, "w3", "E")
along(chain_middle_weight, error_of_chain, "w2", "E")
along(chain_first_weight, error_of_chain, "w1", "E")


# sigmoid_backward


@question("test_sigmoid_backward", points=0.25, probes=Roles(batch="z d_sigma"))
def sigmoid_matrix(student, z, d_sigma):
    """sigmoid_backward of a matrix."""
    return student.sigmoid_backward(z, d_sigma)


@question("test_sigmoid_backward", points=0.15, probes=Roles(batch="z d_sigma"))
def sigmoid_vector(student, z, d_sigma):
    """sigmoid_backward of a vector."""
    return student.sigmoid_backward(z, d_sigma)


for asked in (sigmoid_matrix, sigmoid_vector):
    asked.differences(lambda student, z, d_sigma: through(student.sigmoid, z, d_sigma), "the sigmoid")


@question("test_sigmoid_backward", points=0.1, form=pairs(None, items(length=2)))
def sigmoid_manners(student, z, d_sigma):
    """sigmoid_backward leaves its arguments alone."""
    return [student.sigmoid_backward(z, d_sigma), [z, d_sigma]]


leaves_alone(sigmoid_manners, "z", "d_sigma")

# linear_backward


@question("test_linear_backward", points=0.2, probes=Roles(batch="X dZ"))
def linear_inputs(student, X, W, dZ):
    """linear_backward: the gradient of X."""
    return parts(student.linear_backward(X, W, dZ), 2)[0]


@question("test_linear_backward", points=0.2, probes=Roles(batch="X dZ"))
def linear_weights(student, X, W, dZ):
    """linear_backward: the gradient of W."""
    return parts(student.linear_backward(X, W, dZ), 2)[1]


linear_inputs.differences(lambda student, X, W, dZ: through(lambda X: np.dot(X, W), X, dZ), "X W")
linear_weights.differences(lambda student, X, W, dZ: through(lambda W: np.dot(X, W), W, dZ), "X W")


@question("test_linear_backward", points=0.1, form=pairs(None, items(length=3)))
def linear_manners(student, X, W, dZ):
    """linear_backward leaves its arguments alone."""
    return [first_of(student.linear_backward(X, W, dZ)), [X, W, dZ]]


leaves_alone(linear_manners, "X", "W", "dZ")

# matrix_net


@question("test_matrix_net", points=0.25, probes=Roles(batch="X y"))
def net_last_weights(student, X, y, W1, W2, w3):
    """matrix_net_grads: the gradient of w3."""
    return parts(student.matrix_net_grads(X, y, W1, W2, w3), 3)[2]


@question("test_matrix_net", points=0.3, probes=Roles(batch="X y"))
def net_middle_weights(student, X, y, W1, W2, w3):
    """matrix_net_grads: the gradient of W2."""
    return parts(student.matrix_net_grads(X, y, W1, W2, w3), 3)[1]


@question("test_matrix_net", points=0.35, probes=Roles(batch="X y"))
def net_first_weights(student, X, y, W1, W2, w3):
    """matrix_net_grads: the gradient of W1."""
    return parts(student.matrix_net_grads(X, y, W1, W2, w3), 3)[0]


def error_of_net(student, X, y, W1, W2, w3):
    outputs = np.dot(student.sigmoid(np.dot(student.sigmoid(np.dot(X, W1)), W2)), w3)
    return np.mean(np.square(outputs - y)) / 2


along(net_last_weights, error_of_net, "w3", "E")
along(net_middle_weights, error_of_net, "W2", "E")
along(net_first_weights, error_of_net, "W1", "E")


@question("test_matrix_net", points=0.1, form=pairs(None, items(length=5)))
def net_manners(student, X, y, W1, W2, w3):
    """matrix_net_grads leaves its arguments alone."""
    return [first_of(student.matrix_net_grads(X, y, W1, W2, w3)), [X, y, W1, W2, w3]]


leaves_alone(net_manners, "X", "y", "W1", "W2", "w3")

# two_steps

STEPS = sheet(
    "two_steps",
    {
        f"{name}_{step}": (f"after_step_{step}", name, shape)
        for step in (1, 2)
        for name, shape in {"w3": (2,), "W2": (2, 2), "W1": (2, 2)}.items()
    }
    | {f"move_{name}": ("first_moves", name, ()) for name in ("w3", "W2", "W1")},
    [
        ("All weights after step 1.", 0.2, "w3_1 W2_1 W1_1"),
        ("w3 after step 2, from your own weights.", 0.2, "w3_2"),
        ("W2 after step 2, from your own weights.", 0.15, "W2_2"),
        ("W1 after step 2, from your own weights.", 0.15, "W1_2"),
        ("The step in which w3 moves first.", 0.1, "move_w3"),
        ("The step in which W2 moves first.", 0.1, "move_W2"),
        ("The step in which W1 moves first.", 0.1, "move_W1"),
    ],
)

# hidden_backprop

FORWARDS = {"Z": (2, 2), "A": (2, 2), "y_hat": (2,), "L": ()}
BACK = {"d_y_hat": (2,), "d_W2": (2,), "d_A": (2, 2), "d_Z": (2, 2), "d_W1": (2, 2)}
NEW = {"new_W2": (2,), "new_W1": (2, 2)}
HEADS = sheet(
    "hidden_backprop",
    {name: ("squared_head", name, shape) for name, shape in (FORWARDS | BACK | NEW).items()}
    | {"p": ("log_head", "p", (2,))}
    | {f"log_{name}": ("log_head", name, shape) for name, shape in ({"L": ()} | BACK | NEW).items()},
    [
        ("Forwards: Z, A and the outputs, each from your own numbers.", 0.1, "Z A y_hat"),
        ("The squared loss, from your own outputs.", 0.05, "L"),
        ("Squared loss: the gradient that enters the network.", 0.1, "d_y_hat"),
        ("Squared loss: the gradient of W2, from your own numbers.", 0.05, "d_W2"),
        ("Squared loss: the gradient of A, from your own numbers.", 0.05, "d_A"),
        ("Squared loss: the gradient of Z, from your own numbers.", 0.1, "d_Z"),
        ("Squared loss: the gradient of W1, from your own numbers.", 0.1, "d_W1"),
        ("Squared loss: the weights after the step.", 0.05, "new_W2 new_W1"),
        ("Log loss: the probabilities, from your own outputs.", 0.05, "p"),
        ("The log loss, from your own probabilities.", 0.05, "log_L"),
        ("Log loss: the gradient that enters the network.", 0.1, "log_d_y_hat"),
        ("Log loss: the gradient of W2, from your own numbers.", 0.05, "log_d_W2"),
        ("Log loss: the gradients of A and Z.", 0.05, "log_d_A log_d_Z"),
        ("Log loss: the gradient of W1, from your own numbers.", 0.05, "log_d_W1"),
        ("Log loss: the weights after the step.", 0.05, "log_new_W2 log_new_W1"),
    ],
)

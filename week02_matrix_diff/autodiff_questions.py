"""What the checks of automatic differentiation ask, in the notebook and when they are graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import time

import numpy as np

from grader.checks.questions import Roles, array, checks_of, items, lent, pairs, question, unchanged

check = checks_of(__name__)

# Expressions in a, b and c, which are Values, or Tensors; the keys know their derivatives, and nobody else.
OPERATIONS = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "a ** 3": lambda a, b: a**3,
    "b ** -2": lambda a, b: b**-2,
    "b ** 0.5": lambda a, b: b**0.5,
    "-a": lambda a, b: -a,
    "a.exp()": lambda a, b: a.exp(),
    "b.log()": lambda a, b: b.log(),
    "a.tanh()": lambda a, b: a.tanh(),
    "a.relu()": lambda a, b: a.relu(),
    "(-b).relu()": lambda a, b: (-b).relu(),
}
WITH_NUMBERS = {
    "2 + a": lambda a: 2 + a,
    "a + 2": lambda a: a + 2,
    "3 - a": lambda a: 3 - a,
    "a - 3": lambda a: a - 3,
    "2.5 * a": lambda a: 2.5 * a,
    "a * 2.5": lambda a: a * 2.5,
    "2 / a": lambda a: 2 / a,
    "a / 2": lambda a: a / 2,
}
AT_ZERO = {
    "x ** 1 at 0": lambda x: x**1,
    "x ** 2 at 0": lambda x: x**2,
    "x ** 3 at 0": lambda x: x**3,
    "x.relu() at 0": lambda x: x.relu(),
}


def square_twice(a, b):
    """(a + b)^2, with the sum made once and used twice."""
    s = a + b
    return s * s


def woven(a, b):
    """Nodes of different depth that meet: where one is done before all its uses, something is missing."""
    d = a * b
    e = d + a
    f = d * e
    g = f * e
    return g + d


def ladder(a, b):
    """Every rung uses the two before it."""
    for _ in range(6):
        product = a * b
        a, b = b, product + a
    return b


SHARED = {
    "a * a": lambda a, b: a * a,
    "a + a": lambda a, b: a + a,
    "s * s, s = a + b": square_twice,
    "f * e + d, where d = a * b, e = d + a, f = d * e": woven,
    "six rungs of a, b = b, a * b + a": ladder,
}


# Value


def data_of(results):
    return [one.data for one in results]


@question("test_value", points=0.2, probes=Roles())
def operations_compute(student, a, b):
    """data of every operation, with Values and with numbers on either side"""
    found = [build(student.Value(a), student.Value(b)) for build in OPERATIONS.values()]
    found += [build(student.Value(a)) for build in WITH_NUMBERS.values()]
    found += [student.Value(far).tanh() for far in (20.0, -20.0)]
    return data_of(found)


NUMBERS = Roles(fixed="a b far")


def gradients(make, build, *numbers):
    """The grad of each leaf, made of these numbers, after one pass back from what `build` makes of the leaves."""
    leaves = [make(number) for number in numbers]
    build(*leaves).backward()
    return np.array([leaf.grad for leaf in leaves])


@question("test_value", points=0.4, probes=NUMBERS)
def operations_send_back(student, a, b):
    """the derivative of every operation"""
    return [gradients(student.Value, build, a, b) for build in OPERATIONS.values()]


@question("test_value", points=0.2)
def numbers_on_either_side(student, a):
    """the derivative where one side is a number, and powers and relu at 0"""
    found = [gradients(student.Value, build, a) for build in WITH_NUMBERS.values()]
    return [*found, *(gradients(student.Value, build, 0.0) for build in AT_ZERO.values())]


@question("test_value", points=0.3, probes=NUMBERS)
def shared_nodes(student, a, b):
    """a node that is used more than once: its gradients add up, and it waits for all of them"""
    return [gradients(student.Value, build, a, b) for build in SHARED.values()]


@question("test_value", points=0.2, probes=NUMBERS)
def several_passes(student, a, b, far):
    """several passes: gradients add up in the leaves, and start anew where grad is set to 0"""
    x, y = student.Value(a), student.Value(b)
    at_first = np.array([x.grad, y.grad])
    inner = x * y
    longer = inner * x
    outer = longer + inner
    found = [at_first]
    outer.backward()
    outer.backward()
    found.append(np.array([x.grad, y.grad]))
    x.grad = y.grad = 0.0
    inner.backward()
    outer.backward()
    found.append(np.array([x.grad, y.grad]))
    x.grad = y.grad = 0.0
    x.data = far
    inner = x * y
    (inner * x).backward()
    found.append(np.array([x.grad, y.grad]))
    y.backward()
    return [*found, np.array([y.grad])]


def seconds_of(call):
    """Of this thread's own work: other programs do not count."""
    start = time.thread_time()
    call()
    return time.thread_time() - start


@question("test_value", points=0.2, seconds=25)
def long_and_wide(student, a, rate):
    """a chain of 10 000 nodes, and a graph with a million million million paths"""
    x = student.Value(a)
    chain = x
    for _ in range(5000):
        chain = chain * (1 + rate / 10_000) + 0.001
    once = seconds_of(chain.backward)
    for depth in (20, 60):  # walking every path takes a hundred times as long for 20, and would never end for 60
        y = student.Value(a)
        doubled = y
        for _ in range(depth):
            doubled = doubled + doubled
        if seconds_of(doubled.backward) > 10 * once + 0.02:
            break
    return [chain.data, x.grad, y.grad]


# unbroadcast

AXES_IN_FRONT = [((5, 4), (4,)), ((3, 4), ()), ((2, 3, 4), (3, 4)), ((6,), ())]
AXES_OF_ONE = [
    ((3, 4), (1, 4)),
    ((3, 4), (3, 1)),
    ((3, 4), (1, 1)),
    ((2, 5, 4), (5, 1)),
    ((2, 3, 4), (1, 3, 1)),
    ((3, 4), (3, 4)),
]


def undone(student, grads, shapes):
    """What comes back, and the arguments afterwards."""
    given = [np.array(grad) for grad in grads]
    return [[np.array(student.unbroadcast(grad, tuple(shape))) for grad, shape in zip(given, shapes)], given]  # noqa: B905


def of_undone(case):
    return pairs(pairs(*(array(*shape) for shape in case.shapes)), None)


@question("test_unbroadcast", points=0.25, form=of_undone, probes=Roles(fixed="grads shapes"))
def sums_axes_in_front(student, grads, shapes):
    """axes that broadcasting put in front are summed"""
    return undone(student, grads, shapes)


@question("test_unbroadcast", points=0.25, form=of_undone, probes=Roles(fixed="grads shapes"))
def sums_axes_of_one(student, grads, shapes):
    """axes of length 1 are summed and stay, and the rest is left as it is"""
    return undone(student, grads, shapes)


def leaves_grads(answer, case):
    for now, before in zip(answer[1], case.grads):  # noqa: B905
        if told := unchanged("grad", now, np.array(before)):
            return told
    return True


for one in (sums_axes_in_front, sums_axes_of_one):
    one.relation(leaves_grads)
    one.reading(lambda answer, case: answer[0])


@lent
def unbroadcast(grad, shape):
    """grad summed to an array of this shape."""


# Tensor: every result is weighed with numbers of its own and summed, so that each entry has another gradient


def weighed(make, build, arrays, weights):
    """The grads of Tensors of these arrays, after a pass back from the sum of weights * build(...)."""
    leaves = [make(np.array(one)) for one in arrays]
    (build(*leaves) * make(np.array(weights))).sum().backward()
    return [np.array(leaf.grad) for leaf in leaves]


ELEMENTWISE = {
    "A + b": lambda A, b: A + b,
    "b - A": lambda A, b: b - A,
    "A * b": lambda A, b: A * b,
    "A / b": lambda A, b: A / b,
    "b / A": lambda A, b: b / A,
}
FUNCTIONS = {
    "A.exp()": lambda A: A.exp(),
    "A.log()": lambda A: A.log(),
    "A.tanh()": lambda A: A.tanh(),
    "(A - 1.5).relu()": lambda A: (A - 1.5).relu(),
    "2 - A": lambda A: 2 - A,
    "3 / A": lambda A: 3 / A,
    "1 + 2 * A": lambda A: 1 + 2 * A,
    "A / 4 - 1": lambda A: A / 4 - 1,
}
SUMS = {
    "A.sum(axis=0)": lambda A: A.sum(axis=0),
    "A.sum(1, keepdims=True)": lambda A: A.sum(1, keepdims=True),
    "A.sum(axis=-1)": lambda A: A.sum(axis=-1),
    "A.sum(keepdims=True)": lambda A: A.sum(keepdims=True),
}


def of_tensors(case):
    return items(length=len(ELEMENTWISE) + len(FUNCTIONS) + len(SUMS) + 6)


@question("test_tensor", points=0.2, lends=(unbroadcast,), form=of_tensors)
def tensors_compute(student, A, b, C, whole):
    """data, its type, and zeros in grad at first"""
    T = student.Tensor
    first, number = T(np.array(A)), T(np.array(whole))
    found = [build(T(np.array(A)), T(np.array(b))).data for build in ELEMENTWISE.values()]
    found += [build(T(np.array(A))).data for build in [*FUNCTIONS.values(), *SUMS.values()]]
    found += [(T(np.array(A)) @ T(np.array(C))).data, T(np.array(A)).T.data, T(np.array(A)).sum().data]
    begun = [np.array(first.grad), str(np.asarray(first.grad).dtype), str(number.data.dtype)]
    return [*[np.array(one) for one in found], *begun]


@tensors_compute.relation
def _(answer, case):
    """data and grad are to be float64, whatever the type of the array: convert it when a Tensor is made"""
    return answer[-2:] == ["float64", "float64"]


@tensors_compute.reading
def _(answer, case):
    return answer[:-2]


@question("test_tensor", points=0.3, lends=(unbroadcast,))
def broadcasting_is_undone(student, several):
    """the derivatives of + - * / for shapes that broadcasting fits together"""
    return [
        grad
        for A, b, weights in several
        for build in ELEMENTWISE.values()
        for grad in weighed(student.Tensor, build, [A, b], weights)
    ]


@question("test_tensor", points=0.2, lends=(unbroadcast,))
def products(student, A, C, weights, turned):
    """the derivatives of A @ C and of A.T"""
    product = weighed(student.Tensor, lambda A, C: A @ C, [A, C], weights)
    return [*product, *weighed(student.Tensor, lambda A: A.T, [A], turned)]


@question("test_tensor", points=0.15, lends=(unbroadcast,))
def functions_and_sums(student, A, several):
    """the derivatives of the functions, of sums, and where a number stands beside a Tensor"""
    built = [*FUNCTIONS.values(), *SUMS.values()]
    return [weighed(student.Tensor, build, [A], weights)[0] for build, weights in zip(built, several)]  # noqa: B905


@question("test_tensor", points=0.15, lends=(unbroadcast,))
def tensors_are_shared(student, A, b):
    """gradients add up: in shared nodes, over several passes, and in no one else's array"""
    x, y = student.Tensor(np.array(A)), student.Tensor(np.array(b))
    total = (square_twice(x, y) + x).sum(axis=0).sum(keepdims=True)
    total.backward()
    total.backward()
    twice = [np.array(x.grad), np.array(y.grad)]
    p, q = student.Tensor(np.array(A)), student.Tensor(np.array(A))
    (p + q).sum().backward()
    p.sum(keepdims=True).backward()  # were the two gradients one array, q would get this, too
    u, v = student.Tensor(np.array(A)), student.Tensor(np.array(A))
    product = u * v
    ((product + u) + (product + v)).sum().backward()  # every + hands the same array to both sides
    return [*twice, *(np.array(one.grad) for one in (p, q, u, v))]

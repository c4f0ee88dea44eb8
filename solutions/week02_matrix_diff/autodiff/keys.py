"""Keys of automatic differentiation: every derivative by a complex step, which knows nothing of graphs.

For a function that is analytic, Im f(x + ih) / h is f'(x) to rounding, for h = 1e-30 (Squire and Trapp, 1998).
"""

from itertools import product

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.slopes import in_place_of_a_slope
from week02_matrix_diff import autodiff_questions as asked

from .other_passes import other_passes

STEP = 1e-30


class Complex:
    """A complex array with the operations of Value and Tensor."""

    def __init__(self, z):
        self.z = np.asarray(z, dtype=complex)

    def __add__(self, other):
        return Complex(self.z + _z(other))

    def __mul__(self, other):
        return Complex(self.z * _z(other))

    def __sub__(self, other):
        return Complex(self.z - _z(other))

    def __rsub__(self, other):
        return Complex(_z(other) - self.z)

    def __truediv__(self, other):
        return Complex(self.z / _z(other))

    def __rtruediv__(self, other):
        return Complex(_z(other) / self.z)

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, exponent):
        if float(exponent).is_integer() and exponent > 0:
            return Complex(np.prod([self.z] * int(exponent), axis=0))  # exact at 0, too
        return Complex(self.z**exponent)

    def __neg__(self):
        return Complex(-self.z)

    def __matmul__(self, other):
        return Complex(self.z @ other.z)

    @property
    def T(self):
        return Complex(self.z.T)

    def exp(self):
        return Complex(np.exp(self.z))

    def log(self):
        return Complex(np.log(self.z))

    def tanh(self):
        return Complex(np.tanh(self.z))

    def relu(self):
        return Complex(np.where(self.z.real > 0, self.z, 0))

    def sum(self, axis=None, keepdims=False):
        return Complex(self.z.sum(axis=axis, keepdims=keepdims))


def _z(one):
    return one.z if isinstance(one, Complex) else one


def values(build, *arrays):
    """What `build` gives, as numbers."""
    return build(*map(Complex, arrays)).z.real


def slopes(build, arrays, weights=1.0):
    """For each array the gradient of the sum of weights * build(...)."""
    found = []
    for place, array in enumerate(arrays):
        gradient = np.zeros(np.shape(array))
        for index in np.ndindex(np.shape(array)):
            moved = [np.array(one, dtype=complex) for one in arrays]
            moved[place][index] += 1j * STEP
            gradient[index] = np.sum(weights * build(*map(Complex, moved)).z).imag / STEP
        found.append(gradient)
    return found


def each(build, numbers, names, what, mistakes=None):
    """A Right for the gradients of an expression in numbers."""
    return Right(np.array(slopes(build, numbers)), f"{what}: grad of {names}", _arrays(mistakes or {}))


def _arrays(mistakes):
    return {text: np.array(value) for text, value in mistakes.items()}


# Value


def two(rng):
    """a from 0.5 to 1, b from 1.2 to 1.8: no operation is at an edge, and no two slopes are alike."""
    return Case(a=float(rng.uniform(0.5, 1.0)), b=float(rng.uniform(1.2, 1.8)))


@key(asked.operations_compute)
class _:
    draw = two

    def right(case):
        a, b = case.a, case.b
        turned = {"3 - a": {"turned round, a - 3": a - 3}, "2 / a": {"turned round, a / 2": a / 2}}
        both = [Right(float(values(build, a, b)), f"data of {what}") for what, build in asked.OPERATIONS.items()]
        alone = [
            Right(float(values(build, a)), f"data of {what}", turned.get(what, {}))
            for what, build in asked.WITH_NUMBERS.items()
        ]
        return [*both, *alone, Right(1.0, "data of tanh at 20"), Right(-1.0, "data of tanh at -20")]


NO_BRACKETS = "the slope of x ** n is taken as n x^n - 1: the exponent n - 1 needs brackets"


def slips_of(what, a, b):
    """Slips that are usual for one operation."""
    if what in POWERS:
        place, n = POWERS[what]
        x = {"a": a, "b": b}[place]
        first = place == "a"
        no_brackets = n * x**n - 1
        usual = {"a ** 3": {"the exponent does not come down": [a**2, 0.0]}}
        usual["b ** -2"] = {"the new exponent is -1; it is one less, so -3": [0.0, -2 / b]}
        return {NO_BRACKETS: [no_brackets * first, no_brackets * (not first)], **usual.get(what, {})}
    return {
        "a - b": {"the minus sign is lost on the way back": [1.0, 1.0]},
        "a * b": {"each factor gets itself; it is the other one that is its slope": [a, b]},
        "a / b": {
            "the minus sign of the denominator is lost": [1 / b, a / b**2],
            f"a / b is built of b ** -1: {NO_BRACKETS}": [1 / b, a * (-1 / b - 1)],
        },
        "a.tanh()": {
            "1 - a^2; the square is that of the output": [1 - a**2, 0.0],
            "1 - tanh(a^2); the square is that of the output": [1 - np.tanh(a**2), 0.0],
        },
    }.get(what, {})


OF_ONE = {  # operations on one number: which, and what comes out
    "a.exp()": ("a", np.exp),
    "b.log()": ("b", np.log),
    "a.tanh()": ("a", np.tanh),
    "b ** 0.5": ("b", np.sqrt),
}
POWERS = {"a ** 3": ("a", 3), "b ** -2": ("b", -2), "b ** 0.5": ("b", 0.5)}
OF_POWERS = {
    "x^(n-1)": lambda x, n: x ** (n - 1),
    "n x^n": lambda x, n: n * x**n,
    "n x": lambda x, n: n * x,
    "n": lambda x, n: n,
    "n x^(n+1)": lambda x, n: n * x ** (n + 1),
    "(n - 1) x^(n-1)": lambda x, n: (n - 1) * x ** (n - 1),
    "|n| x^(n-1)": lambda x, n: abs(n) * x ** (n - 1),
    "x^n / n": lambda x, n: x**n / n,
    "n log(x)": lambda x, n: n * np.log(x),
}


def other_slopes(a, b):
    """Of all operations the gradients, one of them with another slope: {words: list of arrays}."""
    right = {what: np.array(slopes(build, (a, b))) for what, build in asked.OPERATIONS.items()}
    plain = {"1": 1.0, "0": 0.0, "-1": -1.0, "a": a, "b": b, "a b": a * b, "a / b": a / b}
    plain |= {"1 / a": 1 / a, "1 / b": 1 / b, "1 / b^2": b**-2, "a / b^2": a / b**2}
    found = {}

    def put(what, place, words, slope):
        wrong = right[what].copy()
        wrong["ab".index(place)] = slope
        found[words] = [wrong if of == what else numbers for of, numbers in right.items()]

    for what in list(asked.OPERATIONS)[:4]:
        for (words, slope), place in product(plain.items(), "ab"):
            put(what, place, f"what comes with {words} as the slope of {what} in {place}", slope)
    for what, (place, function) in OF_ONE.items():
        x = {"a": a, "b": b}[place]
        for words, slope in in_place_of_a_slope(**{place: np.array(x), f"its result, {what},": function(np.array(x))}):
            put(what, place, f"what comes with {words} in place of the slope of {what}", slope)
        put(what, place, f"what comes with 1 / {place} in place of the slope of {what}", 1 / x)
        put(what, place, f"what comes with 1 / its result in place of the slope of {what}", 1 / function(x))
    for (what, (place, n)), (words, slope) in product(POWERS.items(), OF_POWERS.items()):
        told = f"what comes with {words} as the slope of {what}, x being {place} and n the exponent"
        put(what, place, told, slope({"a": a, "b": b}[place], n))
    return found


@key(asked.operations_send_back)
class _:
    draw = two

    def right(case):
        a, b = case.a, case.b
        return [each(build, (a, b), "a and b", what, slips_of(what, a, b)) for what, build in asked.OPERATIONS.items()]

    def others(case):
        return other_slopes(case.a, case.b)


@key(asked.numbers_on_either_side)
class _:
    def draw(rng):
        return Case(a=float(rng.uniform(0.5, 1.0)))

    def right(case):
        built = {"2 / a": {f"2 / a is built of a ** -1: {NO_BRACKETS}": [2 * (-1 / case.a - 1)]}}
        found = [each(build, (case.a,), "a", what, built.get(what)) for what, build in asked.WITH_NUMBERS.items()]
        slopes_at_zero = zip(asked.AT_ZERO, (1.0, 0.0, 0.0, 0.0), strict=True)
        return [*found, *(Right(np.array([slope]), f"{what}: grad of x") for what, slope in slopes_at_zero)]


@key(asked.shared_nodes)
class _:
    draw = two

    def right(case):
        a, b = case.a, case.b
        last_only = "only one use of a node counts; gradients of all its uses add up: += in place of ="
        mistakes = {"a * a": {last_only: [a, 0.0]}, "a + a": {last_only: [1.0, 0.0]}}
        return [each(build, (a, b), "a and b", what, mistakes.get(what)) for what, build in asked.SHARED.items()]

    def others(case):
        return other_passes(asked.shared_nodes, case)


@key(asked.several_passes)
class _:
    def draw(rng):
        return Case(a=float(rng.uniform(0.5, 1)), b=float(rng.uniform(1.2, 1.8)), far=float(rng.uniform(2, 3)))

    def right(case):
        a, b, far = case.a, case.b, case.far

        def outer(x, y):
            return x * y * x + x * y

        one, inner = np.array(slopes(outer, (a, b))), np.array(slopes(lambda x, y: x * y, (a, b)))
        changed = np.array(slopes(lambda x, y: x * y * x, (far, b)))
        kept = "the nodes in between still hold the gradients of the pass before, and send them once more"
        twice = {
            "the second pass replaces the first; grad adds up until somebody sets it to 0": one,
            kept: np.array([7 * a * b + 3 * b, 4 * a * a + 3 * a]),
        }
        both = {kept: one + inner + inner, "the second pass replaces the first": one}
        return [
            Right(np.zeros(2), "grad at first"),
            Right(2 * one, "grad after two passes from one result", twice),
            Right(one + inner, "grad after a pass from a part and one from the whole", both),
            Right(changed, "grad after data and grad were set"),
            Right(changed[1:] + 1, "grad of a Value that is itself the result"),
        ]

    def others(case):
        return other_passes(asked.several_passes, case)


@key(asked.long_and_wide)
class _:
    def draw(rng):
        return Case(a=float(rng.uniform(0.5, 1.0)), rate=float(rng.uniform(1, 4)))

    def right(case):
        factor = 1 + case.rate / 10_000
        power = factor**5000
        end = case.a * power + 0.001 * (power - 1) / (factor - 1)
        return [
            Right(end, "data at the end of the chain"),
            Right(power, "grad at the beginning of the chain"),
            Right(
                2.0**60,
                "grad of what is doubled 60 times",
                {"stopped after 20 doublings: every path was walked by itself; go through each node once": 2.0**20},
            ),
        ]


# unbroadcast


def summed(grad, shape):
    """Entry by entry: every entry of grad goes where broadcasting had taken it from."""
    found = np.zeros(shape)
    places = np.broadcast_to(np.arange(max(found.size, 1)).reshape(shape), grad.shape)
    np.add.at(found.reshape(-1), places.ravel(), grad.ravel())
    return found


REDUCTIONS = {
    "the mean of all copies": np.mean,
    "the first copy": lambda copies: copies[0],
    "the last copy": lambda copies: copies[-1],
    "the largest of all copies": np.max,
    "the number of copies": len,
}


def reduced(grad, shape, function):
    """Of the entries of grad that one entry was copied to what a function gives, for each entry."""
    places = np.broadcast_to(np.arange(np.prod(shape, dtype=int)).reshape(shape), grad.shape)
    return np.array([function(grad[places == place]) for place in range(places.max() + 1)], dtype=float).reshape(shape)


def key_of_shapes(one, shapes):
    @key(one)
    class _:
        def draw(rng):
            return Case(grads=[rng.normal(size=of) for of, _ in shapes], shapes=[list(to) for _, to in shapes])

        def others(case):
            pairs = list(zip(case.grads, map(tuple, case.shapes), strict=True))
            return {
                f"{words}, not their sum": [reduced(grad, shape, function) for grad, shape in pairs]
                for words, function in REDUCTIONS.items()
            }

        def right(case):
            found = []
            for grad, shape in zip(case.grads, map(tuple, case.shapes), strict=True):
                right = summed(grad, shape)
                mistakes = {
                    "the mean; copies add up": right * right.size / grad.size,
                    "the first copy alone; all of them count": grad[(0,) * (grad.ndim - len(shape))][
                        tuple(slice(length) for length in shape)
                    ],
                }
                kept = {text: wrong for text, wrong in mistakes.items() if not np.allclose(wrong, right)}
                found.append(Right(right, f"unbroadcast of {grad.shape} to {shape}", kept))
            return found


key_of_shapes(asked.sums_axes_in_front, asked.AXES_IN_FRONT)
key_of_shapes(asked.sums_axes_of_one, asked.AXES_OF_ONE)


# Tensor


def lends(case):
    return {"unbroadcast": lambda grad, shape: summed(np.asarray(grad, dtype=float), tuple(shape))}


@key(asked.tensors_compute)
class _:
    lent = lends

    def draw(rng):
        case = Case(
            A=rng.uniform(0.5, 3, size=(3, 4)),
            b=rng.uniform(0.5, 3, size=4),
            C=rng.normal(size=(4, 2)),
            whole=rng.integers(1, 9, size=(2, 3)),
        )
        case.A[2, 1:3] = 2e-4, 3e-7  # so small that the log knows of what is added before it
        return case

    def right(case):
        A, b, C = case.A, case.b, case.C
        found = [Right(values(build, A, b), f"data of {what}") for what, build in asked.ELEMENTWISE.items()]
        alone = {**asked.FUNCTIONS, **asked.SUMS}
        logs = {
            f"log(A + {eps:g}); log(A) is asked for": np.log(A + eps)
            for eps in (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
        }
        found += [
            Right(values(build, A), f"data of {what}", logs if what == "A.log()" else {})
            for what, build in alone.items()
        ]
        found += [Right(A @ C, "data of A @ C"), Right(A.T, "data of A.T"), Right(A.sum(), "data of A.sum()")]
        return [*found, Right(0 * A, "grad at first")]


@key(asked.broadcasting_is_undone)
class _:
    lent = lends

    def draw(rng):
        shapes = [((3, 4), (4,)), ((3, 1), (1, 4)), ((2, 3, 4), (3, 1)), ((3, 2), ())]
        several = []
        for one, other in shapes:
            weights = rng.normal(size=np.broadcast_shapes(one, other))
            several.append((rng.uniform(0.5, 3, size=one), np.array(rng.uniform(0.5, 3, size=other)), weights))
        return Case(several=several)

    def right(case):
        found = []
        for A, b, weights in case.several:
            for what, build in asked.ELEMENTWISE.items():
                dA, db = slopes(build, (A, b), weights)
                where = f"{what}, shapes {np.shape(A)} and {np.shape(b)}: grad of"
                found += [Right(dA, f"{where} A"), Right(db, f"{where} b")]
        return found


@key(asked.products)
class _:
    lent = lends

    def draw(rng):
        A, C = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
        return Case(A=A, C=C, weights=rng.normal(size=(3, 2)), turned=rng.normal(size=(4, 3)))

    def right(case):
        dA, dC = slopes(lambda A, C: A @ C, (case.A, case.C), case.weights)
        (turned,) = slopes(lambda A: A.T, (case.A,), case.turned)
        return [Right(dA, "A @ C: grad of A"), Right(dC, "A @ C: grad of C"), Right(turned, "A.T: grad of A")]


@key(asked.functions_and_sums)
class _:
    lent = lends

    def draw(rng):
        A = rng.uniform(0.6, 2.9, size=(3, 4))
        A[1, 2] = 1.5  # where relu of A - 1.5 has its kink: slope 0
        built = [*asked.FUNCTIONS.values(), *asked.SUMS.values()]
        return Case(A=A, several=[np.array(rng.normal(size=np.shape(values(build, A)))) for build in built])

    def right(case):
        built = {**asked.FUNCTIONS, **asked.SUMS}
        return [
            Right(slopes(build, (case.A,), weights)[0], f"{what}: grad of A")
            for (what, build), weights in zip(built.items(), case.several, strict=True)
        ]


@key(asked.tensors_are_shared)
class _:
    lent = lends

    def draw(rng):
        return Case(A=rng.normal(size=(3, 4)), b=rng.normal(size=4))

    def right(case):
        dA, db = slopes(lambda x, y: (x + y) * (x + y) + x, (case.A, case.b))
        once = "the second pass replaces the first; grad adds up"
        in_place = "+= changes an array that other nodes have as well; write x = x + y"
        return [
            Right(2 * dA, "grad of x after two passes", {once: dA}),
            Right(2 * db, "grad of y after two passes", {once: db}),
            Right(2.0 + 0 * case.A, "grad of p, which is in two results"),
            Right(
                1.0 + 0 * case.A, "grad of q, which is in one", {"p and q share one array for grad": 2.0 + 0 * case.A}
            ),
            *(
                Right(2 * case.A + 1, f"grad of {name} in (u v + u) + (u v + v)", {in_place: wrong})
                for name in "uv"
                for wrong in [4 * case.A + 4]
            ),
        ]

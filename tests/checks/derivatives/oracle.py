"""Another way to evaluate a line of a derivation: Python's own parser, and differentials by a complex step.

Nothing of the language's own code is used. For texts of tests only: it executes them.
"""

import ast
import re

import numpy as np

H = 1e-30


class M:
    """A matrix; its imaginary part, over H, is its slope."""

    __array_ufunc__ = None

    def __init__(self, a):
        self.a = np.asarray(a, dtype=complex)

    @property
    def T(self):
        return M(self.a.T)

    def __add__(self, o):
        return M(self.by_entries(of(o), np.add))

    def __sub__(self, o):
        return M(self.by_entries(of(o), np.subtract))

    def __mul__(self, o):
        return M(self.by_entries(of(o), np.multiply))

    def __truediv__(self, o):
        return M(self.by_entries(of(o), np.divide))

    __radd__ = __add__
    __rmul__ = __mul__

    def __rsub__(self, o):
        return of(o) - self

    def __rtruediv__(self, o):
        return of(o) / self

    def __neg__(self):
        return M(-self.a)

    def __pow__(self, p):
        return M(self.a**p)

    def by_entries(self, o, f):
        a, b = self.a, o.a
        assert (
            a.shape == b.shape
            or a.size == 1
            or b.size == 1
            or (a.shape[0] == b.shape[0] and 1 in (a.shape[1], b.shape[1]))
        )
        return f(a, b)

    def __matmul__(self, o):
        a, b = self.a, of(o).a
        if a.size == 1 or b.size == 1:
            return M(a * b)
        if a.shape[1] != b.shape[0] and a.shape[1] == 1:
            a = a.T
        return M(a @ b)

    def __rmatmul__(self, o):
        return of(o) @ self


def of(value):
    return value if isinstance(value, M) else M([[value]])


def softmax(x):
    e = np.exp(of(x).a)
    return M(e / e.sum(axis=1, keepdims=True))


def inner(G, dX):
    assert of(G).a.shape == of(dX).a.shape
    return M([[np.sum(of(G).a * of(dX).a)]])


def outer(x, y):
    assert of(x).a.shape[1] == of(y).a.shape[1] == 1
    return M(of(x).a @ of(y).a.T)


def entrywise(f):
    return lambda x: M(f(of(x).a))


def determinant(x):
    (n, m), a = of(x).a.shape, of(x).a
    assert n == m
    d = np.linalg.det(a.real)
    return M([[d + 1j * d * np.trace(np.linalg.solve(a.real, a.imag))]])


def inverse(x):
    assert of(x).a.shape[0] == of(x).a.shape[1]
    b = np.linalg.inv(of(x).a.real)
    return M(b - 1j * b @ of(x).a.imag @ b)


def trace(x):
    assert of(x).a.shape[0] == of(x).a.shape[1]
    return M([[np.trace(of(x).a)]])


FUNCTIONS = {
    "tr": trace,
    "inv": inverse,
    "det": determinant,
    "log": entrywise(np.log),
    "exp": entrywise(np.exp),
    "tanh": entrywise(np.tanh),
    "sqrt": entrywise(np.sqrt),
    "softmax": softmax,
    "norm": lambda x: M([[np.sqrt(np.sum(of(x).a ** 2))]]),
    "sum": lambda x, axis=None: M(np.sum(of(x).a, axis=axis, keepdims=True)),
    "outer": outer,
    "d": lambda x: M(of(x).a.imag / H),
    "inner": inner,
}


def value(text, letters, directions, named=()):
    """The value of a line, real; raises whatever goes wrong. named: (name, text) of the named parts, in order."""
    known = dict(FUNCTIONS)
    for name, matrix in letters.items():
        known[name] = M(matrix + 1j * H * directions.get(name, np.zeros_like(matrix)))
        known[f"d{name}"] = M(directions.get(name, np.zeros_like(matrix)))
    for name, one in named:
        known[name] = evaluated(one, known)
        known[f"d{name}"] = known["d"](known[name])
    return of(evaluated(text, known)).a.real


def evaluated(text, known):
    text = re.sub(r"\bnp\.(linalg\.)?", "", text).replace("trace(", "tr(").replace("ln(", "log(")
    text = re.sub(r"<", "inner(", text).replace(">", ")")
    tree = ast.parse(" ".join(text.split()), mode="eval")
    return eval(compile(tree, "line", "eval"), {"__builtins__": {}}, known)

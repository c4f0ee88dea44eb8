"""The functions that the derivations of the matrix derivatives are about, as the exercises state them."""

from grader.checks.derivatives.derivation import Function

_REST = "(y - X @ w)"
_SQUARE = {"A": "n n", "X": "n n"}

FUNCTIONS = {
    "quadratic": Function("x.T @ A @ x", {"x": "n", "A": "n n"}, ("x",), 2, "terms"),
    "log_quadratic": Function("log(x.T @ A @ x)", {"x": "n", "A": "n n"}, ("x",), 2, "terms or part"),
    "sandwich": Function("a.T @ X @ A @ X @ a", {"a": "n", **_SQUARE}, ("X",), 2, "terms"),
    "inverse": Function("inv(X)", {"X": "n n"}, ("X",), 2, "inverse"),
    "trace_axb": Function("tr(A @ X @ B)", {"A": "p m", "X": "m n", "B": "n p"}, ("X",), 2, "before"),
    "trace_axx": Function("tr(A @ X.T @ X)", {"A": "n n", "X": "m n"}, ("X",), 2, "terms"),
    "logdet": Function("log(det(X))", {"X": "n n"}, ("X",), 2, "part"),
    "trace_axbinv": Function("tr(A @ X @ B @ inv(X))", {**_SQUARE, "B": "n n"}, ("X",), 2, "terms"),
    "det_sandwich": Function("det(X.T @ A @ X)", {"X": "n k", "A": "n n"}, ("X",), 3, "terms or part"),
    "ridge": Function(
        f"{_REST}.T @ {_REST} + lam * w.T @ w",
        {"w": "m", "X": "n m", "y": "n", "lam": ""},
        ("w",),
        2,
        "terms or part",
    ),
    "factorization_A": Function("norm(X - A @ S)**2", {"X": "n m", "A": "n k", "S": "k m"}, ("A",), 3, "before"),
    "two_layer": Function(
        "-sum(Y * log(softmax(tanh(X @ W1) @ W2))) / n",
        {"X": "n m", "Y": "n c one-hot", "W1": "m h", "W2": "h c", "n": "= n"},
        ("W1", "W2"),
        4,
        "terms or part",
    ),
}

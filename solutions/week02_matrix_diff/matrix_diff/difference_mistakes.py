"""Differences of values in place of a derivative, by the course's function or by hand: right at usual points."""

from functools import partial

from grader.judge.authoring.mistakes import planted

LOST = "where differences lose their digits"
BY_HAND = """
def slopes(f, x, h=1.0):
    found = np.zeros(np.shape(x))
    for place in np.ndindex(np.shape(x)):
        step = np.zeros(np.shape(x))
        step[place] = h
        found[place] = (f(x + step) - f(x - step)) / (2 * h)
    return found
"""


def by_gradient(cell, loses, call, of, point):
    """The function `call`, as the course's `checks.numerical_gradient` gives it."""
    source = f"def {call}:\n    return checks.numerical_gradient(lambda {point}: {of}, {point})\n"
    return planted(cell, f"{cell}_by_numerical_gradient", "measures in place of deriving", loses, LOST, source)


def by_hand(cell, loses, call, of, point):
    """The same with steps of length 1, which are exact for polynomials of second degree."""
    source = f"{BY_HAND}\n\ndef {call}:\n    return slopes(lambda {point}: {of}, {point})\n"
    return planted(cell, f"{cell}_by_differences", "measures with steps of length 1", loses, LOST, source)


hessian = partial(planted, "quadratic_hessian")
DIFFERENCE_MISTAKES = [
    by_hand("dot", 0.225, "d_dot(a, x)", "a @ x", "x"),
    by_gradient("dot", 0.225, "d_dot(a, x)", "a @ x", "x"),
    by_hand("quadratic", 0.225, "d_quadratic(x, A)", "x @ A @ x", "x"),
    by_gradient("quadratic", 0.225, "d_quadratic(x, A)", "x @ A @ x", "x"),
    hessian("quadratic_hessian_by_differences", "takes the differences that the notebook checks with", 0.225, LOST,
        "def d_quadratic_hessian(x, A):\n    return second_differences(lambda x: x @ A @ x, x)"),
    by_gradient("trace", 0.225, "d_trace(X)", "np.trace(X)", "X"),
    by_hand("trace_axx", 0.225, "d_trace_axx(A, X)", "np.trace(A @ X.T @ X)", "X"),
    by_gradient("sandwich", 0.225, "d_sandwich(a, X, A)", "a @ X @ A @ X @ a", "X"),
    by_hand("det", 0.225, "d_det(X)", "np.linalg.det(X)", "X"),
    by_gradient("det_sandwich", 0.225, "d_det_sandwich(X, A)", "np.linalg.det(X.T @ A @ X)", "X"),
]

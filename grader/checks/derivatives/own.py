"""`checks.derivation`: a derivation of any function of one's own, checked line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most notebooks have no derivation: what judges one is imported with the first
    from grader.checks.derivatives.typeset import Shown


def derivation(text: str, f: str, wrt: str, *, seed: int = 0, **letters: str) -> Shown:
    """Is `text` a derivation of the derivative of `f` with respect to `wrt`?

        checks.derivation(lines, "x.T @ A @ x", wrt="x", x="n", A="n n")

    text     lines, each equal to the one before: `d(f)` first, `<G, dx>` last, for several variables
             `<G1, dW1> + <G2, dW2>`
    f        the function, a number, in the language of the lines
    wrt      the variable, or variables with spaces between
    letters  of each letter its size: "n m" a matrix, "n" a column, "" a number; "n c one-hot" a matrix with a single 1
             in each row; "= n" the number n itself. Where names are different, sizes are, and the first is the largest

    The lines are compared at random matrices; a function that is not defined everywhere (a logarithm) is compared where
    it is. Errors: `ValueError` for a letter that cannot be called so, or a function that cannot be read.
    """
    from grader.checks.derivatives.derivation import Function
    from grader.checks.derivatives.explain import derived
    from grader.checks.derivatives.typeset import Shown

    function = Function(f, letters, tuple(wrt.split()))
    function.check()
    return Shown(derived(text, function, seed))

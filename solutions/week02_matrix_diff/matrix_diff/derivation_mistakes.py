"""Mistakes in the derivations, a line of which is another."""

from grader.judge.authoring.mistakes import planted

NO_RULE = "no line shows the rule"
SIZES = "x"  # of 5x3


def of(exercise, *rows):
    """Mistakes in one derivation: name, what the student does, points lost, words of the hint, (old, new)."""
    cell = f"derive_{exercise}"
    return [planted(cell, f"{cell}_{name}", what, loses, words, *edits) for name, what, loses, words, *edits in rows]


QUADRATIC_TERMS = "= <dx, u> + <x, A @ dx>\n"
QUADRATIC = of(
    "quadratic",
    ("one_term", "lets one x change only", 0.5, "a term is missing", (QUADRATIC_TERMS, "= <x, A @ dx>\n")),
    ("symmetric_only", "takes A for symmetric", 0.25, "is symmetric", ("<u + A.T @ x, dx>", "<2 * u, dx>")),
    ("no_d", "leaves d( ) out", 0.25, "d( ) is missing around all of it", ("d(<x, u>)", "<x, u>")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, (QUADRATIC_TERMS, "")),
    ("stops", "does not bring it into canonical form", 0.25, "canonical form",
        ("<u + A.T @ x, dx>", "x.T @ (A + A.T) @ dx")),
    ("two_differentials", "changes both at once", 0.5, "two differentials in one term",
        (QUADRATIC_TERMS, "= dx.T @ A @ dx\n")),
    ("row", "writes a row for the gradient", 0.25, "transposed", ("<u + A.T @ x, dx>", "<x.T @ (A + A.T), dx>")),
)

LOG_TERMS = "= (dx.T @ A @ x + x.T @ A @ dx) / q\n"
LOG_QUADRATIC = of(
    "log_quadratic",
    ("no_chain", "forgets the derivative of the logarithm", 0.25, "chain rule", ("= dq / q", "= dq")),
    ("inside", "writes the differential inside the logarithm", 0.25, "a differential inside log(...)",
        ("= dq / q", "= log(dq)")),
    ("one_term", "lets one x change only", 0.25, "a term is missing", (LOG_TERMS, "= x.T @ A @ dx / q\n")),
    ("symmetric_only", "takes A for symmetric", 0.25, "is symmetric", ("(A @ x + A.T @ x) / q", "2 * A @ x / q")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, ("= dq / q\n", ""), (LOG_TERMS, "")),
    ("outside", "leaves a factor outside", 0.25, "canonical form",
        ("<(A @ x + A.T @ x) / q, dx>", "<A @ x + A.T @ x, dx> / q")),
    ("upside_down", "divides by the differential", 0.25, "nothing is divided by a differential",
        ("= dq / q", "= q / dq")),
)

SANDWICH_TERMS = "= a.T @ dX @ A @ u + v.T @ A @ dX @ a\n"
SANDWICH = of(
    "sandwich",
    ("one_term", "lets one X change only", 0.25, "a term is missing", (SANDWICH_TERMS, "= a.T @ dX @ A @ u\n")),
    ("swapped", "swaps factors in a trace", 0.25, "change places", ("tr(A @ u @ a.T @ dX)", "tr(u @ a.T @ A @ dX)")),
    ("transposed", "reads off what stands before dX", 0.25, "is transposed",
        ("<a @ (A @ u).T + A.T @ v @ a.T, dX>", "<A @ u @ a.T + a @ v.T @ A, dX>")),
    ("no_transpose", "forgets to transpose A", 0.25, "is transposed", ("A.T @ v @ a.T, dX", "A @ v @ a.T, dX")),
    ("two_differentials", "changes both at once", 0.25, "two differentials",
        (SANDWICH_TERMS, "= a.T @ dX @ A @ dX @ a\n")),
    ("at_once", "shows no product rule", 0.5, NO_RULE, (SANDWICH_TERMS, ""),
        ("= tr(A @ u @ a.T @ dX) + tr(a @ v.T @ A @ dX)\n", "= tr((A @ u @ a.T + a @ v.T @ A) @ dX)\n"),
        ("(A @ u).T + A.T", "u.T @ A.T + A.T")),
    ("no_change", "leaves dX out", 0.25, "holds none",
        ("tr(A @ u @ a.T @ dX)", "tr(A @ u)")),
)

INVERSE = of(
    "inverse",
    ("sign", "forgets the sign", 0.25, "the sign", ("= -inv(X)", "= inv(X)")),
    ("side", "puts both inverses on one side", 0.25, "change places",
        ("-inv(X) @ dX @ inv(X)", "-inv(X) @ inv(X) @ dX")),
    ("no_rule", "leaves out how it is found", 0.5, NO_RULE,
        ("d(X @ inv(X))\n= dX @ inv(X) + X @ d(inv(X))\n= 0                                  # it is I\n", "")),
    ("one_term", "holds the inverse", 0.5, "a term is missing", ("= dX @ inv(X) + X @ d(inv(X))", "= dX @ inv(X)")),
    ("as_number", "differentiates as for a number", 0.25, "it is not equal to line",
        ("-inv(X) @ dX @ inv(X)", "-dX * X**-2")),
    ("inside", "inverts the change", 0.25, "a differential inside inv(...)", ("-inv(X) @ dX @ inv(X)", "inv(dX)")),
    ("unfinished", "leaves a d( ) in it", 0.25, "one product with one dX",
        ("@ dX @ inv(X)\n\"", "@ d(X.T).T @ inv(X)\n\"")),
)

TRACE_AXB = of(
    "trace_axb",
    ("swapped", "swaps factors in a trace", 0.5, "does not fit", ("tr(B @ A @ dX)", "tr(A @ B @ dX)")),
    ("transposed", "reads off what stands before dX", 0.25, "transposed", ("<(B @ A).T, dX>", "<B @ A, dX>")),
    ("order", "transposes factor by factor", 0.25, SIZES, ("<(B @ A).T, dX>", "<B.T @ A.T, dX>")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, ("= tr(B @ A @ dX)\n", "")),
    ("stops", "does not bring it into canonical form", 0.25, "canonical form", ("\n= <(B @ A).T, dX>", "")),
    ("other", "differentiates A", 0.5, "is constant here", ("tr(B @ A @ dX)", "tr(dA @ X @ B)")),
    ("sign", "turns the sign", 0.25, "the sign", ("<(B @ A).T, dX>", "<-(B @ A).T, dX>")),
)

AXX_TERMS = "= tr(A @ dX.T @ X) + tr(A @ X.T @ dX)\n= tr(A.T @ X.T @ dX) + tr(A @ X.T @ dX)\n"
TRACE_AXX = of(
    "trace_axx",
    ("one_term", "lets one X change only", 0.5, "a term is missing", (AXX_TERMS, "= tr(A @ X.T @ dX)\n")),
    ("symmetric_only", "takes A for symmetric", 0.25, "is symmetric", ("<X @ A + X @ A.T, dX>", "<2 * X @ A, dX>")),
    ("wrong_side", "multiplies from the left", 0.25, SIZES, ("<X @ A + X @ A.T, dX>", "<(A + A.T) @ X, dX>")),
    ("no_transpose", "loses a transpose", 0.25, "is transposed", ("tr(A.T @ X.T @ dX)", "tr(A @ X.T @ dX)")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, (AXX_TERMS, "= tr((A.T + A) @ X.T @ dX)\n")),
    ("sign", "subtracts", 0.25, "the sign", ("<X @ A + X @ A.T", "<X @ A - X @ A.T")),
    ("other_function", "derives another function", 0.25, "not the function of the exercise",
        ("d(tr(A @ X.T @ X))", "d(tr(A @ X.T @ X) / 2)")),
)

LOGDET = of(
    "logdet",
    ("no_chain", "forgets the derivative of the logarithm", 0.5, "chain rule", ("= dD / D", "= dD"),
        ("= tr(inv(X) @ dX)", "= D * tr(inv(X) @ dX)"), ("<inv(X).T, dX>", "<D * inv(X).T, dX>")),
    ("transposed", "reads off what stands before dX", 0.25, "is transposed", ("<inv(X).T, dX>", "<inv(X), dX>")),
    ("not_inverted", "forgets the inverse", 0.25, "stands in the place of", ("<inv(X).T, dX>", "<X.T, dX>")),
    ("at_once", "shows no chain rule", 0.5, NO_RULE, ("= dD / D\n", "= tr(dX @ inv(X)) + 0\n")),
    ("stops", "does not bring it into canonical form", 0.25, "canonical form", ("\n= <inv(X).T, dX>", "")),
    ("traces", "splits the trace of a product", 0.25, "a product of traces",
        ("tr(inv(X) @ dX)", "tr(inv(X)) * tr(dX)")),
    ("power", "writes a power for the inverse", 0.25, "stands in the place of", ("<inv(X).T, dX>", "<(X**-1).T, dX>")),
)

BINV_TERMS = "= tr(A @ dX @ B @ Y) + tr(A @ X @ B @ dY)\n"
TRACE_AXBINV = of(
    "trace_axbinv",
    ("sign", "forgets the sign of d inv", 0.25, "the sign",
        ("- tr(A @ X @ B @ Y @ dX @ Y)", "+ tr(A @ X @ B @ Y @ dX @ Y)")),
    ("one_term", "holds the inverse", 0.25, "a term is missing", (BINV_TERMS, "= tr(A @ dX @ B @ Y)\n")),
    ("transposed", "reads off what stands before dX", 0.25, "is transposed", ("B @ Y).T, dX>", "B @ Y), dX>")),
    ("swapped", "swaps factors in a trace", 0.25, "change places", ("tr(B @ Y @ A @ dX)", "tr(Y @ B @ A @ dX)")),
    ("at_once", "shows no product rule", 0.5, NO_RULE, (BINV_TERMS, ""),
        ("= tr(B @ Y @ A @ dX) - tr(A @ X @ B @ Y @ dX @ Y)\n", "= tr((B @ Y @ A - Y @ A @ X @ B @ Y) @ dX)\n"),
        ("= tr((B @ Y @ A - Y @ A @ X @ B @ Y) @ dX)\n=", "=")),
    ("one_inverse", "has one inverse only", 0.25, "stands after", ("@ B @ Y @ dX @ Y)", "@ B @ Y @ dX)")),
)

SANDWICHED = "(dX.T @ A @ X + X.T @ A @ dX)"
DET_SANDWICH = of(
    "det_sandwich",
    ("no_factor", "forgets the factor det M", 0.25, "chain rule", ("= det(M) * tr(inv(M) @ dM)", "= tr(inv(M) @ dM)")),
    ("one_term", "lets one X change only", 0.25, "a term is missing", (SANDWICHED, "(X.T @ A @ dX)")),
    ("not_inverted", "forgets the inverse", 0.25, "stands in the place of", ("tr(inv(M) @ dM)", "tr(M @ dM)")),
    ("no_transpose", "loses a transpose", 0.25, "is transposed",
        ("A.T @ X @ inv(M).T), dX>", "A.T @ X @ inv(M)), dX>")),
    ("short", "leaves lines out", 0.25, "at least 3 have to",
        ("= det(M) * tr(inv(M) @ dM)\n", ""),
        ("= det(M) * tr((inv(M).T @ X.T @ A.T + inv(M) @ X.T @ A) @ dX)\n", "")),
    ("inverse_of_x", "inverts what is not square", 0.25, "only a square matrix has an inverse",
        ("tr(inv(M) @ dM)", "tr(inv(X) @ dX)")),
    ("symmetric_only", "takes A for symmetric", 0.25, "is symmetric",
        ("(A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>", "2 * A @ X @ inv(M), dX>")),
)

RIDGE_RULE = "= 2 * r.T @ dr + 2 * lam * w.T @ dw\n= -2 * r.T @ X @ dw + 2 * lam * w.T @ dw\n"
RIDGE = of(
    "ridge",
    ("sign", "forgets the minus of the residual", 0.25, "the sign", ("= -2 * r.T @ X", "= 2 * r.T @ X")),
    ("half", "forgets a factor 2", 0.25, "factor 2", ("<2 * lam * w -", "<lam * w -")),
    ("no_penalty", "derives least squares", 0.25, "not the function of the exercise",
        ("d(r.T @ r + lam * w.T @ w)", "d(r.T @ r)")),
    ("no_transpose", "loses a transpose", 0.25, SIZES, ("2 * X.T @ r, dw>", "2 * X @ r, dw>")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, (RIDGE_RULE, "")),
    ("chain", "forgets the inner derivative", 0.25, SIZES, ("= -2 * r.T @ X @ dw", "= 2 * r.T @ dw")),
    ("left_inside", "leaves a change inside the gradient", 0.25, "left inside G", ("X.T @ r, dw>", "X.T @ dr, dw>")),
)

FACTORIZATION = of(
    "factorization_A",
    ("sign", "forgets the minus of the residual", 0.5, "the sign", ("= -2 * <R, dA @ S>", "= 2 * <R, dA @ S>")),
    ("half", "forgets a factor 2", 0.25, "factor 2", ("= 2 * <R, dR>", "= <R, dR>")),
    ("wrong_side", "multiplies from the left", 0.25, SIZES, ("<-2 * R @ S.T, dA>", "<-2 * S.T @ R, dA>")),
    ("no_transpose", "loses a transpose", 0.25, SIZES, ("<-2 * R @ S.T, dA>", "<-2 * R @ S, dA>")),
    ("short", "leaves a line out", 0.25, "at least 3 have to", ("= 2 * <R, dR>\n", "")),
    ("at_once", "writes the result at once", 0.5, NO_RULE, ("= -2 * <R, dA @ S>\n", "")),
    ("not_squared", "derives the norm itself", 0.25, "not the function of the exercise",
        ("d(norm(R)**2)", "d(norm(R))")),
)

NETWORK = "= <X.T @ ((S - Y) @ W2.T / n * (1 - H**2)), dW1> + <H.T @ (S - Y) / n, dW2>"
TWO_LAYER = of(
    "two_layer",
    ("sign", "turns the sign of the error", 0.25, "the sign", ("= <(S - Y) / n, dZ>", "= <(Y - S) / n, dZ>")),
    ("one_term", "holds the hidden layer", 0.25, "a term is missing",
        ("= <(S - Y) / n, dH @ W2> + <(S - Y) / n, H @ dW2>", "= <(S - Y) / n, H @ dW2>")),
    ("no_activation", "forgets the derivative of tanh", 0.5, "chain rule", (" * (1 - H**2)), dW1>", "), dW1>")),
    ("no_mean", "forgets the mean", 0.5, "is divided by", ("<H.T @ (S - Y) / n, dW2>\n\"", "<H.T @ (S - Y), dW2>\n\"")),
    ("one_variable", "leaves out W2", 0.5, "a term is missing", (NETWORK, NETWORK.partition(" + <")[0])),
    ("matrix_product", "multiplies by matrices, not by entries", 0.5, SIZES,
        (" * (1 - H**2)), dW1>", " @ (1 - H**2)), dW1>")),
    ("gradient_named_dz", "calls a gradient dZ", 0.25, "is the change of `Z` here",
        ("d(-sum(Y * log(S)) / n)", "dZ = (S - Y) / n\nd(-sum(Y * log(S)) / n)")),
)

DERIVATION_MISTAKES = [
    *QUADRATIC, *LOG_QUADRATIC, *SANDWICH, *INVERSE, *TRACE_AXB, *TRACE_AXX, *LOGDET, *TRACE_AXBINV, *DET_SANDWICH,
    *RIDGE, *FACTORIZATION, *TWO_LAYER,
]

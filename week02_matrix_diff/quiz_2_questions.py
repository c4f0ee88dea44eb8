r"""Quiz 2, gradient descent without matrices, and matrix derivatives: what is drawn, how it reads, and what is asked.

Every function takes a `Draw` and gives a `Question`; the answers are not here. Signs and parities are chosen so that no
component of a gradient is zero: a sum of an odd and an even number is not.
"""

from __future__ import annotations

from types import SimpleNamespace as Numbers

from grader.checks.questions import checks_of
from grader.checks.quiz.personal_answers import Asked
from grader.checks.quiz.personal_numbers import Draw, Question, personal_question
from grader.checks.quiz.tex import column, linear, matrix

check = checks_of(__name__)

ODD = (1, 3)
RATES = (4, 5, 8, 10, 20, 25, 40, 50)


@personal_question("quiz_2.gradient")
def gradient(draw: Draw) -> Question:
    """Two samples and a line through the origin; both residuals have one sign, so their pulls add up."""
    x = draw.some((1, 2, 3, 4), 2)
    w, side = draw.signed((1, 2)), draw.one((1, -1))
    y = [w * place + side * away for place, away in zip(x, draw.some((1, 2, 3, 4), 2), strict=True)]
    text = rf"Samples $({x[0]}, {y[0]})$ and $({x[1]}, {y[1]})$, at $w = {w}$."
    return Question(Numbers(x=tuple(x), y=tuple(y), w=w), text, blanks=("$E'(w)$",))


@personal_question("quiz_2.two_weights")
def two_weights(draw: Draw) -> Question:
    """One step on a quadratic function of two weights. The mixed term is odd, the others are even: no slope is zero."""
    a, c = draw.some((3, 4, 5), 2)
    b, u, v = draw.signed(ODD), draw.signed(ODD), draw.signed(ODD)
    formula = linear((a, "u^2"), (b, "uv"), (c, "v^2"))
    text = rf"$f(u, v) = {formula}$, from $u = {u}$, $v = {v}$, with $\eta = 0.1$."
    return Question(Numbers(a=a, b=b, c=c, u=u, v=v, eta=0.1), text, blanks=("new $u$", "new $v$"))


@personal_question("quiz_2.chain")
def chain(draw: Draw) -> Question:
    """A ReLU unit that is active, an output weight, one sample. The bias and the target follow from z and the error.

    z is not 1 and the target not 0, so that no step can be left out unnoticed.
    """
    x, v = draw.signed((2, 3)), draw.signed((2, 3))
    w, z = draw.signed((1, 2, 3)), draw.one((2, 3, 4))
    error = draw.until(lambda: draw.signed((1, 2, 3, 4)), lambda made: made != v * z)
    b, y = z - w * x, v * z - error
    inside = linear((1, "wx"), (b, ""))
    text = (
        rf"$h = \max(0,\; {inside})$, $\;\hat y = v h$, at $w = {w}$, $v = {v}$, for the sample $x = {x}$, $y = {y}$."
    )
    blanks = (r"$\partial E / \partial w$", r"$\partial E / \partial v$")
    return Question(Numbers(x=x, y=y, w=w, b=b, v=v), text, blanks=blanks)


@personal_question("quiz_2.dead")
def dead(draw: Draw) -> Question:
    """The same net with a bias in the output, at a sample where the unit is silent and the error is not zero."""
    x, w = draw.signed((2, 3)), draw.signed((1, 2, 3))
    v, c, error = draw.signed((2, 3)), draw.signed((1, 2, 3)), draw.signed((1, 2, 3, 4))
    b, y = -draw.one((1, 2, 3)) - w * x, c - error
    options = draw.shuffled(
        [("all", "all four"), ("c", "only $c$"), ("none", "none of them"), ("vc", "$v$ and $c$, not $w$ and $b$")]
    )
    text = rf"$w = {w}$, $b = {b}$, $v = {v}$, $c = {c}$; the sample $x = {x}$, $y = {y}$. What changes in the step:"
    numbers = Numbers(x=x, y=y, w=w, b=b, v=v, c=c, kinds=tuple(kind for kind, _ in options))
    return Question(numbers, text, tuple(options))


@personal_question("quiz_2.rate")
def rate(draw: Draw) -> Question:
    """A parabola whose curvature divides a power of ten, so that the rates are short decimals."""
    a, b = draw.one(RATES), draw.signed((1, 2, 3, 4, 5, 6, 7))
    text = rf"$f(w) = {linear((a, 'w^2'), (b, 'w'))}$"
    return Question(Numbers(a=a, b=b), text, blanks=("home in one step", "upper limit"))


@personal_question("quiz_2.layer_gradient")
def layer_gradient(draw: Draw) -> Question:
    """A linear layer with letters and sizes of one's own, and four products that may be the gradient."""
    X, W, Z = draw.one((("X", "W", "Z"), ("A", "B", "C"), ("U", "V", "S"), ("P", "Q", "R")))
    n, d, m = draw.some((2, 3, 4, 5, 6, 7), 3)
    asked = draw.one((X, W))
    options = draw.shuffled(_products(X, W, asked == X))
    text = (
        rf"${Z} = {X}{W}$ with ${X} \in \mathbb{{R}}^{{{n} \times {d}}}$, ${W} \in \mathbb{{R}}^{{{d} \times {m}}}$, "
        rf"and $G = \partial L / \partial {Z} \in \mathbb{{R}}^{{{n} \times {m}}}$. "
        rf"Then $\partial L / \partial {asked}$ is"
    )
    numbers = Numbers(X=X, W=W, Z=Z, n=n, d=d, m=m, asked=asked, kinds=tuple(kind for kind, _ in options))
    return Question(numbers, text, tuple(options))


def _products(X: str, W: str, of_input: bool) -> list[tuple[str, str]]:
    """(kind, product): G'X and WG' are offered to those who are asked for W and X."""
    either = [("G W'", rf"$G {W}^\top$"), ("X' G", rf"${X}^\top G$")]
    if of_input:
        return [*either, ("W G'", rf"${W} G^\top$"), ("W' G", rf"${W}^\top G$")]
    return [*either, ("G X'", rf"$G {X}^\top$"), ("G' X", rf"$G^\top {X}$")]


@personal_question("quiz_2.quadratic_form")
def quadratic_form(draw: Draw) -> Question:
    """x'Ax with a matrix that is not symmetric. Off the diagonal one entry is odd and one even, and x is odd."""
    odd, even = draw.signed((1, 3)), draw.signed((2, 4))
    upper, lower = draw.shuffled([odd, even])
    A = ((draw.signed((1, 2, 3)), upper), (lower, draw.signed((1, 2, 3))))
    x = (draw.signed(ODD), draw.signed(ODD))
    text = rf"$A = {matrix(A)}$, $\;x = {column(x)}$."
    return Question(Numbers(A=A, x=x), text, blanks=(r"$\partial f / \partial x_1$", r"$\partial f / \partial x_2$"))


@personal_question("quiz_2.trace_rule")
def trace_rule(draw: Draw) -> Question:
    """tr(P'XQ) or tr(PXQ') with letters of one's own, and four products."""
    P, Q = draw.one((("A", "B"), ("B", "A"), ("B", "C"), ("C", "B"), ("C", "D"), ("D", "C"), ("A", "C"), ("C", "A")))
    first = bool(draw.below(2))
    left, right = (rf"{P}^\top", Q) if first else (P, rf"{Q}^\top")
    left_t, right_t = (P, rf"{Q}^\top") if first else (rf"{P}^\top", Q)
    options = draw.shuffled(
        [
            ("left right", f"${left} {right}$"),
            ("right left", f"${right} {left}$"),
            ("left' right'", f"${left_t} {right_t}$"),
            ("right' left'", f"${right_t} {left_t}$"),
        ]
    )
    text = rf"$f(X) = \operatorname{{tr}}({left} X {right})$"
    numbers = Numbers(P=P, Q=Q, transposed=P if first else Q, kinds=tuple(kind for kind, _ in options))
    return Question(numbers, text, tuple(options))


@personal_question("quiz_2.least_squares")
def least_squares(draw: Draw) -> Question:
    """Two samples, two weights. First row and first residual odd, second residual even: no slope is zero."""
    p, q, s, t = draw.until(
        lambda: (draw.signed(ODD), draw.signed(ODD), draw.signed((1, 2, 3)), draw.signed((1, 2, 3))),
        lambda made: made[1] != made[2],
    )
    w, away = draw.some((1, 2, -1, -2), 2), (draw.signed(ODD), draw.signed((2,)))
    X = ((p, q), (s, t))
    y = [row[0] * w[0] + row[1] * w[1] + e for row, e in zip(X, away, strict=True)]
    text = rf"$X = {matrix(X)}$, $\;y = {column(y)}$, $\;w = {column(w)}$."
    blanks = (r"$\partial L / \partial w_1$", r"$\partial L / \partial w_2$")
    return Question(Numbers(X=X, y=tuple(y), w=tuple(w)), text, blanks=blanks)


# What the answers are asked for

ask = Asked(__name__)
ask.numbers(gradient, "The slope of the loss.")
ask.numbers(two_weights, "The new u.", "The new v.")
ask.numbers(chain, "The derivative with respect to w.", "With respect to v.")
ask.choice(dead, "What a step changes while the unit is silent.")
ask.numbers(rate, "The rate that arrives in one step.", "The rate from which on it diverges.")
ask.choice(layer_gradient, "The gradient of a linear layer.")
ask.numbers(quadratic_form, "The first component.", "The second component.")
ask.choice(trace_rule, "The gradient of a trace.")
ask.numbers(least_squares, "The first component.", "The second component.")
globals().update(ask.questions)

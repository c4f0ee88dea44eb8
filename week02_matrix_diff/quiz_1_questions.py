r"""Quiz 1, "just a function": what is drawn for each student, how it reads, what is asked. The answers are not here.

Every question is drawn from a `Draw` of its own. Sizes are limited so that everybody computes with numbers of the
same kind: no unit lies at its kink, no answer of a computation is zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace as Numbers
from typing import Any

from grader.checks.questions import Names, checks_of
from grader.checks.questions.forms import Form
from grader.checks.quiz import personal_figures as figures
from grader.checks.quiz.personal_answers import Asked, numbers_of
from grader.checks.quiz.personal_numbers import Draw, Question, personal_question
from grader.checks.quiz.quiz import MOST_ROWS, read_number, read_numbers, read_rows
from grader.checks.quiz.tex import added, column, linear, matrix

check = checks_of(__name__)


@personal_question("quiz_1.neuron")
def neuron(draw: Draw) -> Question:
    """A ReLU unit of two inputs, at a point where it is active and at one where it is not.

    With |w| from 2 to 4, one coordinate of 4 or 5 and the other 1, the bias of at most 3 cannot change the sign.
    """
    up, down, b = draw.one((2, 3, 4)), -draw.one((2, 3, 4)), draw.signed((1, 2, 3))
    points = draw.shuffled([(draw.one((4, 5)), 1), (1, draw.one((4, 5)))])
    w = (up, down)
    if draw.below(2):
        w, points = (down, up), [point[::-1] for point in points]
    formula = linear((w[0], "x_1"), (w[1], "x_2"), (b, ""))
    (a1, a2), (b1, b2) = points
    text = rf"$\hat y = \max(0,\; {formula})$, at $A = ({a1}, {a2})$ and at $B = ({b1}, {b2})$."
    return Question(Numbers(w=w, b=b, A=points[0], B=points[1]), text, blanks=("at $A$", "at $B$"))


@personal_question("quiz_1.parameters")
def parameters(draw: Draw) -> Question:
    """A network of two hidden layers, all four sizes different."""
    sizes = tuple(draw.some(range(2, 10), 4))
    text = (
        f"${sizes[0]}$ inputs, a hidden layer of ${sizes[1]}$ units, a hidden layer of ${sizes[2]}$ units, "
        f"${sizes[3]}$ outputs."
    )
    return Question(Numbers(sizes=sizes), text)


@personal_question("quiz_1.formula")
def formula(draw: Draw) -> Question:
    """A network of two inputs, two ReLU units and a linear output, drawn with its weights, and four formulas."""
    sizes = draw.some((1, 2, 3, 4, 5), 4)
    W = tuple(tuple(size * draw.one((1, -1)) for size in pair) for pair in (sizes[:2], sizes[2:]))
    v = tuple(size * draw.one((1, -1)) for size in draw.some((2, 3, 4), 2))
    b = tuple(size * draw.one((1, -1)) for size in draw.some((1, 2, 3, 4, 5), 2))
    c = draw.signed((1, 2, 3, 4, 5))
    options = draw.shuffled(_formulas(W, b, v, c))
    text = (
        rf"Into $h_1$: ${W[0][0]}$ from $x_1$, ${W[1][0]}$ from $x_2$, bias ${b[0]}$. "
        rf"Into $h_2$: ${W[0][1]}$ from $x_1$, ${W[1][1]}$ from $x_2$, bias ${b[1]}$. "
        rf"Into $\hat y$: ${v[0]}$ from $h_1$, ${v[1]}$ from $h_2$, bias ${c}$."
    )
    numbers = Numbers(W=W, b=b, v=v, c=c, kinds=tuple(kind for kind, _ in options))
    described = "a drawing of the network with these numbers on its edges"
    return Question(numbers, text, tuple(options), figure=lambda: figures.network(W, b, v, c), described=described)


def _formulas(W: Sequence[Sequence[int]], b: Sequence[int], v: Sequence[int], c: int) -> list[tuple[str, str]]:
    """Four ways to read the drawing, in an order that means nothing."""
    by_column = [linear((W[0][j], "x_1"), (W[1][j], "x_2"), (b[j], "")) for j in (0, 1)]
    by_row = [linear((W[j][0], "x_1"), (W[j][1], "x_2"), (b[j], "")) for j in (0, 1)]
    both = linear((v[0], rf"\big({by_column[0]}\big)"), (v[1], rf"\big({by_column[1]}\big)"), (c, ""))
    return [
        ("columns", _sum(v, by_column, c)),
        ("crossed", _sum(v[::-1], by_column, c)),
        ("outside", rf"$\hat y = \max\big(0,\; {both}\big)$".replace(") ", ")$ ${}", 1)),
        ("rows", _sum(v, by_row, c)),
    ]


def _sum(v: Sequence[int], inside: Sequence[str], c: int) -> str:
    r"""`v_1 max(0, ...)` and `v_2 max(0, ...) + c` as two formulas, so that a narrow page can break between them."""
    first, second = (rf"\max(0,\, {part})" for part in inside)
    return rf"$\hat y = {linear((v[0], first))}$ ${{}}{added(v[1], second)} {added(c)}$"


@personal_question("quiz_1.linear_net")
def linear_net(draw: Draw) -> Question:
    """Two hidden units without a non-linearity. The first unit outweighs the second, so nothing cancels."""
    units = [
        (draw.signed((3, 4, 5)), draw.signed((4, 5, 6)), draw.signed((2, 3))),
        (draw.signed((1, 2)), draw.signed((1, 2)), draw.signed((1, 2))),
    ]
    (a1, b1, c1), (a2, b2, c2) = draw.shuffled(units)
    d = draw.signed((1, 2, 3))
    first, second = linear((a1, "x"), (b1, "")), linear((a2, "x"), (b2, ""))
    out = linear((c1, "h_1"), (c2, "h_2"), (d, ""))
    text = rf"$h_1 = {first}$, $\;h_2 = {second}$, $\;\hat y = {out}$."
    return Question(Numbers(a=(a1, a2), b=(b1, b2), c=(c1, c2), d=d), text, blanks=("$k$", "$m$"))


@personal_question("quiz_1.relu_net")
def relu_net(draw: Draw) -> Question:
    """Two inputs, three ReLU units one of them silent, a linear output. v is even and c odd, so the result is not 0."""

    def make() -> tuple:
        W = tuple(tuple(draw.signed((1, 2, 3)) for _ in range(3)) for _ in range(2))
        return draw.some((1, 2, 3, -1, -2), 2), W, [draw.signed((1, 2, 3)) for _ in range(3)]

    def fits(made: tuple) -> bool:
        (p, q), W, b = made
        before = [p * W[0][j] + q * W[1][j] + b[j] for j in range(3)]
        positive = [z for z in before if z > 0]
        return len(positive) == len(set(positive)) == 2 and 0 not in before and max(map(abs, before)) <= 6

    x, W, b = draw.until(make, fits)
    v, c = [draw.signed((2, 4)) for _ in range(3)], draw.signed((1, 3, 5))
    text = rf"$x = {matrix([x])}$, $\;W = {matrix(W)}$, $\;b = {matrix([b])}$, $\;v = {column(v)}$, $\;c = {c}$."
    return Question(Numbers(x=tuple(x), W=W, b=tuple(b), v=tuple(v), c=c), text)


@personal_question("quiz_1.kinks")
def kinks(draw: Draw) -> Question:
    """Two ReLU units on a line, one active to the right of its kink and one to the left; between the kinks both are."""
    left, right = sorted(draw.some((-4, -3, -2, -1, 1, 2, 3, 4), 2))

    def make() -> list[tuple[int, int, int]]:
        return [(draw.signed((1, 2, 3)), draw.one((2, 3)), left), (draw.signed((1, 2, 3)), -draw.one((2, 3)), right)]

    units = draw.until(make, lambda made: sum(a * w for a, w, _ in made) != 0)
    (a1, w1, b1), (a2, w2, b2) = draw.shuffled([(a, w, -w * kink) for a, w, kink in units])
    c = draw.signed((1, 2, 3))
    first, second = (rf"\max(0,\, {linear((w, 'x'), (b, ''))})" for w, b in ((w1, b1), (w2, b2)))
    text = rf"$f(x) = {linear((a1, first))}$ ${{}}{added(a2, second)} {added(c)}$"
    blanks = ("left kink", "right kink", "slope on the left", "slope in the middle", "slope on the right")
    return Question(Numbers(a=(a1, a2), w=(w1, w2), b=(b1, b2), c=c), text, blanks=blanks)


@personal_question("quiz_1.gate")
def gate(draw: Draw) -> Question:
    """Two positive weights at least 2 apart, so that every gate has a bias that is a whole number away from a tie."""
    w = draw.until(lambda: draw.some(range(2, 9), 2), lambda made: abs(made[0] - made[1]) >= 2)
    larger = 1 + (w[1] > w[0])
    text = rf"$w_1 = {w[0]}$, $\;w_2 = {w[1]}$; the third unit has to copy $x_{larger}$."
    blanks = (r"$b$ for $x_1$ and $x_2$", r"$b$ for $x_1$ or $x_2$", f"$b$ for a copy of $x_{larger}$")
    return Question(Numbers(w=tuple(w), larger=larger), text, blanks=blanks)


@personal_question("quiz_1.picture")
def picture(draw: Draw) -> Question:
    """A bump: level, up (or down), down (or up), level. Three corners with whole numbers."""
    side = draw.one((1, -1))
    first, second = side * draw.one((1, 2)), -side * draw.one((1, 2, 3))
    gaps = draw.some((1, 2, 3), 2)
    x0, y0 = draw.one((-3, -2, -1)), draw.signed((1, 2))
    x1, y1 = x0 + gaps[0], y0 + gaps[0] * first
    x2, y2 = x1 + gaps[1], y1 + gaps[1] * second
    corners = ((x0, y0), (x1, y1), (x2, y2))
    text = (
        rf"The graph comes from the left at the level ${y0}$, turns at $({x0}, {y0})$, at $({x1}, {y1})$ and at "
        rf"$({x2}, {y2})$, and goes on to the right at the level ${y2}$."
    )
    blanks = ("$w, b, a$ of each unit", "offset $c$")
    described = "the graph on squared paper"
    return Question(
        Numbers(corners=corners), text, blanks=blanks, figure=lambda: figures.graph(corners), described=described
    )


@personal_question("quiz_1.regions")
def regions(draw: Draw) -> Question:
    """Four pictures, the same four kinds for everybody, each turned and moved, in a drawn order."""
    kinds = draw.shuffled(["one line", "two lines", "three lines", "four points"])
    turns = [draw.one(range(15, 360, 30)) for _ in kinds]
    shifts = [(draw.one((-2, -1, 0, 1, 2)) / 10, draw.one((-2, -1, 0, 1, 2)) / 10) for _ in kinds]
    panels = tuple(zip(kinds, turns, shifts, strict=True))
    words = {
        "one line": "one side of a line",
        "two lines": "the strip between two parallel lines",
        "three lines": "a triangle",
        "four points": "four points at the corners of a square, of the same class across each diagonal",
    }
    described = "; ".join(f"{letter}: {words[kind]}" for letter, kind in zip("ABCD", kinds, strict=True))
    text = "Pictures $A$, $B$, $C$, $D$:"
    blanks = tuple(f"${letter}$" for letter in "ABCD")
    return Question(
        Numbers(panels=panels), text, blanks=blanks, figure=lambda: figures.regions(panels), described=described
    )


# What the answers are asked for


def _read_gate(student: Names) -> list[float]:
    return read_numbers(student.gate, 3)


def _read_picture(student: Names) -> list[Any]:
    return [read_rows(student.units, 3), read_number(student.offset)]


def _fault_of_net(value: Any) -> str:
    """Rows w, b, a of the units, and the offset."""
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], list)):
        return "units and an offset are expected"
    rows, offset = value
    if not 0 < len(rows) <= MOST_ROWS or any(numbers_of(3)(row) for row in rows) or numbers_of(1)([offset]):
        return "rows of 3 numbers and an offset are expected"
    return ""


ask = Asked(__name__)
ask.numbers(neuron, "The output at A.", "The output at B.")
ask.numbers(parameters, "The number of parameters.")
ask.choice(formula, "The formula of the network that is drawn.")
ask.numbers(linear_net, "The slope k.", "The intercept m.")
ask.numbers(relu_net, "The output of the network.")
ask.numbers(kinks, "The left kink.", "The right kink.", points=0.4)
SLOPES = ("The slope on the left.", "The slope between the kinks.", "The slope on the right.")
ask.numbers(kinks, *SLOPES, points=0.6, variable="slopes")
for place, title in enumerate(("The bias of AND.", "The bias of OR.", "The bias of the copy.")):
    ask.answer(gate, title, 1 / 3, _read_gate, numbers_of(3), place)
for title in ("The units and the offset draw the picture.", "They draw it, and no smaller net does."):
    ask.answer(picture, title, 0.5, _read_picture, Form(_fault_of_net))
ask.numbers(regions, *(f"Picture {letter}." for letter in "ABCD"))
globals().update(ask.questions)

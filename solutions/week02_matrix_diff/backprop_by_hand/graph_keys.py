"""Part 1: the graph of numbers, every node forwards and back, and both partial derivatives as a function."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_terms
from week02_matrix_diff import backprop_by_hand_questions as asked

from .answers import Entry, Sheet

X, Y = 3.0, 2.0


def value(name, follow, mistakes):
    return Entry(f'graph_values["{name}"]', follow, mistakes)


def gradient(name, follow, mistakes):
    return Entry(f'graph_gradients["{name}"]', follow, mistakes)


def one(name):
    """f = a + b + d: its slope by each of them."""
    held = f"f is a sum, and its slope by {name} is the same whatever {name} is"
    return gradient(name, lambda v: v["df"], lambda v: {held: v[name], "nothing has been passed back": 0.0})


PATH = "one way to f is forgotten: a gradient collects from every arrow that leaves the node"
SHEET = Sheet(
    {
        "a": value("a", lambda v: X**2, lambda v: {"this is the slope, 2 x": 2 * X, "this is y^2": Y**2}),
        "b": value("b", lambda v: X * Y, lambda v: {"this is a sum; b is a product": X + Y}),
        "c": value("c", lambda v: X + Y, lambda v: {"this is a product; c is a sum": X * Y}),
        "d": value("d", lambda v: v["c"] ** 2, lambda v: {"doubled, not squared": 2 * v["c"], "not squared": v["c"]}),
        "f": value(
            "f",
            lambda v: v["a"] + v["b"] + v["d"],
            lambda v: {
                "c is counted for d": v["a"] + v["b"] + v["c"],
                "c is counted as well; it enters through d": v["a"] + v["b"] + v["c"] + v["d"],
            },
        ),
        "df": gradient("f", lambda v: 1.0, lambda v: {"this is the value; df/df is asked": v["f"]}),
        "dd": one("d"),
        "dc": gradient(
            "c",
            lambda v: 2 * v["c"] * v["dd"],
            lambda v: {
                "the 2 of the square is missing": v["c"] * v["dd"],
                "this is the value of d; its slope is asked": v["d"],
                "the slope of d = c^2 is left out": v["dd"],
                "this is the 2 alone; the slope of c^2 is 2 c": 2.0,
            },
        ),
        "db": one("b"),
        "da": one("a"),
        "dx": gradient(
            "x",
            lambda v: 2 * X * v["da"] + Y * v["db"] + v["dc"],
            lambda v: {
                PATH: 2 * X * v["da"] + Y * v["db"],
                PATH + " (the one through b)": 2 * X * v["da"] + v["dc"],
                PATH + " (the one through a)": Y * v["db"] + v["dc"],
                "x in place of y: the slope of b = xy by x is y": 2 * X * v["da"] + X * v["db"] + v["dc"],
                "the ways are multiplied; along a way one multiplies, over the ways one adds": 2 * X * Y * v["dc"],
            },
        ),
        "dy": gradient(
            "y",
            lambda v: X * v["db"] + v["dc"],
            lambda v: {
                PATH: X * v["db"],
                PATH + " (the one through b)": v["dc"],
                "y in place of x: the slope of b = xy by y is x": Y * v["db"] + v["dc"],
                "the ways are multiplied; along a way one multiplies, over the ways one adds": X * v["dc"],
                "y does not enter a": 2 * X * v["da"] + X * v["db"] + v["dc"],
            },
        ),
    }
)

SHEET.declare(asked.GRAPH)


@key(asked.partial_derivatives)
class _:
    def draw(rng):
        x, y = rng.uniform(0.5, 2, size=2) * rng.choice([-1, 1], size=2)
        return Case(x=float(x), y=float(y))

    def others(case):
        """Either of the paths from x and from y left out or altered."""
        x, y = case.x, case.y
        by_x = {"a": 2 * x, "b": y, "c": 2 * (x + y)}
        by_y = {"a": 0.0, "b": x, "c": 2 * (x + y)}
        ways = {f"the way through {node}": np.array([by_x[node], by_y[node]]) for node in by_x}
        return {words: list(both) for words, both in with_other_terms(ways)}

    def right(case):
        x, y = case.x, case.y
        both = "the way through c = x + y is forgotten"
        right, other = 4 * x + 3 * y, 3 * x + 2 * y
        by_x = {
            both: 2 * x + y,
            "the way through b = xy is forgotten, or the brackets of 2 (x + y)": 4 * x + 2 * y,
            "the way through a = x^2 is forgotten": 2 * x + 3 * y,
            "the two derivatives are in the wrong order, or the 2 of (x + y)^2 is missing": other,
        }
        by_y = {
            both: x,
            "the way through b = xy is forgotten": 2 * x + 2 * y,
            "the 2 of (x + y)^2 is missing": 2 * x + y,
            "a = x^2 does not depend on y": 5 * x + 2 * y,
        }
        return [Right(right, "graph_grads, df/dx", by_x), Right(other, "graph_grads, df/dy", by_y)]

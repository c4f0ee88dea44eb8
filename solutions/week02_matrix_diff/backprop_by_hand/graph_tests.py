"""Part 1: the graph of numbers, every node forwards and back, and both partial derivatives as a function."""

import numpy as np

from grader.judge import expect, expect_that, hidden_test

from .answers import Entry, Sheet

X, Y = 3.0, 2.0


def value(key, follow, mistakes):
    return Entry("graph_values", key, (), follow, mistakes)


def gradient(key, follow, mistakes):
    return Entry("graph_gradients", key, (), follow, mistakes)


def one(key):
    """f = a + b + d: its slope by each of them."""
    held = f"f is a sum, and its slope by {key} is the same whatever {key} is"
    return gradient(key, lambda v: v["df"], lambda v: {held: v[key], "nothing has been passed back": 0.0})


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
                "the slope of b = xy by x is y": 2 * X * v["da"] + X * v["db"] + v["dc"],
                "the ways are multiplied; along a way one multiplies, over the ways one adds": 2 * X * Y * v["dc"],
            },
        ),
        "dy": gradient(
            "y",
            lambda v: X * v["db"] + v["dc"],
            lambda v: {
                PATH: X * v["db"],
                PATH + " (the one through b)": v["dc"],
                "the slope of b = xy by y is x": Y * v["db"] + v["dc"],
                "the ways are multiplied; along a way one multiplies, over the ways one adds": X * v["dc"],
                "y does not enter a": 2 * X * v["da"] + X * v["db"] + v["dc"],
            },
        ),
    }
)

leaves_forward = SHEET.test("graph", "The values of a, b and c.", 0.05, "a", "b", "c")
square_forward = SHEET.test("graph", "The value of d, from your own c.", 0.05, "d")
sum_forward = SHEET.test("graph", "The value of f, from your own nodes.", 0.05, "f")
ones_back = SHEET.test("graph", "The gradients that the sum passes back.", 0.05, "df", "dd", "db", "da")
c_back = SHEET.test("graph", "The gradient of c, from your own numbers.", 0.05, "dc")
x_back = SHEET.test("graph", "The gradient of x, from your own numbers.", 0.05, "dx")
y_back = SHEET.test("graph", "The gradient of y, from your own numbers.", 0.05, "dy")


@hidden_test("test_graph", points=0.15)
def partial_derivatives(student, rng):
    """graph_grads gives both partial derivatives at any point."""
    x, y = rng.uniform(0.5, 2, size=2) * rng.choice([-1, 1], size=2)
    found = student.graph_grads(float(x), float(y))
    row = isinstance(found, (tuple, list, np.ndarray)) and len(found) >= 2
    expect_that(bool(row), "graph_grads: two numbers are expected, df/dx and df/dy", "type")
    both = "the way through c = x + y is forgotten"
    right, other = 4 * x + 3 * y, 3 * x + 2 * y
    expect(
        found[0],
        right,
        what="graph_grads, df/dx",
        mistakes={
            both: 2 * x + y,
            "the way through b = xy is forgotten": 4 * x + 2 * y,
            "the way through a = x^2 is forgotten": 2 * x + 3 * y,
            "the two derivatives are in the wrong order, or the 2 of (x + y)^2 is missing": other,
        },
    )
    expect(
        found[1],
        other,
        what="graph_grads, df/dy",
        mistakes={
            both: x,
            "the way through b = xy is forgotten": 2 * x + 2 * y,
            "the 2 of (x + y)^2 is missing": 2 * x + y,
            "a = x^2 does not depend on y": 5 * x + 2 * y,
        },
    )

"""Rows of the catalogue of mistakes, and what they say when they are wrong."""

import pytest

from grader.judge.authoring.mistakes import Mistake, planted


def test_a_row_is_a_mistake():
    """Points are those of the cell's own test cell; edits are made in order, and a lone text is the whole cell."""
    row = planted("double", "squares", "squares", 1.5, "squares in place", ("2 * x", "x * x"), ("x * x", "x**2"))
    assert row == Mistake(
        "squares",
        "squares",
        "double",
        {"test_double": 1.5},
        "squares in place",
        [("2 * x", "x * x"), ("x * x", "x**2")],
    )
    assert row.apply({"double": "y = 2 * x"}) == "y = x**2"
    assert planted("double", "zero", "returns 0", {"test_a": 1}, "zero", "y = 0").apply({}) == "y = 0\n"


@pytest.mark.parametrize("changes", [(), (("2 * x", "2 * x"),), (("2 * x",),), ("y = 0", ("2 * x", "x"))])
def test_a_row_that_plants_nothing_is_named(changes):
    """No change, one that changes nothing, half a pair, a whole cell beside a pair."""
    with pytest.raises(ValueError, match="mistake squares: give pairs"):
        planted("double", "squares", "squares", 1, "hint", *changes)


@pytest.mark.parametrize(
    ("reference", "told"), [({"double": "y = x + x"}, "'2 \\* x' does not occur in"), ({}, "has no cell 'double'")]
)
def test_an_edit_that_does_not_apply_is_named(reference, told):
    """The reference was rewritten: the error says which row no longer fits it."""
    with pytest.raises(ValueError, match=f"mistake squares: .*{told}"):
        planted("double", "squares", "squares", 1, "hint", ("2 * x", "x**2")).apply(reference)

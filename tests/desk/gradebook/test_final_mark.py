"""The formula of the final mark is read and never executed; what is wrong with it is said."""

from types import SimpleNamespace

import pytest

from grader.desk.course.csv_files import csv_text
from grader.desk.errors import DeskError
from grader.desk.gradebook.final_mark import WeekMark, formula_of

WEEKS = ("week01_a", "week02_b", "extra-week")


def mark(formula, **weeks):
    facts = {"mark": {"formula": formula}} if formula is not None else {}
    course = SimpleNamespace(weeks=[SimpleNamespace(folder=folder) for folder in WEEKS[:2]], facts=facts)
    return formula_of(course)({f"{name}_{'ab'[int(name[-1]) - 1]}": value for name, value in weeks.items()})


FULL = {"week01": WeekMark(points=4, bonus=2, penalty=1, most=5), "week02": WeekMark(points=3.25, practice=7, most=5)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (None, 8.25),
        ("week01 + week02", 8.25),
        ("min(10, 2 * week01 + week02.practice)", 10),
        ("round(week02, 1)", 3.3),
        ("round(0.5) + round(2.5)", 4),
        ("round(1.15, 1)", 1.2),
        ("mean(week01, week02) if week01.points >= 0.5 * week01.most else 0", 4.125),
        ("-week01.penalty + abs(-2) ** 2", 3),
        ("10 * (week01 > 4 and not week02 > 4)", 10),
        ("max(week01, week02, 6)", 6),
    ],
)
def test_formulas_give_what_they_say(formula, value):
    assert mark(formula, **FULL) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('touch planted')",
        "week01.__class__",
        "(lambda: 1)()",
        "[1 for _ in range(9)]",
        "open('x')",
        "'a' * 3",
        "week03",
        "week01 +",
        "1 / 0",
        "9 ** 9 ** 9",
        "9 ** 999999999",
        "(-8) ** 0.5",
        "min()",
        "round(1, 10 ** 9)",
        "1e999",
        "True",
        "f'{week01}'",
        "(" * 200 + "1",
        "+" * 5000 + "1",
        7,
    ],
)
def test_whatever_is_no_formula_is_refused_by_name(formula):
    """Before any student's mark is computed."""
    with pytest.raises(DeskError, match="formula in course.toml"):
        mark(formula)


def test_a_student_without_anything_gets_the_formula_of_zeros():
    assert mark("week01 + 1") == 1


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1"])
def test_no_text_becomes_a_formula(text):
    assert csv_text([[text]]).removeprefix("\ufeff").lstrip('"').startswith("'")


def test_csv_survives_a_spreadsheet():
    """Byte-order mark, CRLF, quotes around what needs them, numbers as numbers, decimals as asked."""
    rows = [['Zoë, "Z"', "two\nlines", 0.1 + 0.2, -1.5, None, 3]]
    assert csv_text(rows) == '\ufeff"Zoë, ""Z""","two\nlines",0.3,-1.5,,3\r\n'
    assert csv_text(rows, separator=";", decimal=",") == '\ufeff"Zoë, ""Z""";"two\nlines";0,3;-1,5;;3\r\n'

"""Whatever a cell holds, no spreadsheet runs it, in whichever country, and we read back what we wrote."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.desk.course.csv_files import csv_text, read_csv
from grader.desk.errors import DeskError

FORMULAS = tuple("=+-@＝＋－＠")
cells = st.text(st.sampled_from("=-@＝ab ,;\t\r\n'\"\xa0"), max_size=12)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "-"])
def test_no_text_becomes_a_formula(text):
    assert csv_text([[text]]).removeprefix("\ufeff").lstrip('"').startswith("'")


@given(st.lists(cells, min_size=2, max_size=3), st.sampled_from(",;"))
def test_no_cell_becomes_a_formula_whichever_separator_a_spreadsheet_takes(row, separator):
    """Read with another separator than it was written with, quotes in the middle of a line are no quotes."""
    text = csv_text([row], separator=separator).removeprefix("\ufeff")
    for other in ",;\t":
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=other):
            assert not [cell for cell in line if cell.lstrip(' \xa0"').startswith(FORMULAS)]
        for part in text.replace("\r", "\n").replace(other, "\n").split("\n"):
            assert not part.lstrip(' \xa0"').startswith(FORMULAS)


@given(st.lists(cells, min_size=1, max_size=3), st.sampled_from(",;"))
def test_what_was_written_is_read_unchanged(tmp_path_factory, row, separator):
    place = tmp_path_factory.getbasetemp() / "cells.csv"
    place.write_text(csv_text([["a", "b", "c", "d"], row], separator=separator), encoding="utf-8", newline="")
    assert read_csv(place)[1] == row


def test_csv_survives_a_spreadsheet():
    """Byte-order mark, CRLF, quotes around what needs them, numbers as numbers, decimals as asked."""
    rows = [['Zoë, "Z"', "two\nlines", 0.1 + 0.2, -1.5, None, 3]]
    assert csv_text(rows) == '\ufeff"Zoë, ""Z""","two\nlines",0.3,-1.5,,3\r\n'
    assert csv_text(rows, separator=";", decimal=",") == '\ufeff"Zoë, ""Z""";"two\nlines";0,3;-1,5;;3\r\n'


def test_an_open_quote_swallows_no_lines(tmp_path):
    """Everyone below it would be part of one name."""
    place = tmp_path / "roster.csv"
    place.write_text('id,first_name\nada,"Ada\nbob,Bob\n')
    with pytest.raises(DeskError, match=r"roster\.csv is no CSV file"):
        read_csv(place)

"""Pairs that are alike beyond what everyone has are shown side by side; given code and short right answers are not."""

import json
from dataclasses import replace

import nbformat
import pytest

from grader.desk.course.facts import Notebook
from grader.desk.report import similar as similar_module
from grader.desk.report.similar import similar, write_page
from grader.judge.grading.annotate import annotate
from tests.desk import tiny
from tests.desk.tools import run

LONG = """\
def double(x):
    table = {0: [], 1: []}
    for row in x:
        table[0].append(row)
        table[1].append(row + row)
    return np.stack(table[1])
"""
RENAMED = LONG.replace("x", "values").replace("table", "shelf").replace("row", "item").replace(":\n", ":  # mine\n", 1)
OTHER = """\
def double(x):
    while True:
        try:
            return np.einsum("...,->...", np.asarray(x), 2.0)
        except TypeError as wrong:
            raise ValueError(f"<b>{wrong}</b>") from wrong
"""
SOURCES = {"ada": LONG, "bob": RENAMED, "cem": OTHER}
WORDS = (
    "Adding a number to itself takes it twice, and so every entry of the array becomes two times what it was before."
)


def test_what_the_grader_wrote_is_nobody_s(released):
    """Two notebooks with the same notes of ours, and without a word of their own."""
    for student in ("ada", "bob"):
        nb = tiny.solved({}, tiny.released(released))
        annotate(nb, {}, [WORDS, WORDS[::-1]])
        folder = released.step("autograded", student, tiny.WEEK)
        folder.mkdir(parents=True)
        (folder / "double.ipynb").write_text(json.dumps(nb))
    assert similar(released, released.weeks[0], least=0.0) == []


def test_a_folder_that_is_no_student_s_and_a_class_of_one_stop_nothing(released):
    """Names that no terminal and no page may show, a folder and nothing in a notebook's place, a thousand cells."""
    nb = tiny.solved({"double": LONG}, tiny.released(released))
    nb.cells += [nbformat.v4.new_code_cell(f"y{n} = {n}") for n in range(1000)]
    odd = {"ada": json.dumps(nb).encode(), "\udcff": b"", "e\x1b[m": b"", "dir": None, "empty": b"", "bare": b"{}"}
    for student, content in odd.items():
        path = released.step("autograded", student, tiny.WEEK, "double.ipynb")
        path.parent.mkdir(parents=True)
        path.mkdir() if content is None else path.write_bytes(content)
    told = run("similar", tiny.WEEK, "--course", released.root)
    assert told.exit_code == 1 and told.output.count("left out") == 2 and told.output.count("cannot be read") == 3
    assert "\x1b" not in told.output and "0 pairs" in told.output


@pytest.fixture
def alike(released):
    """Six students: two with one source, renamed; two with one answer in words; all with the same short `triple`."""
    for student in (*SOURCES, "dee", "eva", "fay"):
        cells = {**tiny.RIGHT, "double": SOURCES.get(student, tiny.RIGHT["double"])}
        if student in ("cem", "dee"):
            cells["why"] = WORDS if student == "cem" else WORDS.replace(", and so", ";\n therefore")
        nb = tiny.solved(cells, tiny.released(released))
        folder = released.step("autograded", student, tiny.WEEK)
        folder.mkdir(parents=True)
        (folder / "double.ipynb").write_text(json.dumps(nb))
    return released


def test_a_renamed_copy_is_found_and_nothing_else(alike):
    found = similar(alike, alike.weeks[0])
    assert [(pair.kind, pair.one, pair.other) for pair in found] == [("code", "ada", "bob"), ("words", "cem", "dee")]
    assert found[0].share > 0.8


def test_a_notebook_that_came_after_the_release_stops_nothing(alike):
    (week,) = alike.weeks
    assert similar(alike, replace(week, notebooks=(*week.notebooks, Notebook("new", "", "lecture"))))


def test_the_page_shows_both_and_runs_nothing(alike):
    """What students wrote is text on it."""
    pairs = similar(alike, alike.weeks[0], least=0.0)
    text = write_page(alike, alike.weeks[0], pairs).read_text()
    assert "<mark>" in text and "<b>{wrong}" not in text and "no proof" in text
    assert write_page(alike, alike.weeks[0], []).read_text().count("No two submissions") == 1


def test_the_command_writes_the_page_unless_it_is_dry(alike):
    told = run("similar", "week01", "--dry-run", "--json", "--course", alike.root)
    assert json.loads(told.stdout)["pairs"][0]["other"] == "bob" and not (alike.root / "reports").exists()
    assert "ada and bob" in run("similar", "week01", "--course", alike.root).output
    assert (alike.root / "reports" / f"similar_{tiny.WEEK}.html").exists()
    assert run("similar", "week01", "--course", alike.repo).exit_code == 3


def test_what_one_submission_holds_stops_no_other(alike, monkeypatch):
    """No notebook, one too long to compare, one that the lexer cannot bear: a line each."""
    for student, text in (("gus", "{"), ("hal", "[]"), ("ida", '{"cells": [1], "nbformat": 4, "nbformat_minor": 5}')):
        place = alike.step("autograded", student, tiny.WEEK, "double.ipynb")
        place.parent.mkdir(parents=True)
        place.write_text(text)
    monkeypatch.setattr("grader.desk.report.similar.MOST_TEXT", 5000)
    long = {**tiny.RIGHT, "double": "x = 1\n" * 2000}
    place = alike.step("autograded", "joy", tiny.WEEK, "double.ipynb")
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(tiny.solved(long, tiny.released(alike))))
    told = run("similar", "week01", "--course", alike.root)
    assert told.exit_code == 1 and "ada and bob" in told.output
    assert all(name in told.output for name in ("gus", "hal", "ida")) and "only the first 5000" in told.output


def test_a_text_that_cannot_be_compared_is_told(alike, monkeypatch):
    def bad(text, kind, window):
        if "table = " in text:
            raise RecursionError
        return before(text, kind, window)

    before = similar_module._fingerprint
    monkeypatch.setattr(similar_module, "_fingerprint", bad)
    told = run("similar", "week01", "--course", alike.root)
    assert told.exit_code == 1 and "ada: the code of double cannot be compared" in told.output
    assert "cem and dee" in told.output

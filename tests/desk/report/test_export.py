"""Exported tables hold what the gradebook holds, survive a spreadsheet, and are known again by Moodle and Canvas."""

import csv
import json
import os
import sqlite3

import pytest

from grader.desk.course.facts import load_course
from grader.desk.report.export import export
from tests.desk import tiny
from tests.desk.tools import run

ROSTER = (
    "id,first_name,last_name,email,also,ID number\n"
    "ada,=Ada,Lovelace,ada@uni.example,ada-on-github,77\n"
    "bob,B,Bobson,,bob-on-github,\n"
    "nobody,No,Body,,,\n"
)


@pytest.fixture
def class_(graded):
    (graded.root / "roster.csv").write_text(ROSTER)
    own = graded.root / "course.toml"
    own.write_text(f'{own.read_text()}[mark]\nformula = "min(3, week01) + week01.practice"\n')
    return load_course(graded.root)


def table(path, separator=","):
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff") and text.count("\r\n") == text.count("\n")
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines(), delimiter=separator))


def by(rows, key):
    return {row[key]: row for row in rows}


def test_marks_are_those_of_the_gradebook_and_the_formula(class_):
    export(class_, list(class_.weeks))
    rows = by(table(class_.root / "exports" / "marks.csv"), "student")
    for student, (_, _, points, _) in tiny.CLASS.items():
        assert float(rows[student][f"{tiny.WEEK} mark"]) == points and float(rows[student]["final_mark"]) == points
    assert rows["nobody"][f"{tiny.WEEK} mark"] == "" and rows["nobody"]["final_mark"] == "0.0"
    assert rows["Мария +1"]["waits_for_a_person"] == "1" and rows["ada"]["first_name"] == "'=Ada"


def test_exercises_are_there_for_a_spreadsheet_of_most_of_europe(class_):
    export(class_, list(class_.weeks), formats=("exercises",), separator=";", decimal=",")
    rows = by(table(class_.root / "exports" / "exercises.csv", ";"), "student")
    column = f"{tiny.WEEK}/{tiny.NOTEBOOK}/double"
    assert rows["(most points)"][column] == "1,5" and rows["bob"][column] == "0,5"
    assert not (class_.root / "exports" / "marks.csv").exists()


def test_moodle_gets_who_it_knows(class_):
    """Its ID number is its own, and no other name of a student's."""
    export(class_, list(class_.weeks), formats=("moodle",))
    rows = by(table(class_.root / "exports" / "moodle.csv"), "Username")
    known = [rows["ada"][column] for column in ("ID number", "Email address", "Doubling", "Final mark")]
    assert known == ["77", "ada@uni.example", "2.5", "2.5"] and rows["bob"]["ID number"] == ""


def test_who_is_not_in_the_roster_is_marked_in_every_table(class_):
    done = export(class_, list(class_.weeks))
    assert set(done.dropped_out) == tiny.CLASS.keys() - {"ada", "bob"}
    for name, key, column in (
        ("marks", "student", "in_roster"),
        ("exercises", "student", "in_roster"),
        ("moodle", "Username", "In roster"),
    ):
        rows = by(table(class_.root / "exports" / f"{name}.csv"), key)
        assert (rows["ada"][column], rows["cut"][column]) == ("yes", "no")
    assert "cut (not in the roster)" in by(table(class_.root / "exports" / "canvas.csv"), "Student")
    told = run("export", "--course", class_.root)
    assert "not in the roster" in told.output


def canvas(class_, text, roster=None):
    """What `grader export --for canvas` makes of a gradebook of Canvas's: its lines by login, and what it says."""
    if roster:
        (class_.root / "roster.csv").write_text(roster)
    theirs = class_.root / "canvas.csv"
    theirs.write_text(text)
    told = run("export", "--for", "canvas", "--canvas-gradebook", theirs, "--course", class_.root)
    return by(table(class_.root / "exports" / "canvas.csv"), "SIS Login ID"), told


HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,Doubling (4711),Other (1)\n    Points Possible,,,,,3.5,1\n"


def test_canvas_gets_its_own_lines_back(class_):
    """Its numbers of students and of assignments, its lines that are no students left out; who is nobody is told."""
    rows, told = canvas(
        class_,
        "Student,ID,SIS User ID,SIS Login ID,Root Account,Section,Notes,Doubling (4711),Other (1),Final Score\n"
        ",,,,,,,Manual Posting,,\n"
        "    Points Possible,,,,,,,3.5,1,(read only)\n"
        '"Lovelace, Ada",501,,ADA@uni.example,uni.example,S1,hard-working,,9,1\n'
        '"Unknown, X",502,,x@uni.example,uni.example,S1,,,,\n'
        '"Student, Test",13,,a5f0,uni.example,S1,,,,\n',
    )
    assert set(rows) == {"", "ADA@uni.example"} and rows[""]["Doubling (4711)"] == "2.5"
    ada = rows["ADA@uni.example"]
    assert (ada["ID"], ada["Root Account"], ada["Section"], ada["Doubling (4711)"]) == (
        "501",
        "uni.example",
        "S1",
        "2.5",
    )
    assert "'Unknown, X', who is nobody" in told.output and "Test" not in told.output and told.exit_code == 1
    assert "'Other (1)' is not filled" in told.output


def test_marks_reach_the_one_whose_id_it_is(class_):
    """Two of one name, an id that folds to another's, a login that is another's second name."""
    roster = "id,first_name,last_name,also\nada,Wei,Li,b-o-b\nb-o-b,James,Bond,\nbob,Jane,Bond,\ncut,Wei,Li,x3\n"
    lines = (
        '"Li, Wei",12,,x001,A,7,\n"Li, Wei",13,,x002,A,,\n"Bond, James",14,,b-o-b,A,,\n"Bond, Jane",15,,bob,A,,\n'
        '"Li, Wei",16,,x3,A,,\n'
    )
    rows, told = canvas(class_, HEAD + lines, roster)
    marks = {login: row["Doubling (4711)"] for login, row in rows.items() if login}
    assert marks == {"x001": "7", "x002": "", "b-o-b": "", "bob": "1.5", "x3": "0.0"}
    assert rows["x001"]["Final mark"] == "" and told.exit_code == 1
    assert "Li, Wei (x001): ada or cut" in told.output and "Li, Wei (x002): ada or cut" in told.output
    assert "1 have no line in Canvas's gradebook: ada" in told.output


def test_two_lines_that_look_like_one_person_s_are_left_empty(class_):
    rows, told = canvas(class_, HEAD + "A,1,,A-da,S,,\nB,2,,AD.A,S,,\n")
    assert rows["A-da"]["Doubling (4711)"] == rows["AD.A"]["Doubling (4711)"] == ""
    assert told.exit_code == 1 and "A (A-da): ada" in told.output


def test_an_assignment_of_canvas_s_that_cannot_be_filled_is_named(class_):
    rows, told = canvas(class_, HEAD.replace("Doubling", "Homework 1") + '"Lovelace, Ada",1,,ada,S,,\n')
    assert "'Homework 1 (4711)' is not filled" in told.output and "no assignment 'Doubling'" in told.output
    assert told.exit_code == 1
    rows, told = canvas(class_, HEAD.replace("Other", "Doubling") + '"Lovelace, Ada",1,,ada,S,,\n')
    assert "'Doubling (1)' is not filled" in told.output and "4711" in told.output


def test_ids_whose_zeros_a_spreadsheet_ate_are_an_error(class_):
    """Not a final mark of 0 for everyone; in the folder of submissions, before anything is graded, too."""
    os.rename(class_.step("submitted", "ada"), class_.step("submitted", "0471"))
    (class_.root / "roster.csv").write_text("id,last_name\n471,Lovelace\nbob,B\n")
    with sqlite3.connect(class_.root / "gradebook.db") as book:
        book.execute("update submitted_assignment set student_id = '0471' where student_id = 'ada'")
    for command in (["export"], ["doctor"], ["collect", "week01", class_.step("submitted")]):
        told = run(*command, "--course", class_.root)
        assert told.exit_code in (1, 3) and "'471' stands for '0471'" in " ".join(told.output.split()), command
    assert not (class_.root / "exports").exists() and not (class_.root / "attempts").exists()


def test_a_formula_that_fails_for_one_says_for_whom(class_):
    """Everyone else has a final mark."""
    own = class_.root / "course.toml"
    own.write_text(own.read_text().replace("min(3, week01) + week01.practice", "1 / (week01 - 1.5)"))
    told = run("export", "--course", class_.root)
    assert told.exit_code == 1 and "bob has no final mark" in told.output
    rows = by(table(class_.root / "exports" / "marks.csv"), "student")
    assert rows["bob"]["final_mark"] == "" and float(rows["ada"]["final_mark"]) == 1


def test_the_command_says_what_waits_and_writes_nothing_when_dry(class_):
    dry = run("export", "--dry-run", "--json", "--course", class_.root)
    assert dry.exit_code == 1 and json.loads(dry.stdout)["waiting"] == {"Мария +1": 1}
    assert not (class_.root / "exports").exists()
    assert "grader todo" in run("export", "--course", class_.root).output and (class_.root / "exports").exists()

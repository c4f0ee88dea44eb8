"""Exported tables hold what the gradebook holds, survive a spreadsheet, and are known again by Moodle and Canvas."""

import csv
import json

import pytest

from grader.desk.course.facts import load_course
from grader.desk.report.export import export
from tests.desk import tiny
from tests.desk.tools import run

ROSTER = "id,first_name,last_name,email,also\nada,=Ada,Lovelace,ada@uni.example,77\nnobody,No,Body,,\n"


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
    export(class_, list(class_.weeks), formats=("moodle",))
    row = by(table(class_.root / "exports" / "moodle.csv"), "Username")["ada"]
    assert (row["ID number"], row["Email address"], row["Doubling"], row["Final mark"]) == (
        *("77", "ada@uni.example"),
        *("2.5", "2.5"),
    )


def test_canvas_gets_its_own_lines_back(class_, tmp_path):
    """Its numbers of students and of assignments; a line of nobody is told."""
    theirs = tmp_path / "canvas.csv"
    theirs.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Doubling (4711),Other (1)\n"
        "    Points Possible,,,,,3.5,1\n"
        '"Lovelace, Ada",501,,ADA@uni.example,S1,,\n'
        '"Unknown, X",502,,x@uni.example,S1,,\n'
    )
    done = export(class_, list(class_.weeks), formats=("canvas",), canvas=theirs)
    assert done.unmatched == ["Unknown, X"]
    points, ada = table(class_.root / "exports" / "canvas.csv")
    assert points["Student"] == "    Points Possible" and points["Doubling (4711)"] == "2.5"
    assert (ada["ID"], ada["Section"], ada["Doubling (4711)"]) == ("501", "S1", "2.5")


def test_the_command_says_what_waits_and_writes_nothing_when_dry(class_):
    dry = run("export", "--dry-run", "--json", "--course", class_.root)
    assert dry.exit_code == 1 and json.loads(dry.stdout)["waiting"] == {"Мария +1": 1}
    assert not (class_.root / "exports").exists()
    assert "grader todo" in run("export", "--course", class_.root).output and (class_.root / "exports").exists()

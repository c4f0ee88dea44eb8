"""What an instructor decides counts in report, export, pages and todo, survives regrading, and can be taken back."""

import csv
import io
import json
import os
import re
import sqlite3

import pytest

from grader.desk.course.decisions import DECISIONS, Decision, Decisions
from grader.desk.course.facts import load_course
from grader.desk.decisions import rename as renaming
from grader.desk.doctor.class_files import class_files
from grader.desk.feedback.feedback import feedback
from grader.desk.grade.results import Store
from grader.desk.grade.run import grade
from grader.desk.report.todo import WORTHLESS
from tests.desk import tiny
from tests.desk.tools import run

MARIA = "Мария +1"
WHY = "the test was wrong"


def told(course, *arguments, code=0):
    result = run(*arguments, "--course", course.root)
    assert result.exit_code == code, result.output
    return result.output


def table(path):
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    return {row["student"]: row for row in rows}


def marks(course):
    """Everyone's mark of the week: the report's and the export's, which agree."""
    run("report", "--course", course.root)
    run("export", "--course", course.root)
    reported = {who: float(row["mark"]) for who, row in table(course.root / "reports" / "totals.csv").items()}
    exported = table(course.root / "exports" / "marks.csv")
    assert reported == {who: float(row[f"{tiny.WEEK} mark"]) for who, row in exported.items()}
    assert reported == {who: float(row["final_mark"]) for who, row in exported.items()}
    return reported


def final_mark(course, who):
    """The export's alone."""
    run("export", "--for", "marks", "--course", course.root)
    return float(table(course.root / "exports" / "marks.csv")[who]["final_mark"])


def page(course, student):
    feedback(load_course(course.root), list(course.weeks), (student,))
    return course.step("feedback", student, tiny.WEEK, "double.html").read_text()


def todo(course):
    listed = json.loads(run("todo", "--json", "--course", course.root).stdout)["todo"]
    return {(one["student"], one["exercise"]): one["why"] for one in listed if one["exercise"]}


def test_full_points_a_bonus_and_a_waiver_count_everywhere_and_survive_regrading(graded):
    """Each is a line; with all lines taken back everything is as it was."""
    before = marks(graded)
    assert before["bob"] == 1.5 and before[MARIA] == 2.5 and todo(graded) == {(MARIA, "why"): "written answer"}
    page(graded, "bob")
    said = told(graded, "drop", "week01", "double", "--why", WHY)
    assert (
        "bob week01_tiny: 1.5 → 2.5 (double 0.5 → 1.5)" in said
        and "Older than this: 1 page of week01_tiny (bob)" in said
    )
    told(graded, "bonus", "ada", "0.25", "--why", "explained it to the class")
    told(graded, "waive", "week01", "why", "--student", MARIA, "--points", "0.5")
    expected = {**dict.fromkeys(before, 1.5), "bob": 2.5, "ada": 2.75, MARIA: 3.0}
    assert marks(graded) == expected and todo(graded) == {}
    again = load_course(graded.root)
    summary = grade(again, list(again.weeks), ("bob", MARIA), force=True, jobs=2, trusted=True)
    assert marks(graded) == expected and todo(graded) == {} and summary.moved == []
    assert "full points for all" in page(graded, "bob") and WHY in page(graded, "bob")
    assert "squares in place" not in page(graded, "bob")
    assert "0.25 bonus points for this week (explained it to the class)" in page(graded, "ada")
    assert "not read, and counts 0.5" in page(graded, MARIA)
    report = (graded.root / "reports" / "report.html").read_text()
    assert f"full points for everyone in {tiny.WEEK}/double/double" in report and WHY in report
    assert "squares in place" not in report  # what a wrong test told is no hint to the class
    for number in ("3", "1", "2"):
        told(graded, "undo", number)
    assert marks(graded) == before and todo(graded) == {(MARIA, "why"): "written answer"}
    assert "squares in place" in page(graded, "bob") and "bonus points for" not in page(graded, "ada")
    assert "taken back by line" in (graded.root / "reports" / "report.html").read_text()
    assert told(graded, "undo").startswith("No decision stands")


def test_an_exercise_taken_out_counts_for_nobody_and_is_not_to_be_had(graded):
    """Neither for those who had it nor in the sum; an unread answer to it waits no longer."""
    told(graded, "drop", "week01", "why", "--out")
    assert todo(graded) == {} and marks(graded)[MARIA] == 2.5
    assert table(graded.root / "reports" / "totals.csv")["ada"]["most_points"] == "1.5"
    facts = graded.root / "course.toml"
    own = facts.read_text()
    facts.write_text(f"{own}[week.week01]\npoints = 10\n")
    assert final_mark(graded, "ada") == pytest.approx(2.5 / 1.5 * 10)  # the week still counts for 10, and bonus on top
    facts.write_text(own)
    told(graded, "drop", "week01", "test_double", "--out", "--why", WHY)
    assert marks(graded)["ada"] == 1.0
    shown = page(graded, "ada")
    assert "counts for nobody" in shown and "0 of 0 points" in shown and "Well done" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ("drop", "week01", "double"),
        ("bonus", "ada", "1", "--why", "x"),
        ("waive", "week01", "why", "--points", "1"),
        ("waive", "week01", "--student", "ada", "--days", "2"),
        ("rename", "ada", "eve"),
    ],
)
def test_a_dry_run_says_what_would_be_and_writes_nothing(graded, arguments):
    """Not a file, and no row of the gradebook."""

    def everything():
        found = {path: path.read_bytes() for path in graded.root.rglob("*") if path.is_file()}
        return {path: data for path, data in found.items() if path.name != "gradebook.db"}, rows(graded)

    before = everything()
    assert "would" in told(graded, *arguments, "--dry-run")
    assert everything() == before


def rows(course):
    book = sqlite3.connect(course.root / "gradebook.db")
    names = ("student", "grade", "submitted_assignment", "submitted_notebook")
    found = [book.execute(f"select * from {name} order by 1").fetchall() for name in names]
    book.close()
    return found


def test_lateness_follows_what_was_decided(graded):
    """A percentage is of the points that count; an extension of one student leaves everyone else late."""
    facts = graded.root / "course.toml"
    facts.write_text(
        facts.read_text() + "[late]\npercent_per_day = 10\n[week.week01]\ndeadline = 2026-09-30T12:00:00Z\n"
    )
    late = told(graded, "grade", "--student", "ada", "--student", "bob")
    assert "ada week01_tiny: 2.5 → 2.25 (taken off for lateness 0 → 0.25)" in late and "0 graded" in late
    told(graded, "drop", "week01", "double")
    assert final_mark(graded, "bob") == 2.25
    told(graded, "waive", "week01", "--student", "bob", "--days", "2")
    assert (final_mark(graded, "bob"), final_mark(graded, "ada")) == (2.5, 2.25)
    told(graded, "undo", "2")
    told(graded, "waive", "week01", "--student", "bob", "--until", "2026-10-01T13:00")
    assert final_mark(graded, "bob") == 2.5
    told(graded, "undo", "4")
    assert final_mark(graded, "bob") == 2.25


def test_answers_worth_no_points_hold_nothing_up_and_are_waived_at_once(graded):
    """One that is worth points waits until somebody says what it counts unread."""
    told(graded, "waive", "week01", "why", code=3)
    assert "1 answer of 1 student waits" in run("export", "--course", graded.root).output
    book = sqlite3.connect(graded.root / "gradebook.db")
    worth = "update grade_cells set max_score = 0 where id in (select id from base_cell where name = 'why')"
    book.execute(worth)
    book.commit()
    book.close()
    assert (
        todo(graded) == {(MARIA, "why"): WORTHLESS} and "wait for" not in run("export", "--course", graded.root).output
    )
    assert "grader waive week01_tiny" in run("todo", "--course", graded.root).output
    assert "Answers that need not be read: 1" in told(graded, "waive", "week01")
    assert todo(graded) == {}


def test_a_score_that_a_person_gave_is_not_waived(graded):
    """The answer is to be looked at again once it was graded again, whatever was waived."""
    book = sqlite3.connect(graded.root / "gradebook.db")
    book.execute(
        "update grade set manual_score = 0.75 where needs_manual_grade and cell_id in "
        "(select id from base_cell where name = 'why')"
    )
    book.commit()
    book.close()
    said = run("waive", "week01", "why", "--points", "1", "--course", graded.root)
    assert "Nothing is changed by it today" in said.output
    assert marks(graded)[MARIA] == 3.25 and todo(graded) == {(MARIA, "why"): "graded again"}


def in_class(course):
    """The class with a roster, an extension, an attempt and files that a person has mapped."""
    (course.root / "roster.csv").write_text("ID;First name;Last name;also\nada;Ada;Lovelace;\nbob;Bob;Ross;\n")
    facts = course.root / "course.toml"
    facts.write_text(facts.read_text() + '\n[extensions."ada"]   # ill\nweek01 = 2\n')
    (course.root / "mapping.csv").write_text("found,student\nx,ada\ny,bob; ada\n")
    course.step("attempts", "ada", tiny.WEEK).mkdir(parents=True)
    return load_course(course.root)


def bearing(course, name):
    """Where an id stands: files and folders, rows, lines."""
    found = {str(path.relative_to(course.root)) for path in course.root.rglob("*") if name in (path.name, path.stem)}
    texts = [(course.root / file).read_text() for file in ("roster.csv", "mapping.csv", "course.toml")]
    found |= {line for line in "".join(texts).splitlines() if re.search(rf"\b{name}\b", line)}
    return found | {"gradebook"} if f"('{name}'," in str(rows(course)[0]) else found


def test_a_new_id_takes_everything_along(graded):
    """Scores, work, extension, feedback, bonus; nothing is graded again, and it can be taken back."""
    course = in_class(graded)
    told(course, "bonus", "ada", "0.5", "--why", "x")
    page(course, "ada")
    run("report", "--course", course.root)
    told(course, "rename", "ada", "ada.l", "--why", "married")
    assert not [path for path in bearing(course, "ada") if "ada.l" not in path]
    assert marks(course)["ada.l"] == 3.0 and "ada" not in marks(course)
    again = load_course(course.root)
    assert again.due(again.weeks[0], "ada.l").soft > again.weeks[0].deadline
    assert "0 graded, 1 unchanged" in told(course, "grade", "--student", "ada.l")
    assert Store(again.desk_folder).load(tiny.WEEK, "ada.l", "double")
    assert "graded for the first time" not in (course.root / "reports" / "report.html").read_text()
    told(course, "undo", "2")
    assert marks(course)["ada"] == 3.0 and not course.step("submitted", "ada.l").exists()


def test_a_rename_that_was_stopped_is_continued_by_the_same_command(graded, monkeypatch):
    course, done = in_class(graded), []

    def failing(old, new):
        if len(done) == 2:
            raise OSError(28, "No space left on device", str(old))
        done.append(old)
        os.replace(old, new)

    monkeypatch.setattr(renaming.os, "rename", failing)
    assert "No space left" in told(course, "rename", "ada", "eve", code=3)
    monkeypatch.undo()
    told(course, "rename", "ada", "eve")
    assert not course.step("feedback", "ada").exists() and marks(course)["eve"] == 2.5
    assert (course.root / DECISIONS).read_text().count("rename") == 1


def test_two_students_cannot_become_one(graded):
    """Nothing is moved, and no line is written."""
    assert "work of their own" in told(graded, "rename", "ada", "bob", code=3)
    assert "no student 'nobody'" in told(graded, "rename", "nobody", "eve", code=3)
    assert "cannot be the new id" in told(graded, "rename", "ada", "../x", code=3)
    (graded.root / "roster.csv").write_text("id\nada\neve\n")
    for old, new in (("ada", "eve"), ("eve", "ada")):
        assert f"roster.csv has both {old!r} and {new!r}" in told(graded, "rename", old, new, code=3)
    (graded.root / "roster.csv").unlink()
    assert not (graded.root / DECISIONS).exists() and marks(graded)["ada"] == 2.5


def test_ids_change_places_and_back_and_a_rename_waits_for_later_ones(graded, monkeypatch):
    """Three renames are a swap; one of them is not taken back while its ids are others' by a later one."""
    course, before = in_class(graded), marks(graded)
    told(course, "bonus", "ada", "0.25", "--why", "x")
    for old, new in (("ada", "tmp"), ("bob", "ada"), ("tmp", "bob")):
        told(course, "rename", old, new)
    swapped = marks(course)
    assert (swapped["bob"], swapped["ada"]) == (before["ada"] + 0.25, before["bob"])
    for number in ("2", "3"):
        assert "Take that back first: grader undo 4" in told(course, "undo", number, code=3)
    done = []

    def failing(old, new):
        if done:
            raise OSError(28, "No space left on device", str(old))
        done.append(os.replace(old, new))

    with monkeypatch.context() as patch:
        patch.setattr(renaming.os, "rename", failing)
        assert "No space left" in told(course, "undo", "4", code=3)
    for number in ("4", "3", "2"):
        told(course, "undo", number)
    assert (
        marks(course) == {**before, "ada": before["ada"] + 0.25}
        and (course.root / DECISIONS).read_text().count("undo") == 3
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("drop", "week01", "doubel"), "Did you mean 'double'"),
        (("bonus", "adda", "1", "--why", "x"), "Did you mean 'ada'"),
        (("bonus", "ada", "1", "--week", "week09", "--why", "x"), "'week09' is not a week"),
        (("waive", "week01", "--student", "ada", "--until", "tomorrow"), "is not a date"),
        (("waive", "week01", "--student", "ada", "--until", "2026-10-01T12:00"), "before the deadline"),
        (("waive", "week01", "why", "--points", "2"), "worth 1 points, not 2"),
        (("undo", "7"), "No line 7"),
        (("bonus", "ada", "nan", "--why", "x"), "'nan' is no number"),
        (("bonus", "ada", "1e9", "--why", "x"), "not in the range"),
        (("bonus", "ada", "1", "--why", " \n"), "Write a reason"),
        (("waive", "week01", "why", "--points", "nan"), "'nan' is no number"),
    ],
)
def test_what_cannot_be_decided_is_said(graded, arguments, said):
    result = run(*arguments, "--course", graded.root)
    assert said in " ".join(result.output.split()) and result.exit_code in (2, 3)
    assert not (graded.root / DECISIONS).exists()


def test_what_stands_already_is_not_written_again(graded):
    """With the same words or none; a bonus is another one each time, and undoing tells what still says the same."""
    for _ in range(2):
        told(graded, "drop", "week01", "double", "--why", "a\n slip")
        told(graded, "waive", "week01", "--student", "ada", "--student", "ada", "--days", "2")
    assert "line 1 says so already" in told(graded, "drop", "week01", "double")
    assert "line 3: 0.5 bonus" in told(graded, "bonus", "ada", "0,5", "--why", "x")
    assert "line 4: 0.5 bonus" in told(graded, "bonus", "ada", "0.5", "--why", "x")
    told(graded, "drop", "week01", "double", "--out")
    assert "Line 1 still stands: full points" in told(graded, "undo", "5")
    assert "full points for everyone in week01_tiny/double/double (a slip)" in told(graded, "undo")


LINES = """number,when,what,student,week,exercise,value,why
1,t,full points,,week01_tiny,double/test_double,,"très; bien"
2,t,bonus,ada,week01_tiny,,0.5,=x
3,t,extension,bob,week01_tiny,,2026-12-01T12:00,
"""


def rearranged(text):
    rows = [row[1:] + row[:1] for row in csv.reader(io.StringIO(text))]
    return "\n".join(";".join(f'"{cell}"' for cell in row) for row in (rows[0], *reversed(rows[1:])))


@pytest.mark.parametrize(
    "saved",
    [
        LINES.encode(),
        LINES.replace("\n", "\r\n").encode("utf-8-sig"),
        LINES.replace("\n", ",,\n").replace(",week01_tiny", ", week01").encode() + b",,,,,\n\n",
        rearranged(LINES).replace("0.5", "0,5").encode(),
        LINES.replace(",", "\t").encode("utf-16"),
    ],
)
def test_a_log_that_a_spreadsheet_saved_means_the_same(graded, saved):
    """Semicolons, marks of the byte order, ends of lines, other order of columns and lines, a comma in a number."""
    (graded.root / DECISIONS).write_bytes(saved)
    course = load_course(graded.root)
    first, second, third = course.decisions.standing
    assert (first.exercise, first.why, first.points) == ("double/test_double", "très; bien", 0)
    assert (second.points, second.why, third.number) == (0.5, "=x", 3)
    assert course.due(course.weeks[0], "bob").soft.isoformat() == "2026-12-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("4,t,fool points,,week01_tiny,double/test_double,,", "'fool points' is no decision"),
        ("4,t,full points,,week01_tiny", "'full points' says no exercise; is the line whole?"),
        ("4,t,bonus,ada,week09_tiny,,1,", "'week09_tiny' is not a week of this course. Did you mean 'week01_tiny'?"),
        ("4,t,bonus,ada,week01_tiny,,nan,", "nan is no number of points"),
        ("4,t,bonus,ada,week01_tiny,,-1,", "-1 is no number of points"),
        ("4,t,bonus,ada,week01_tiny,,01. Mai,", "could not convert string to float"),
        ("4,t,extension,ada,week01_tiny,,99999,", "1 to 400 days"),
        ("4,t,undo,,,,4,", "4 is the number of no line above"),
        ("4,t,undo,,,,nan,", "invalid literal"),
        ("2,t,bonus,ada,week01_tiny,,1,", "number 2 is there twice"),
        (",t,bonus,ada,week01_tiny,,1,", "invalid literal"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(course, line, said):
    """No command computes marks without it."""
    place = course.root / DECISIONS
    place.write_text(LINES + line)
    for command in ("export", "todo", "undo"):
        output = " ".join(told(course, command, code=3).split())
        assert f"{place}, line 5: " in output and said in output
    place.write_text(LINES.replace("student,week", "week"))
    assert "line 1: there is no column student" in told(course, "export", code=3)


def test_the_doctor_names_decisions_about_nobody_and_nothing(graded):
    """They stop nothing: somebody may have left the class."""
    place = graded.root / DECISIONS
    place.write_text(f"{LINES}4,t,bonus,zoe,week01_tiny,,1,\n5,t,full points,,week01_tiny,double/gone,,\n")
    (found,) = (one for one in class_files(graded.root) if one.what == DECISIONS)
    assert found.look and "line 4: There is no student 'zoe'" in found.found and "line 5: " in found.found
    place.write_text(LINES)
    (found,) = (one for one in class_files(graded.root) if one.what == DECISIONS)
    assert found.ok and not found.look and found.found == "3 lines standing"


def test_a_log_that_cannot_be_written_is_named(graded, monkeypatch):
    """And not the temporary file beside it."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert f"{graded.root / DECISIONS}: No space left" in told(graded, "bonus", "ada", "1", "--why", "x", code=3)
    monkeypatch.undo()
    (graded.root / DECISIONS).mkdir()
    assert f"{graded.root / DECISIONS} cannot be read" in told(graded, "bonus", "ada", "1", "--why", "x", code=3)
    assert not [path for path in graded.root.iterdir() if path.name.startswith(f".{DECISIONS}")]


def test_lines_speak_of_the_ids_that_students_have_now():
    """A rename changes what stands above it; taken back, it changes it back, and what came between, too."""
    log = Decisions()
    for what, student, value in (("bonus", "ada", "1"), ("rename", "eve", "ada"), ("bonus", "eve", "2")):
        log = log.plus(Decision(what, student, "w", value=value))
    assert [one.points for one in log.bonus("w")["eve"]] == [1, 2]
    back = log.plus(Decision("undo", value="2"))
    assert [one.points for one in back.bonus("w")["ada"]] == [1, 2] and len(back.standing) == 2


def test_regrading_says_whose_mark_moved_why_and_which_pages_are_stale(graded):
    """Another file, and other tests; what did not move is not told."""
    page(graded, "bob"), page(graded, "ada")
    place = graded.step("submitted", "bob", tiny.WEEK)
    (place / "Copy of double (2).ipynb").unlink()
    tiny.hand_in(graded, "bob", tiny.RIGHT, timestamp="2026-10-02 12:00:00 UTC")
    said = told(graded, "grade", "--trust-student-code", "--student", "bob", "--student", "ada")
    assert "bob week01_tiny: 1.5 → 2.5 (double 0.5 → 1.5; handed in anew)" in said
    assert "ada week01_tiny:" not in said
    facts = json.loads(run("grade", "--json", "--student", "bob", "--course", graded.root).stdout)
    assert facts["moved"] == []

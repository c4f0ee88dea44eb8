"""A term through the command line: three weeks, 40 students, five platforms, and what goes wrong in a term."""

import csv
import re
import shutil
import subprocess
from collections import Counter

import nbformat
import pytest
from nbgrader.api import Gradebook

from grader.desk.course.facts import load_course
from tests.desk import tiny
from tests.desk.collect import downloads
from tests.desk.tools import run

WEEKS = ("week01_tiny", "week02_tiny", "week03_tiny")
DEADLINES = {"week01_tiny": 4, "week02_tiny": 11, "week03_tiny": 18}  # days of October; the hard ones a week later
FIRST = ("Anna", "Boris", "Chiara", "Dilnoza", "Emil", "Fatima", "Goran", "Hiro")
LAST = ("Adler", "Bianchi", "Çelik", "Дымова", "Øster")
PEOPLE = {f"s{n:02}": (FIRST[n // 5], LAST[n % 5]) for n in range(40)}
PLATFORMS = ("moodle", "canvas", "gradescope", "mail", "clones")
HALF = {"double": tiny.RIGHT["double"]}
WORKS = {"right": (tiny.RIGHT, 2.5), "squares": (tiny.SQUARES, 1.5), "half": (HALF, 1.5), "stub": ({}, 0.0)}
BROKEN = b'{"cells": ['
KINDS = ("right", "squares", "right", "half", "right", "right", "stub")

CLASS = """
title = "The autumn class"
repository = "uni/autumn"
time_zone = "UTC"

[late]
late_days = 1
points_per_day = 0.5

[mark]
formula = "min(20, week01 + week02 + week03)"

[extensions."s10"]
week02 = 2

[week.week03]
points = 5
"""


def platform(who):
    return PLATFORMS[int(who[1:]) % 5]


def kind(who, week):
    return KINDS[(int(who[1:]) + 2 * WEEKS.index(week)) % len(KINDS)]


class Term:
    """The instructor's side: what is typed, which files are edited, and a class that hands in."""

    def __init__(self, place, monkeypatch):
        self.place, self.monkeypatch = place, monkeypatch
        self.typed, self.edited = [], set()
        self.checkout = checkout_of_three_weeks(place / "checkout")
        self.root = place / "class"

    def grader(self, *words):
        """Type a command; 2 and 3 would be one that could not be done."""
        self.typed.append(words)
        where = () if words[0] in ("new-course", "doctor") else ("--course", self.root)
        told = run(*words, *where)
        assert told.exit_code in (0, 1), (words, told.output)
        return told.output

    def edit(self, name, change):
        self.edited.add(name)
        path = self.root / name
        path.write_text(change(path.read_text()))

    def deliver(self, week, works, day, name):
        """Downloads of each platform with these works, `{student: bytes}`, all of one day of October."""
        place = self.place / "downloads" / f"{week}-{name}"
        place.mkdir(parents=True)
        made = []
        for one in PLATFORMS:
            theirs = {who: [("double.ipynb", data)] for who, data in works.items() if platform(who) == one}
            if not theirs:
                continue
            self.monkeypatch.setattr(downloads, "PEOPLE", {who: PEOPLE[who] for who in theirs})
            if one == "mail":
                made.append(place / "mails")
                made[-1].mkdir()
                for who, files in theirs.items():
                    sender = "kitten77" if who == "s13" else who
                    text = downloads.mail(sender, files, f"Thu, {day:02} Oct 2026 12:00:00 +0000")
                    (made[-1] / f"{who}.eml").write_bytes(text)
            elif one == "clones":
                made.append(place / "clones")
                clones_of(made[-1], week, theirs)
            else:
                files = getattr(downloads, one)(theirs, day)
                made.append(downloads.as_zip(files, day, place / f"{one}.zip"))
        return made

    def work(self, week, which):
        released = nbformat.read(self.root / "release" / week / "double.ipynb", as_version=4)
        return nbformat.writes(tiny.solved(WORKS[which][0], released)).encode()


def checkout_of_three_weeks(folder):
    """The tiny checkout, its week three times; the hidden test of week 2's bonus is wrong."""
    tiny.write_checkout(folder)
    for week in WEEKS[1:]:
        for place in (folder, folder / "solutions"):
            shutil.copytree(place / WEEKS[0], place / week)
            for path in (place / week).rglob("*"):
                if path.suffix in (".py", ".ipynb", ".md"):
                    path.write_text(path.read_text().replace(WEEKS[0], week))
    keys = folder / "solutions" / WEEKS[1] / "double" / "keys.py"
    keys.write_text(keys.read_text().replace("3 * case.x", "4 * case.x"))
    head, one = tiny.FACTS.split("[[weeks]]", 1)
    (folder / "course.toml").write_text(head + "".join(f"[[weeks]]{one.replace(WEEKS[0], week)}" for week in WEEKS))
    return folder


def clones_of(place, week, works):
    """As `gh classroom clone` leaves them."""
    lines = ["set -e", "export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@y GIT_COMMITTER_NAME=x"]
    lines.append("export GIT_COMMITTER_EMAIL=x@y")
    for who, files in works.items():
        clone = place / f"hw-gh-{who}"
        (clone / week).mkdir(parents=True)
        for name, data in files:
            (clone / week / name).write_bytes(data)
        lines.append(f"cd {clone}; git init -q; git add .; git commit -qm work")
    subprocess.run(["bash", "-c", "\n".join(lines)], check=True, capture_output=True)


def planted():
    """The mark of every student in every week, by the works above and by what happens below."""
    marks = {week: {who: WORKS[kind(who, week)][1] for who in PEOPLE} for week in WEEKS}
    first, second, third = WEEKS
    del marks[second]["s01"]  # handed nothing in
    marks[first]["s02"] = 2.5  # what could not be read was sent again
    marks[first]["s03"] = 2.5  # a day late, which the one late day pays for
    marks[second]["s03"] = 2.5 - 0.5  # the next one costs
    marks[second]["s10"] = 2.5  # a day late, with an extension
    marks[third]["s05"] = 0.0  # after the hard deadline
    marks[first]["s07"] = 2.5  # handed in again in time
    marks[first]["s09"] += 1.0  # an answer that a person has read
    return marks


def dates(text):
    """Deadlines of the class, below each week's heading."""
    for week, day in DEADLINES.items():
        lines = f"deadline = 2026-10-{day:02}T23:59:00\nhard_deadline = 2026-10-{day + 7:02}T23:59:00\n"
        heading = f"[week.{week}]\n"
        text = text.replace(heading, heading + lines) if heading in text else f"{text}\n{heading}{lines}"
    return text


@pytest.mark.long
def test_a_term_of_forty_students_on_five_platforms_ends_in_the_marks_planted(repo, tmp_path, monkeypatch):
    """Every mark of every week, and the final marks; then how much had to be typed, edited and known for it."""
    term = Term(tmp_path, monkeypatch)
    term.grader("doctor")
    term.grader("new-course", str(term.root), "--checkout", str(term.checkout))
    settings = CLASS.replace("[week.week03]", f"[week.{WEEKS[2]}]")
    checkout_line = f'[course]\ncheckout = "{term.checkout}"\n'
    term.edit("course.toml", lambda text: dates(checkout_line + settings.lstrip("\n")))
    term.edit(
        "roster.csv",
        lambda text: (
            "id,first_name,last_name,email,also\n"
            + "".join(f"{who},{one},{two},{who}@uni.example,gh-{who}\n" for who, (one, two) in PEOPLE.items())
        ),
    )
    marks, hard = planted(), []
    for week in WEEKS:
        term.grader("release", week)
        works = {who: term.work(week, kind(who, week)) for who in PEOPLE}
        again, day = {}, DEADLINES[week]
        if week == WEEKS[0]:
            works["s02"], again["s02"] = BROKEN, term.work(week, "right")
            works["s07"], again["s07"] = term.work(week, "squares"), term.work(week, "right")
            late = {"s03": term.work(week, "right")}
        elif week == WEEKS[1]:
            del works["s01"]
            late = {who: term.work(week, "right") for who in ("s03", "s10")}
        else:
            late = {"s05": term.work(week, "right")}
        on_time = {who: data for who, data in works.items() if who not in late}
        sources = term.deliver(week, on_time, day - 2, "first")
        said = term.grader("collect", week, *map(str, sources))
        if week == WEEKS[0]:
            assert "kitten77" in said
            term.edit("mapping.csv", lambda text: re.sub(r"(kitten77[^,]*),[^,\n]*", r"\1,s13", text, count=1))
            hard.append(len(term.typed))
            term.grader("collect", week, *map(str, sources))
        assert "s01" in said if week == WEEKS[1] else True
        later = [*term.deliver(week, again, day - 1, "again")]
        later += term.deliver(week, late, day + (10 if week == WEEKS[2] else 1), "late")
        hard.append(len(term.typed))
        term.grader("collect", week, *map(str, later))
        term.grader("grade", week)
        term.typed.append(
            ("formgrader",)
        )  # a server, in which a person reads answers; what one of them does is done here
        if week == WEEKS[0]:
            read_an_answer(term.root, "s09")
        if week == WEEKS[1]:
            keys = term.checkout / "solutions" / week / "double" / "keys.py"
            keys.write_text(keys.read_text().replace("4 * case.x", "3 * case.x"))
            hard.append(len(term.typed))
            term.grader("grade", week)
        assert week in term.grader("todo")
        term.grader("feedback", week, "--pack")
        term.grader("report")
    term.grader("export")

    assert_marks(term, marks)
    pages = Counter(path.parts[-2] for path in (term.root / "feedback").glob("*/*/double.html"))
    assert pages == {week: len(marks[week]) for week in WEEKS}

    typed = [words for number, words in enumerate(term.typed) if number not in hard]
    commands, options = {words[0] for words in typed}, {word for words in typed for word in words if word[:2] == "--"}
    guide = (repo / "docs" / "instructor.md").read_text(encoding="utf-8")
    assert f"takes {len(commands)} different commands, typed {len(typed)} times: three once, seven a week." in guide
    # --checkout is for this checkout, which is not the program's own.
    assert len(typed) == 3 + 7 * len(WEEKS) and len(commands) == 10
    assert options == {"--checkout", "--pack"} and len(hard) == 5
    assert term.edited == {"course.toml", "roster.csv", "mapping.csv"}

    decided(term, marks)


def assert_marks(term, marks):
    """Every week's marks and the final ones, as exported."""
    with open(term.root / "exports" / "marks.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    found = {
        week: {who: float(row[f"{week} mark"]) for who, row in rows.items() if row[f"{week} mark"]} for week in WEEKS
    }
    assert found == marks
    finals = {
        who: sum(weight * marks[week].get(who, 0.0) for week, weight in zip(WEEKS, (1, 1, 2), strict=True))
        for who in rows
    }
    assert len(rows) == len(PEOPLE)
    assert {who: float(row["final_mark"]) for who, row in rows.items()} == pytest.approx(finals)


def decided(term, marks):
    """What an instructor decides afterwards: five commands, each a line of a log, and one of them is taken back."""
    first, second, third = WEEKS
    given = {who: marks[second][who] + 1.0 for who in marks[second] if kind(who, second) in ("half", "stub")}
    given = {who: mark for who, mark in given.items() if who not in ("s03", "s10")}
    assert len(given) > 10
    term.grader("drop", second, "triple", "--why", "its text was not clear")
    term.grader("waive", third, "--student", "s05", "--days", "10", "--why", "ill")
    term.grader("bonus", "s21", "0.5", "--week", first, "--why", "explained it to the class")
    term.grader("rename", "s22", "s99")
    late = {**marks[third], "s05": 2.5}
    more = {**marks[first], "s21": marks[first]["s21"] + 0.5}
    wanted = {first: more, second: {**marks[second], **given}, third: late}
    for week in WEEKS:
        wanted[week]["s99"] = wanted[week].pop("s22")
    term.grader("export")
    assert_marks(term, wanted)
    term.grader("undo", "1")
    wanted[second] = {("s99" if who == "s22" else who): mark for who, mark in marks[second].items()}
    term.grader("grade", *WEEKS)
    term.grader("export")
    assert_marks(term, wanted)


def read_an_answer(root, who):
    """What Formgrader does when a person has read an answer and gives its point."""
    course = load_course(root)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}", course.id) as book:
        grade = book.find_grade("why", "double", WEEKS[0], who)
        grade.manual_score, grade.needs_manual_grade = 1.0, False
        book.db.commit()

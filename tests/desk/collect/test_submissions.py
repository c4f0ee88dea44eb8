"""What lies in `submitted/` is read once, as far as it is safe and small enough, and the rest is told."""

import dataclasses
import os
from datetime import datetime

import pytest

from grader.desk.collect import submissions
from grader.desk.collect.submissions import read_submission, students_with_work, unsafe_name
from grader.desk.course.facts import Notebook, Week
from grader.desk.gradebook.timestamps import parsed_timestamp

WEEK = Week("w", "", None, (Notebook("homework", "", "homework", 5.0), Notebook("lecture", "", "lecture")))


@pytest.fixture
def course(course):
    return dataclasses.replace(course, weeks=(WEEK,))


def hand_in(course, name, content=b"{}", student="ada"):
    path = course.step("submitted", student, "w", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def work_of(course):
    (work,) = read_submission(course, WEEK, "ada", ["homework"]).works
    return work


def test_a_lecture_notebook_is_not_taken_for_the_missing_homework(course):
    """It is known by its name, though nobody grades it."""
    hand_in(course, "lecture.ipynb")
    work = work_of(course)
    assert work.submitted is None and work.alone


def test_other_files_come_along_but_not_what_nobody_needs(course):
    for name in ("homework.ipynb", "helper.py", "data/a.txt", ".DS_Store", "__pycache__/x.pyc", ".git/config"):
        hand_in(course, name)
    assert [name for name, _ in work_of(course).files] == ["helper.py", "data/a.txt"]


def test_a_notebook_that_is_too_large_is_not_read_and_told(course, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_NOTEBOOK_MB", 0)
    hand_in(course, "homework.ipynb", b"x" * 2**20)
    work = work_of(course)
    assert work.submitted is None and "1 MB large" in work.refused


def test_too_many_files_are_left_out_and_told(course, monkeypatch):
    monkeypatch.setattr(submissions, "MAX_FILES", 1)
    for name in ("homework.ipynb", "a.txt", "b.txt"):
        hand_in(course, name)
    work = work_of(course)
    assert len(work.files) == 1 and "b.txt" in work.notes[0]


@pytest.mark.parametrize(
    "name", ["ada", "Мария", "o'brien", "a+b@c.org", "[x]", "-rf", "jäger müller", "a.b", "anna_Анна"]
)
def test_names_that_people_have_are_fine(name):
    assert unsafe_name(name) is None


@pytest.mark.parametrize("name", ["<b>", 'a"b', "a&b", "a\nb", "a\\b", "a`b", "{{x}}", "x" * 200, "\udcff"])
def test_names_that_no_page_may_show_are_not(name):
    assert unsafe_name(name)


@pytest.mark.parametrize("character", "\u200b\u200d\u2060\ufeff\xad\u061c\u202e\u034f\u3164\ufe0f\U000e0041\xa0\u3000")
def test_names_that_look_like_another_s_are_not(character):
    assert unsafe_name(f"a{character}da")


@pytest.mark.parametrize("name", ["аda", "Αda", "ａda", "𝐚da"])
def test_a_word_in_letters_of_two_alphabets_is_no_name(name):
    """Each holds one letter that is none of Latin's, and looks like it."""
    assert "two alphabets" in unsafe_name(name)


@pytest.mark.parametrize("name", [" ada", "ada ", "a  da", "Mu\u0308ller"])
def test_names_that_differ_in_nothing_to_be_seen_are_not(name):
    assert unsafe_name(name)


def test_hidden_folders_and_other_weeks_are_no_students(course):
    hand_in(course, "homework.ipynb", student=".trash")
    hand_in(course, "homework.ipynb", student="ada")
    course.step("submitted", "bob", "other").mkdir(parents=True)
    assert list(students_with_work(course, WEEK)) == ["ada"]


@pytest.mark.parametrize(
    "text",
    [b"", b"yesterday", b"\xff\xfe", b"9999-99-99 99:99:99 UTC", b"12", b"Monday", b"2026-10-11", b"x" * 300]
    + [b"2026-10-11 23:00:00 CEST", b"2026-10-11 23:00:00 America", b"0001-01-01 00:00:00 UTC", b"10/11/2026 23:00"],
)
def test_a_timestamp_without_meaning_is_no_time_and_told(course, text):
    """nbgrader takes `12` for the 12th of this month, and CEST for UTC."""
    hand_in(course, "homework.ipynb")
    hand_in(course, "timestamp.txt", text)
    found = read_submission(course, WEEK, "ada", ["homework"])
    assert found.timestamp is None and found.time_trouble.startswith("timestamp.txt ")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/hostname", path)])
def test_a_timestamp_that_is_no_file_is_told(course, make):
    hand_in(course, "homework.ipynb")
    make(course.step("submitted", "ada", "w", "timestamp.txt"))
    assert "no ordinary file" in read_submission(course, WEEK, "ada", ["homework"]).time_trouble


@pytest.mark.parametrize(
    "text",
    ["2026-10-11 19:30:00 UTC", "2026-10-11 19:30:00.000000 UTC", "2026-10-11 21:30:00 Europe/Berlin"]
    + ["2026-10-11T21:30:00+02:00", "2026-10-11 21:30:00 +0200", "2026-10-11T19:30Z", " 2026-10-11 19:30:00\n"],
)
def test_the_times_that_nbgrader_and_people_write_are_read(text):
    assert parsed_timestamp(text) == datetime(2026, 10, 11, 19, 30)

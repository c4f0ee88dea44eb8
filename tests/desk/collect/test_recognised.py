"""A file is the notebook that it holds, whatever it is called; nothing that was handed in is "not handed in"."""

import json
import os
import subprocess

import nbformat
import pytest

from grader.desk.collect import submissions
from grader.desk.collect.submissions import read_submission
from tests.desk import tiny

NAMES = ["HW1 Zoe.ipynb", "Untitled0.ipynb", "homework1", "double2.ipynb", "Doubling.ipynb", "double.json", "double"]
NAMES += [
    ".double.ipynb",
    "double.ipynb.txt",
    ".ipynb.txt",
    ".ipynb",
    "notes.txt",
    "hw/Untitled.ipynb",
    "sub/folder/double.ipynb",
]


def work_of(course, student="ada"):
    (work,) = read_submission(course, course.weeks[0], student, [tiny.NOTEBOOK]).works
    return work


def hand_in(course, name, content=tiny.RIGHT):
    tiny.hand_in(course, "ada", content, "x").rename(course.step("submitted", "ada", tiny.WEEK) / "moved")
    path = course.step("submitted", "ada", tiny.WEEK, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    course.step("submitted", "ada", tiny.WEEK, "moved").rename(path)
    return path


def without_marks(course):
    """Only the code that was written, as from a notebook begun from scratch."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in tiny.RIGHT.values()])


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_known_under_any_name(released, name):
    """With the course's marks, and by the names it defines."""
    for content in (tiny.RIGHT, without_marks(released)):
        path = hand_in(released, name, content)
        work = work_of(released)
        assert work.submitted == path.read_bytes() and not work.refused
        assert not work.files and any(path.name in note for note in work.notes)


def test_a_plain_name_never_displaces_the_notebook_s_own(released):
    hand_in(released, "double", tiny.SQUARES)
    path = hand_in(released, "double.ipynb")
    assert work_of(released).submitted == path.read_bytes()


def test_a_copy_that_nobody_worked_on_never_displaces_the_work(released):
    hand_in(released, "double.ipynb", {})
    path = hand_in(released, "Untitled.ipynb")
    work = work_of(released)
    assert work.submitted == path.read_bytes() and [why for why, _ in work.ask] == [submissions.BY_CONTENT]


def test_an_exported_script_is_graded_where_nothing_else_is_the_notebook(released):
    script = "\n\n\n".join(tiny.RIGHT.values())
    path = hand_in(released, "untitled0.py", script)
    assert work_of(released).submitted == path.read_bytes() and not work_of(released).files
    path = hand_in(released, "double.ipynb")
    work = work_of(released)
    assert work.submitted == path.read_bytes() and [name for name, _ in work.files] == ["untitled0.py"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("link.txt", "https://colab.research.google.com/drive/1x?usp=sharing", "a link to a notebook"),
        ("double.pdf", "%PDF-1.7", "“double.pdf”"),
        ("homework.zip", "PK\x03\x04", "“homework.zip”"),
        ("other.ipynb", json.dumps({"cells": []}), ""),  # the one file for the one notebook: graded, as what it is
    ],
)
def test_what_cannot_be_graded_has_its_reason(released, name, content, said):
    hand_in(released, name, content)
    work = work_of(released)
    assert said in work.refused and bool(work.refused) == (work.submitted is None)


@pytest.mark.parametrize("odd", ["folder", "pipe", "link"])
def test_what_only_has_a_notebook_s_name_is_told(released, odd):
    """Nobody waits for it, and it is not `missing`."""
    path = hand_in(released, "double.ipynb")
    path.rename(path.with_name("other"))
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to("/dev/zero")}[odd]()
    path.with_name("other").unlink()
    assert work_of(released).refused.startswith("“double.ipynb” is ") and not work_of(released).submitted


def test_seventy_megabytes_are_refused_with_the_reason(released):
    path = hand_in(released, "double.ipynb")
    os.truncate(path, 70 * 2**20)
    assert "is 70 MB large; at most 64 MB are read" in work_of(released).refused


def test_nothing_was_handed_in_where_there_is_no_file(released):
    hand_in(released, "timestamp.txt", "2026-10-01 12:00:00 UTC")
    work = work_of(released)
    assert work.submitted is None and not work.refused


def test_folders_without_end_and_files_without_number_are_bounded(released, monkeypatch):
    """1,700 folders in each other are deeper than a path can say and a call can follow."""
    monkeypatch.setattr(submissions, "MAX_ENTRIES", 500)
    path = hand_in(released, "double.ipynb")
    before = os.getcwd()
    try:
        os.chdir(path.parent)
        for _ in range(1_700):
            os.mkdir("deep")
            os.chdir("deep")
    finally:
        os.chdir(before)
    for number in range(700):
        (path.parent / "deep" / str(number)).touch()
    try:
        work = work_of(released)
    finally:  # pytest could not remove it
        subprocess.run(["rm", "-rf", str(path.parent / "deep")], check=True)
    assert work.submitted == path.read_bytes() and len(work.notes) <= submissions.MAX_NOTES + 1
    assert any("too deep or were too many" in note for note in work.notes)


def test_a_file_that_vanishes_while_it_is_read_is_told(released, monkeypatch):
    hand_in(released, "double.ipynb")
    for name in ("helper.py", "__init__.py"):
        hand_in(released, name, "")
    auxiliary = submissions._auxiliary

    def vanishing(folder, paths, notes):
        (folder / "helper.py").unlink()
        return auxiliary(folder, paths, notes)

    monkeypatch.setattr(submissions, "_auxiliary", vanishing)
    work = work_of(released)
    assert work.files == (("__init__.py", b""),) and "helper.py" in work.notes[-1] and work.submitted


def test_the_folder_of_another_student_is_not_read(released):
    hand_in(released, "double.ipynb")
    released.step("submitted", "eve").symlink_to(released.step("submitted", "ada"))
    work = work_of(released, "eve")
    assert work.submitted is None and "is a link" in work.refused

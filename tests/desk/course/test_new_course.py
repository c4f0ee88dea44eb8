"""A new class is a private folder that the other commands work in, and never part of a repository."""

import json

import pytest

from grader.desk.course.facts import load_course
from grader.desk.course.new_course import new_course
from grader.desk.course.roster import read_roster
from grader.desk.errors import DeskError
from tests.desk import tiny
from tests.desk.tools import run


def test_a_new_class_is_released_into_and_collected(tmp_path, checkout):
    """By commands alone: new-course, release, collect, grade."""
    folder, inbox = tmp_path / "class of 2026", tmp_path / "in" / "ada"
    assert run("new-course", folder, "--checkout", checkout, "--demonstration").exit_code == 0
    assert oct(folder.stat().st_mode)[-3:] == "700" and (folder / ".gitignore").read_text().endswith("*\n")
    (folder / "roster.csv").write_text("id,first_name,last_name\nada,Ada,Lovelace\nbob,Bob,B\n")
    assert load_course(folder).demonstration and run("release", "--course", folder).exit_code == 0
    inbox.mkdir(parents=True)
    (inbox / "double.ipynb").write_text(
        json.dumps(tiny.solved(tiny.RIGHT, tiny.released(load_course(folder))), ensure_ascii=False)
    )
    told = run("collect", "week01", tmp_path / "in", "--no-file-times", "--course", folder)
    assert told.exit_code == 0 and "Missing (1): bob" in told.output
    graded = run("grade", "--course", folder, "--jobs", "1", "--trust-student-code")
    assert graded.exit_code == 0 and "1 submissions" in graded.output


def test_every_line_of_the_settings_can_be_used(tmp_path, checkout):
    """The examples in comments are valid once the sign before them is taken away."""
    new_course(tmp_path / "class", checkout)
    own = tmp_path / "class" / "course.toml"
    own.write_text(
        "\n".join(line.removeprefix("# ") if i else line for i, line in enumerate(own.read_text().split("\n")))
    )
    course = load_course(own.parent)
    assert course.late.late_days == 3 and course.extensions["ada"] == {tiny.WEEK: 2}
    assert course.week(tiny.WEEK).hard_deadline and read_roster(course) == []


@pytest.mark.parametrize("place", ["checkout/class", "repo/deep/class"])
def test_a_folder_inside_a_repository_is_refused(tmp_path, checkout, place):
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    with pytest.raises(DeskError, match="git checkout"):
        new_course(tmp_path / place, checkout)
    assert not (tmp_path / place).exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, checkout):
    (tmp_path / "thesis.txt").write_text("years")
    with pytest.raises(DeskError, match="not empty"):
        new_course(tmp_path, checkout)

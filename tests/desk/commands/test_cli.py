"""Every command says what is wrong and what to do, with a meaningful exit code and never a traceback."""

import json
import sqlite3

import pytest
from click.testing import CliRunner

from grader.desk.cli import main
from grader.desk.commands.command import columns, say, warn
from tests.desk import tiny
from tests.desk.tools import run

COMMANDS = (
    *(
        "new-course",
        "release",
        "paper",
        "collect",
        "grade",
        "watch",
        "todo",
        "formgrader",
        "feedback",
        "waive",
        "drop",
        "bonus",
        "rename",
        "undo",
        "export",
        "report",
        "similar",
    ),
    *("doctor", "demo", "completion", "sync"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    result = run(command, "--help")
    assert result.exit_code == 0 and "Example:" in result.output and f"grader {command}" in result.output


def test_the_list_of_commands_is_complete():
    assert tuple(main.list_commands(None)) == COMMANDS and set(main.commands) == set(COMMANDS)


def test_there_is_nothing_to_read_before_a_release(course):
    told = run("formgrader", "--course", course.root)
    assert told.exit_code == 3 and "grader release" in told.output


@pytest.mark.parametrize("command", ["release", "grade", "feedback", "report", "sync"])
def test_a_course_folder_that_does_not_exist_is_named(command, tmp_path):
    result = run(command, "--course", tmp_path / "nowhere")
    assert result.exit_code == 3 and "nowhere" in result.output and "--course" in result.output


def test_every_command_that_writes_can_only_say_what_it_would_do():
    for command in set(COMMANDS) - {"todo", "formgrader", "doctor", "completion"}:
        assert "--dry-run" in run(command, "--help").output, command


def test_names_are_shown_as_they_are(capsys):
    """Not as pictures or colours."""
    say("of :smile: [red]x[/]")
    warn("of :smile: [red]x[/]")
    shown = capsys.readouterr()
    assert "of :smile: [red]x[/]\n" == shown.out and shown.err.endswith(shown.out)


def test_json_is_one_object_with_nothing_around_it(graded):
    """Also for an error; other programs read the exit code."""
    for arguments in (("grade", "--dry-run"), ("report", "--dry-run"), ("feedback", "--dry-run")):
        assert json.loads(run(*arguments, "--json", "--course", graded.root).stdout), arguments
    wrong = run("grade", "--json", "--course", graded.root / "no")
    assert wrong.exit_code == 3 and "no" in json.loads(wrong.stdout)["error"]["what"]


def test_a_dry_run_grades_nothing(released):
    tiny.hand_in(released, "ada", tiny.RIGHT)
    told = json.loads(run("grade", "--dry-run", "--json", "--course", released.root).stdout)
    assert [job["student"] for job in told["would_grade"]] == ["ada"]
    assert not released.step("autograded").exists()


def test_the_shell_completes_weeks_and_students(graded):
    """What the completion script asks, with the course folder already on the line."""
    for typed, offered in (("grade --course {} week", tiny.WEEK), ("grade --course {} --student a", "ada")):
        words = f"grader {typed.format(graded.root)}"
        environment = {"_GRADER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        result = CliRunner().invoke(main, [], prog_name="grader", env=environment)
        assert offered in result.output, result.output


def test_a_whole_week_by_commands(course):
    """release, grade, feedback, report: each works where the last one left."""
    assert run("release", "--course", course.root).exit_code == 0
    tiny.hand_in(course, "ada", tiny.RIGHT)
    graded = run("grade", "--course", course.root, "--jobs", "1")
    assert graded.exit_code == 0 and "1 submissions" in graded.output, graded.output
    assert run("feedback", "--course", course.root, "--student", "ada").exit_code == 0
    assert "report.html" in run("report", "week01", "--course", course.root).output


def test_a_week_that_does_not_add_up_ends_with_1(course):
    path = course.repo / tiny.WEEK / "double.ipynb"
    nb = json.loads(path.read_text())
    nb["cells"][3]["metadata"]["nbgrader"]["points"] = 9
    path.write_text(json.dumps(nb))
    result = run("release", "--course", course.root)
    assert result.exit_code == 1 and "test_double" in result.output


def test_sync_check_ends_with_1_when_something_is_stale(course):
    facts = course.repo / "course.toml"
    facts.write_text(facts.read_text().replace("somebody/tiny", "else/where"))
    assert run("sync", "--course", course.repo, "--check").exit_code == 1
    assert run("sync", "--course", course.repo).exit_code == 0
    assert run("sync", "--course", course.repo, "--check").exit_code == 0


def test_grading_before_release_says_what_to_do(course):
    result = run("grade", "--course", course.root)
    assert result.exit_code == 3 and "grader release" in result.output


@pytest.mark.parametrize("command", ["todo", "grade", "report", "undo"])
def test_a_folder_that_is_no_class_s_is_said_to_be_none(command, tmp_path):
    """And not that something is to be released there."""
    result = run(command, "--course", tmp_path)
    said = "No decision stands" if command == "undo" else "is no course folder: there is no course.toml"
    assert said in result.output and "grader release" not in result.output


def test_names_are_not_cut_at_the_width_of_the_window(monkeypatch, capsys):
    """Neither in columns nor in lines; wide letters count as two."""
    monkeypatch.setenv("COLUMNS", "40")
    long = "a_week_with_a_long_name/" * 4
    columns([("answers", "week", ""), ("1", long, "written"), ("12", "漢字", "[red]x[/]")])
    head, first, second = capsys.readouterr().out.splitlines()
    assert long in first and second.startswith("     12  漢字") and second.endswith("[red]x[/]")
    assert head.startswith("answers  week")


def test_a_roster_of_nobody_is_told(released, tmp_path):
    """Nobody can be missing from it; so say collect and doctor."""
    (released.root / "roster.csv").write_text("id,first_name,last_name,email,also\n")
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / "double.ipynb").write_text("{}")
    said = run("collect", "week01", tmp_path / "in", "--course", released.root)
    assert said.exit_code == 1 and "roster.csv has no student below its first line" in said.output
    assert "roster.csv: has no student" in run("doctor", "--course", released.root).output


def test_grading_without_submissions_says_where_they_go(released):
    result = run("grade", "--course", released.root)
    assert result.exit_code == 3 and "submitted/<student>/<week>/" in result.output


def test_an_unknown_student_is_named(released):
    tiny.hand_in(released, "ada", tiny.RIGHT)
    result = run("grade", "--course", released.root, "--student", "bob")
    assert result.exit_code == 3 and "'bob'" in result.output


def test_a_refused_submission_ends_with_1(released):
    tiny.hand_in(released, "<b>eve", tiny.RIGHT)
    result = run("grade", "--course", released.root)
    assert result.exit_code == 1 and "refused" in result.output


@pytest.mark.parametrize("damage", ["garbage", "folder", "another nbgrader"])
def test_a_gradebook_that_cannot_be_used_is_explained(released, damage):
    tiny.hand_in(released, "ada", tiny.RIGHT)
    book = released.root / "gradebook.db"
    if damage == "another nbgrader":
        connection = sqlite3.connect(book)
        connection.execute("alter table grade drop column extra_credit")
        connection.close()
    else:
        book.unlink()
        book.mkdir() if damage == "folder" else book.write_bytes(b"not a database, and long enough to be read" * 9)
    result = run("grade", "--course", released.root)
    assert result.exit_code == 3 and "gradebook" in result.output and "Traceback" not in result.output


def test_a_wrong_nbgrader_config_is_named(released):
    (released.root / "nbgrader_config.py").write_text("c = get_config(\n")
    tiny.hand_in(released, "ada", tiny.RIGHT)
    result = run("grade", "--course", released.root)
    assert result.exit_code == 3 and "nbgrader_config.py" in result.output


def test_a_wrong_limit_is_named(released):
    own = released.root / "course.toml"
    own.write_text(own.read_text() + "[limits]\nmemory_mb = -1\n")
    tiny.hand_in(released, "ada", tiny.RIGHT)
    result = run("grade", "--course", released.root)
    assert result.exit_code == 3 and "memory_mb" in result.output


def test_wrong_use_ends_with_2():
    assert run("grade", "--no-such-option").exit_code == 2


def test_a_folder_that_cannot_be_written_is_named(graded):
    result = run("report", "--course", graded.root, "--to", graded.root / "course.toml" / "new")
    assert result.exit_code in (2, 3) and "course.toml" in result.output


def test_the_demo_leaves_other_folders_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    result = run("demo", "--to", tmp_path)
    assert result.exit_code == 3 and "not empty" in result.output and (tmp_path / "thesis.txt").exists()

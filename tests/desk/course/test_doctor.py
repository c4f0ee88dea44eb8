"""The doctor finds what is missing and says how to mend it."""

import platform
import re
import shutil
import sqlite3

import pytest

from grader.desk.doctor import machine
from grader.desk.doctor.class_files import class_files
from grader.desk.doctor.doctor import examine
from tests.desk import tiny
from tests.desk.tools import run


def test_a_machine_that_can_run_the_tests_is_well(graded):
    """Every line is good, the sandbox's own test among them."""
    findings = list(examine(graded.root))
    assert [finding.what for finding in findings if not finding.ok] == []
    assert "sandbox, self-test" in [finding.what for finding in findings]


def test_a_missing_sandbox_is_told_with_its_remedy(monkeypatch):
    from grader.sandbox.walls import bubblewrap

    broken = bubblewrap.Availability(False, "bwrap is not installed", "apt install bubblewrap")
    monkeypatch.setattr(bubblewrap, "available", lambda: broken)
    (finding,) = machine._sandbox()
    assert not finding.ok and finding.remedy == "apt install bubblewrap"


def test_a_missing_program_is_told(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert [finding.what for finding in machine._programs() if not finding.ok] == ["alembic", "jupyter"]


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(100, 100, 0))
    assert [finding.ok for finding in machine._disk(tmp_path)] == [False, False]


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(machine, "MIN_PYTHON", (9, 0))
    (finding,) = machine._python()
    assert not finding.ok and "9.0" in finding.remedy


def test_other_versions_than_the_students_are_told_and_stop_nothing():
    """A `float()` of an array of one number is a warning in one numpy and an error in the next."""
    here = platform.python_version().rpartition(".")[0]
    python, numpy = machine.as_students_have({"python": here, "numpy": "1.26"})
    assert python.ok and not python.look
    assert numpy.ok and numpy.look and "pip install 'numpy==1.26.*'" in numpy.remedy


def told(course):
    """What is not well with the files of a class."""
    return {
        finding.what: f"{finding.found}\n{finding.remedy}" for finding in class_files(course.root) if not finding.ok
    }


@pytest.mark.parametrize(
    ("file", "text", "what", "says"),
    [
        ("course.toml", "[late]\nlate_day = 3\n", "course.toml", "course.toml, line 4.*late_days"),
        ("course.toml", "[mark]\nformula = 'week09'\n", "course.toml", "line 4.*week01"),
        ("course.toml", b"\xff\xfe\x00", "course.toml", "not UTF-8"),
        ("../checkout/course.toml", "practise = 1\n", "course.toml", "checkout/course.toml, line .*'practice'"),
        ("roster.csv", "nothing,useful\n1,2\n", "roster.csv", "line 1: no column"),
        ("mapping.csv", b"found,student\n\xff,ada\n", "mapping.csv", "not UTF-8"),
        ("attempts/ada/week01_tiny/index.json", "[{", "attempts", "index.json cannot be read"),
        ("nbgrader_config.py", "raise RuntimeError('mine')\n", "nbgrader_config.py", "RuntimeError: mine"),
        ("gradebook.db", b"no database, and longer than a head of one" * 9, "gradebook", "damaged"),
        ("../checkout/solutions/week01_tiny/double/keys.py", "1 / 0\n", tiny.WEEK, "ZeroDivisionError"),
        ("../checkout/week01_tiny/double.ipynb", b"{}", tiny.WEEK, "double.ipynb is not a valid notebook"),
    ],
)
def test_a_broken_file_is_told(graded, file, text, what, says):
    """Whatever some command would stumble over, the doctor finds first."""
    assert told(graded) == {}
    place = graded.root / file
    before = place.read_bytes() if place.exists() else b""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text if isinstance(text, bytes) else before + text.encode())
    found = told(graded)
    assert list(found) == [what] and re.search(says, found[what])


def test_a_gradebook_of_another_nbgrader_is_told(graded):
    """By the column that is not there; nothing is written to it."""
    connection = sqlite3.connect(graded.root / "gradebook.db")
    connection.execute("alter table grade drop column extra_credit")
    connection.close()
    before = (graded.root / "gradebook.db").read_bytes()
    assert "another version of nbgrader" in told(graded)["gradebook"]
    assert (graded.root / "gradebook.db").read_bytes() == before


def test_it_does_not_say_that_all_is_well_over_a_broken_file(graded):
    (graded.root / "course.toml").write_text("[late]\nlate_day = 3\n")
    result = run("doctor", "--course", graded.root)
    assert result.exit_code == 1 and "can do everything" not in result.output and "'late_days'" in result.output

"""Feedback is packed for one student, and for a platform under the names of its own download."""

import zipfile
from pathlib import PurePosixPath

import pytest

from grader.desk.collect.attempts import Attempt, Attempts
from grader.desk.collect.senders import platform_name
from grader.desk.feedback.pack import pack
from tests.desk import tiny
from tests.desk.tools import run


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("x/Anna Müller_1_assignsubmission_file_/hw.ipynb", "Anna Müller_1_assignsubmission_file_/"),
        ("Anna Müller_1_assignsubmission_file_hw.ipynb", "Anna Müller_1_assignsubmission_file_/"),
        ("mulleranna_LATE_1_22_hw-1.ipynb", "mulleranna_LATE_1_22_"),
        ("anna/hw.ipynb", ""),
    ],
)
def test_names_begin_as_in_the_download(path, name):
    assert platform_name(PurePosixPath(path)) == name


def names(path):
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def test_archives_hold_what_belongs_to_whom(graded):
    """And the same pages give the same archive."""
    attempts = Attempts(graded.root, "ada", tiny.WEEK)
    attempts.add(Attempt("double.ipynb", None, "/inbox/lovelaceada_1_22_double.ipynb", ""), b"x")
    attempts.save()
    told = run("feedback", "--pack", "--course", graded.root)
    assert told.exit_code == 0, told.output
    returns = graded.root / "returns"
    assert names(returns / tiny.WEEK / "ada.zip") == ["double.html"]
    everyone = names(returns / f"{tiny.WEEK}.zip")
    assert "lovelaceada_1_22_double.html" in everyone and "bob/double.html" in everyone
    assert len(everyone) == len(tiny.CLASS)
    before = (returns / f"{tiny.WEEK}.zip").read_bytes()
    pack(graded, sorted(graded.step("feedback").glob("*/*/*.html")))
    assert (returns / f"{tiny.WEEK}.zip").read_bytes() == before


def test_one_student_s_archive_leaves_the_class_s_alone(graded):
    """Packed for one, the archive of the week still holds everybody."""
    assert run("feedback", "--pack", "--course", graded.root).exit_code == 0
    everyone = graded.root / "returns" / f"{tiny.WEEK}.zip"
    before, own = everyone.read_bytes(), everyone.with_suffix("") / "ada.zip"
    own.unlink()
    told = run("feedback", "--pack", "--student", "ada", "--course", graded.root)
    assert own.exists() and everyone.read_bytes() == before and str(everyone) not in told.output

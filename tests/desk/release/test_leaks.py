"""No line of `solutions/` gets into a release, however it is laid out."""

import json

import nbformat
import pytest

from grader.desk.course.facts import load_course
from grader.desk.release.leaks import find_leaks
from grader.desk.release.student_repository import files_of
from tests.desk import tiny

LINE = "return np.add(x, x, dtype=np.float64)"


def leaks_of(checkout, text, name="week01_tiny/page.md"):
    path = checkout / name
    path.write_text(text)
    return find_leaks(checkout / "solutions", [path], checkout)


def test_a_clean_week_has_none(checkout):
    files = [*(checkout / tiny.WEEK).iterdir(), *(checkout / "grader").rglob("*.py")]
    assert find_leaks(checkout / "solutions", files, checkout) == []


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        f"Some prose. {LINE} More.",
        "return np.add(\n    x,  # the first\n    x, dtype=np.float64)".replace("  # the first", ""),
        f"# {LINE}",
        "One point for saying that a sum of two equal numbers is twice the number.",
        'return Right(2 * case.x, "double(x)", mistakes={"squares in place of doubling": case.x**2})',
        "### BEGIN SOLUTION",
    ],
)
def test_a_planted_line_is_found(checkout, text):
    """As code, in prose, over several lines, in a comment; a rubric and a marker as well."""
    assert leaks_of(checkout, text)


@pytest.mark.parametrize("where", ["source", "output", "metadata"])
def test_a_planted_line_is_found_anywhere_in_a_notebook(checkout, where):
    path = checkout / tiny.WEEK / "double.ipynb"
    nb = nbformat.read(path, as_version=4)
    cell = nb.cells[2]
    if where == "source":
        cell.source += "\n    " + LINE
    elif where == "output":
        cell.outputs = [nbformat.v4.new_output("stream", text=LINE)]
    else:
        nb.metadata["comment"] = LINE
    path.write_text(json.dumps(nb))
    assert [leak.file for leak in find_leaks(checkout / "solutions", [path], checkout)] == ["week01_tiny/double.ipynb"]


def test_a_file_of_solutions_is_found_by_its_name(checkout):
    assert leaks_of(checkout, "", "week01_tiny/keys.py")


def test_half_a_long_line_is_enough(checkout):
    """Two thirds of a line in a row give it away."""
    (checkout / "solutions" / "more.py").write_text(
        "value = alpha * beta + gamma * delta - epsilon / zeta + eta * theta\n"
    )
    assert leaks_of(checkout, "value = alpha * beta + gamma * delta - epsilon / zeta")


@pytest.mark.parametrize(
    "line",
    [
        "import numpy as np, sys, os",
        "x = rng.normal(size=(3, 2, 5))",
        "with np.errstate(all='ignore', over='raise'):\n    pass",
    ],
)
def test_what_everyone_writes_is_no_secret(checkout, line):
    (checkout / "solutions" / "more.py").write_text(line + "\n")
    assert leaks_of(checkout, line) == []


def test_a_line_marked_public_is_no_secret(checkout):
    (checkout / "solutions" / "more.py").write_text("alpha = beta * gamma + delta * epsilon  # public\n")
    assert leaks_of(checkout, "alpha = beta * gamma + delta * epsilon") == []


def test_the_real_course_gives_nothing_away(repo):
    """Every week folder and the package that students install."""
    course = load_course(repo)
    folders = [repo / week.folder for week in course.weeks] + [repo / "grader" / "checks"]
    files = [path for folder in folders for path in files_of(folder)]
    assert len(files) > 10 and find_leaks(repo / "solutions", files, repo) == []


def test_what_a_hidden_test_only_asks_about_types_is_no_secret(checkout):
    """What it computes and expects is."""
    line = "right = isinstance(result, (tuple, list)) and len(result) == 2 and result[0] is not None"
    path = checkout / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "keys.py"
    path.write_text(f"{line}\nvalue = alpha * beta + gamma * delta - epsilon\n")
    assert leaks_of(checkout, line) == [] and leaks_of(checkout, "value = alpha * beta + gamma * delta - epsilon")

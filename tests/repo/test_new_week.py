"""The page "a new week in under an hour" does what it says, and touches nothing in grader/."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.desk.course.facts import load_course
from grader.desk.gradebook.book import Book

PAGE = "docs/new-week.md"
STEP = re.compile(r"(?:^(In|Add to) `([^`]+)`:\n\n)?^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LEFT_OUT = (
    ".git",
    ".venv",
    "build",
    "dist",
    "demo",
    "__pycache__",
    ".hypothesis",
    "*_cache",
    "tests",
    "docs",
    "benchmarks",
)


def steps(page):
    """`(how, file, language, text)` of every block of the page: a file to write, to add to, or commands."""
    return [(how, file, language, text) for how, file, language, text in STEP.findall(page)]


def digests(folder):
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.py")}


@pytest.fixture
def checkout(repo, tmp_path):
    shutil.copytree(repo, tmp_path / "checkout", ignore=shutil.ignore_patterns(*LEFT_OUT))
    return tmp_path / "checkout"


def follow(checkout, page, said):
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    for how, file, language, text in steps(page):
        if how:
            place = checkout / file
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text((place.read_text() if how == "Add to" else "") + text)
        elif language == "bash":
            for line in text.splitlines():
                done = subprocess.run(line, shell=True, cwd=checkout, env=environment, capture_output=True, text=True)
                said[line] = done.stdout + done.stderr
                assert done.returncode == 0, f"{line}\n{said[line]}"


@pytest.mark.long
def test_the_page_works_word_for_word(repo, checkout):
    """A week is added, rehearsed, released, graded; the checkout differs where the page says, and nowhere else."""
    before, said = digests(checkout), {}
    follow(checkout, (repo / PAGE).read_text(), said)
    after = digests(checkout)
    assert {path for path in before if before[path] != after.get(path)} == set()
    new = {path.relative_to(path.parts[0]).parts[0] for path in set(after) - set(before)}
    assert new == {"week04_averages", "right_solutions", "__init__.py", "averages_questions.py"}
    rehearsals = [text for line, text in said.items() if "rehearsal" in line]
    assert len(rehearsals) == 4, rehearsals
    course = load_course(checkout.parent / "class-of-week04")
    with Book(course) as book:
        assert book.scores("week04_averages")["ada"]["averages"]["test_ema"].points == 0
    report = (course.root / "reports" / "report.html").read_text()
    assert "Averages that forget" in report and "ema (1)" in report


def test_every_block_of_the_page_is_a_step(repo):
    """A block that is neither a file nor commands would not be tested."""
    found = steps((repo / PAGE).read_text())
    assert len(found) > 10 and all(how or language == "bash" for how, _, language, _ in found)


def test_a_wrong_command_on_the_page_is_noticed(checkout):
    with pytest.raises(AssertionError, match="no such command"):
        follow(checkout, "```bash\nls no such command\n```\n", {})

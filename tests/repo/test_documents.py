"""What the documents tell a reader to type or to open is there, and no file tells of one person's machine."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.desk.course.facts import load_course
from tests.repo.documents import REPO, advice, commands, documents, fences, lost_names, wrong_with
from tools import house

# The page that another test follows word for word; it is about a week that is not there (test_new_week.py).
FOLLOWED = "docs/new-week.md"
# Words of paths that exist on one machine only. Split, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join(["/work/" + "(main|shared)", "/tmp/" + "brief", r"\.py" + "env/versions"]))


def broken_links(text: str, folder) -> list[str]:
    """Relative links and pictures of a Markdown text that lead nowhere from `folder`."""
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r"(?:src|href)=\"([^\"#]+)", text)
    return [link for link in links if "://" not in link and not (folder / link).exists()]


def wrong_commands(found) -> dict[str, str]:
    return {command: wrong for command in found if (wrong := wrong_with(command))}


def test_commands_are_read_from_code_only():
    """The reading finds commands in fences and back-ticks, inside other commands too, and leaves prose alone."""
    text = (
        "to make sure, run `make demo`, and `make` it:\n```bash\n"
        "make test  # make all\ngrader grade week01 \\\n  --force\n"
        "ssh w1 'cd course && .venv/bin/dask worker tcp://x'\n```\n- then\n\n  ```bash\n  grader todo\n  ```\n"
    )
    assert set(commands(text)) == {
        "make demo",
        "make test",
        "grader grade week01    --force",
        "dask worker tcp://x",
        "grader todo",
    }


@pytest.mark.parametrize(
    "command",
    [
        "make tset",
        ".ci/run lnit",
        "grader collcet week01",
        "grader grade week01 --no-such-option",
        "grader grade --log-file",
        "nbgrader formgrader",
        "jupyter labb",
        "python -m grader.judge.no_such_module",
        "python -m tools.site --too build",
        "python -m benchmarks.feedback week01_backprop/backpropp",
        "python -m grader.judge.rehearsal week01_backprop backprop --mistake no_such_mistake",
    ],
)
def test_a_planted_wrong_command_is_found(command):
    """An unknown target, command, option, module, notebook, mistake; a value that is missing."""
    assert wrong_with(command)


@pytest.mark.parametrize("document", sorted({*documents()} - {FOLLOWED}))
def test_every_command_of_a_document_can_be_typed(document, repo):
    """Programs, commands and options exist, and so do the weeks, notebooks and mistakes that they name."""
    assert wrong_commands(commands((repo / document).read_text(encoding="utf-8"))) == {}


def test_every_command_of_a_help_text_can_be_typed():
    """What `grader X --help` shows as an example, or names in back-ticks."""
    from grader.desk.cli import main

    for name, command in main.commands.items():
        example = re.search(r"Example:\n *(.*)", command.help)[1]
        (shown,) = commands(f"```bash\n{example}\n```")
        assert shown.split()[:2] == ["grader", name]
        assert wrong_commands([shown, *commands(command.help)]) == {}


def test_every_command_of_printed_advice_can_be_typed(repo):
    """`Run ...` in an error or a remedy, wherever in grader/ it is written."""
    sources = [path.read_text(encoding="utf-8") for path in (repo / "grader").rglob("*.py")]
    found = {command for source in sources for command in advice(source) if not command.startswith("python -m")}
    assert len(found) > 10 and wrong_commands(found) == {}


def test_advice_is_read_from_strings():
    """Back-ticks, the end after a colon, the holes of an f-string."""
    source = 'raise E("Run `grader tood` first.", f"Release again: grader relese {week.folder}")'
    assert list(advice(source)) == ["grader tood", "grader relese X"]


@pytest.mark.parametrize("document", documents())
def test_every_link_leads_somewhere(document, repo):
    """Files and pictures that a document links to are in the repository."""
    path = repo / document
    assert broken_links(path.read_text(encoding="utf-8"), path.parent) == []


def test_a_planted_broken_link_is_found(repo):
    """A link to a file that is not there is noticed, in both ways of writing one."""
    assert broken_links('[a](gone.md) ![b](README.md) <img src="lost.png">', repo) == ["gone.md", "lost.png"]


@pytest.mark.parametrize("document", sorted({*documents()} - {FOLLOWED, "CHANGELOG.md"}))
def test_every_file_and_name_of_a_document_exists(document, repo):
    """Paths of this repository, modules, and functions that stand beside their file; WEEK and NAME are any."""
    assert lost_names((repo / document).read_text(encoding="utf-8")) == []


def test_a_planted_lost_name_is_found():
    """A file that was moved, a module, a function, a placeholder with nothing behind it, a method of another class."""
    text = (
        "`grader/checks/calls.py`, `personal_descent.py`, `grader.desk.marks`, `checks.exercise`, `checks.exrcise`, "
        "`solutions/WEEK/NAME/x.txt`\n"
        "\n| `grader/desk/grade/plan.py` | `to_grade`, `to_gradd()` |"
        "\n| `grader/desk/course/facts.py` | `Course.nothing` |\n"
    )
    lost = [
        "grader/checks/calls.py",
        "personal_descent.py",
        "solutions/WEEK/NAME/x.txt",
        "grader.desk.marks",
        "checks.exrcise",
    ]
    assert sorted(lost_names(text)) == sorted([*lost, "to_gradd", "Course.nothing"])


@pytest.mark.parametrize("document", sorted({*documents()} - {FOLLOWED}))
def test_examples_in_python_can_be_read(document, repo):
    """They are Python, and what they import of ours is there."""
    for code in fences((repo / document).read_text(encoding="utf-8"), "python"):
        names = [name for name in house.imported(code) if name.startswith("grader.")]
        assert [name for name in names if lost_names(f"`{name}`")] == []


def test_the_picture_of_the_house_is_what_the_imports_say(repo):
    """Draw it anew with `python -m tools.house`, and look at it."""
    assert house.PICTURE.read_text(encoding="utf-8") == house.drawing()


def test_a_planted_arrow_changes_the_picture(tmp_path):
    """An import inside a function is an arrow too; one between rooms that nothing may join has no route."""
    (tmp_path / "grader" / "judge").mkdir(parents=True)
    module = tmp_path / "grader" / "judge" / "x.py"
    module.write_text("def f():\n    from grader.checks import diagnosis\n")
    assert house.arrows(tmp_path) == {("judge", "checks")}
    module.write_text("import grader.desk.course.facts\n")
    with pytest.raises(KeyError):
        house.drawing(tmp_path)


TERM = "docs/instructor.md"


def term_of(page: str) -> list[str]:
    """The lines of a page's shell blocks that a term consists of, without what explains them."""
    text = (REPO / page).read_text(encoding="utf-8")
    lines = [line.partition(" # ")[0] for block in fences(text, "bash") for line in block.splitlines()]
    return [line.strip() for line in lines if line.startswith(("grader", "cd ~"))]


def follow(lines: list[str], home: Path) -> dict[str, int]:
    """{line: exit status} of all lines, typed one after the other into one shell."""
    script = "\n".join(f'{line}\necho "status $?" >&3' for line in lines)
    # What the page says beside the commands: your repository into course.toml, your students into roster.csv.
    settings = """sed -i '/^# repository/c repository = "ada/course"' course.toml"""
    filled = rf"\1 && {settings} && echo ada,Ada,Lovelace,, >> roster.csv"
    script = re.sub(r"^(cd .*)$", filled, script, flags=re.MULTILINE)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "HOME": str(home), "PATH": path}
    with open(home / "statuses", "wb") as statuses:
        shell = ["bash", "-c", f"exec 3>&{statuses.fileno()}\n{script}"]
        said = subprocess.run(
            shell, cwd=REPO, env=environment, capture_output=True, text=True, pass_fds=[statuses.fileno()]
        )
    found = re.findall(r"status (\d+)", (home / "statuses").read_text())
    assert len(found) == len(lines), said.stdout + said.stderr
    return {line: int(status) for line, status in zip(lines, found, strict=True)}


@pytest.mark.long
def test_a_term_can_be_typed_as_it_is_written(tmp_path):
    """All commands of the guide in their order, from a new folder to the marks, with one submission as from Moodle.

    0 is done, 1 done and a person is needed; 2 and 3 would be a page that is wrong.
    """
    week = load_course(REPO).weeks[0]
    delivered = tmp_path / "Downloads" / "Ada Lovelace_1_assignsubmission_file_"
    delivered.mkdir(parents=True)
    shutil.copy(REPO / week.folder / "backprop.ipynb", delivered)
    shutil.make_archive(str(tmp_path / "Downloads" / "submissions"), "zip", tmp_path / "Downloads", delivered.name)
    statuses = follow(term_of(TERM), tmp_path)
    assert len(statuses) >= 9 and {line: status for line, status in statuses.items() if status > 1} == {}
    (course,) = (path.parent for path in tmp_path.glob("*/gradebook.db"))
    assert list(course.glob("exports/marks.csv")) and list(course.glob("reports/report.html"))
    assert list(course.glob("feedback/ada/*/backprop.html"))


def test_the_readme_shows_the_same_term():
    """Its commands are those of the guide, in the guide's order, so what holds for one holds for the other."""
    first_doctor, *short = [line.split()[1] for line in term_of("README.md") if line.startswith("grader")]
    guide = iter(line.split()[1] for line in term_of(TERM) if line.startswith("grader"))
    assert first_doctor == "doctor" and len(short) > 6 and all(name in guide for name in short)


def tracked_files(repo):
    """Text of every tracked file by path; pictures and the like are left out."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=repo, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        path = repo / name
        if path.is_file() and path.suffix not in {".png", ".gz", ".npz", ".ico"}:
            yield name, path.read_text(encoding="utf-8")


def test_no_file_mentions_one_persons_machine(repo):
    """Nothing in the repository depends on, or tells of, where it was written."""
    assert {name: found[0] for name, text in tracked_files(repo) if (found := MACHINE_PATHS.search(text))} == {}


def test_a_planted_machine_path_is_found():
    """The search finds what it looks for."""
    assert MACHINE_PATHS.search("cd /work" + "/main && make")

"""A release is whole, right and clean, or there is none."""

import csv
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from importlib import import_module

import nbformat
import pytest
import tomllib
from bs4 import BeautifulSoup
from nbgrader.api import Gradebook

from grader.checks.exercise import model_answers
from grader.checks.exercise.model_answers import ModelAnswer
from grader.checks.questions.checking import checks_of
from grader.desk.course.course import PLACEHOLDER
from grader.desk.course.facts import load_course
from grader.desk.course.new_course import CONFIG_TEXT
from grader.desk.doctor.class_files import class_files
from grader.desk.errors import DeskError
from grader.desk.feedback.feedback import feedback
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.release import links
from grader.desk.release.exercise_points import give_points
from grader.desk.release.leaks import find_leaks
from grader.desk.release.release import release
from grader.desk.release.student_repository import GUIDES
from grader.desk.release.times import release_times
from grader.desk.report.report import report
from grader.judge.grading.spec import reference_cells
from tests.desk import tiny
from tests.desk.tools import run


def edit(path, change):
    nb = nbformat.read(path, as_version=4)
    change({cell.id: cell for cell in nb.cells})
    nbformat.write(nb, path)


def test_a_release_enters_points_and_deadline_into_the_gradebook(released):
    """The points of the cells, by name, and the deadline in UTC."""
    with Gradebook(f"sqlite:///{released.root / 'gradebook.db'}", "tiny") as book:
        assignment = book.find_assignment(tiny.WEEK)
        cells = {cell.name: cell.max_score for cell in book.find_notebook("double", tiny.WEEK).grade_cells}
        assert cells == {"test_double": 1.5, "test_triple": 1.0, "why": 1.0}
        assert str(assignment.duedate) == "2026-10-11 21:59:00"


def test_stubs_survive_and_cells_are_locked(released):
    """nbgrader's own list of preprocessors would replace a stub that has no markers."""
    cells = {cell.id: cell for cell in tiny.released(released).cells}
    assert cells["double"].source == tiny.stub("double")
    assert cells["test_double"].metadata["editable"] is False and cells["test_double"].metadata.nbgrader["checksum"]


def test_the_student_repository_is_whole_and_installs(released, tmp_path):
    """Weeks, the package of checks, how to begin; pip installs it, with `grader.checks` and the weeks' modules."""
    place = released.root / "build" / "student"
    names = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"README.md", "requirements.txt", "pyproject.toml", "LICENSE", f"{tiny.WEEK}/double.ipynb"} <= names
    assert not [name for name in names if name.startswith(("solutions", "grader/judge", "grader/desk"))]
    assert tomllib.loads((place / "pyproject.toml").read_text())["project"]["dependencies"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    subprocess.run([*command, tmp_path / "site", place], check=True, capture_output=True)
    assert (tmp_path / "site" / "grader" / "checks" / "__init__.py").exists()
    assert (tmp_path / "site" / tiny.WEEK / "factors.py").exists()


def test_a_release_is_its_class_s_own_and_the_checkout_s_stays_as_it_is(course, checkout):
    """Address, title, points, language and late days of the class's file; of two classes, each has its own."""
    (checkout / "week02_later").mkdir()
    (checkout / "week02_later" / "helper.py").write_text("ONE = 1\n")
    (checkout / "docs").mkdir()
    (checkout / "docs" / "student.md").write_text("# Student guide\n")
    own = course.root / "course.toml"
    own.write_text(
        f'{own.read_text()}title = "Mine"\nrepository = "my/class"\n[late]\nlate_days = 2\npoints_per_day = 1\n'
        '[setup]\ncomment = "Was hier geschieht"\nprints = "Paket des {{Kurses}}: \\"{release}\\""\n'
        '[watch]\nverdicts_per_day = 3\n[week.week01]\npoints = 10\ntitle = "Verdoppeln"\n'
    )
    before = {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()}
    other = tiny.write_course(course.root.with_name("evening"), checkout)
    for folder in (course.root, other.root):
        release(load_course(folder), list(course.weeks))
    theirs = (other.root / "build" / "student" / "README.md").read_text()
    assert theirs.startswith("# A tiny course\n") and "somebody/tiny" in theirs and "final mark" not in theirs
    assert (
        "The course's package, release {grader.RELEASE}"
        in (other.root / "build" / "student" / tiny.WEEK / "double.ipynb").read_text()
    )
    place = course.root / "build" / "student"
    setup = next(cell.source for cell in tiny.released(course).cells if cell.id == "setup")
    assert "https://github.com/my/class/archive/refs/heads/main.zip" in setup and "tiny.zip" not in setup
    readme = (place / "README.md").read_text()
    assert "github/my/class/blob/main/week01_tiny/double.ipynb" in readme and readme.startswith("# Mine\n")
    assert "costs 1 point." in readme and "2 late days" in readme and "docs/student.md" in readme
    assert (
        "## [Verdoppeln]" in readme and "count for 10 in the final mark: each of the 2.5 to be had counts 4." in readme
    )
    assert "graded as it comes in, 3 times a day at most" in readme
    assert setup.startswith("# Was hier geschieht\nimport os") and "The course's package" not in setup
    assert "my/class" in (place / tiny.WEEK / "README.md").read_text()
    assert "RELEASE = 1 " in (place / "grader" / "__init__.py").read_text()
    assert '.post1"' in (place / "pyproject.toml").read_text() and (place / "docs" / "student.md").exists()
    assert not (place / "week02_later").exists()
    assert {path: path.read_bytes() for path in checkout.rglob("*") if path.is_file()} == before


PIP = """
import pathlib, subprocess, sys
def run(command, check):
    print(*command[3:])
    pathlib.Path("grader/__init__.py").write_text("RELEASE = 3\\n")
subprocess.run = run
"""


@pytest.mark.parametrize(
    ("installed", "says"),
    [
        ("", ""),
        ("RELEASE = 3", "The course's package, release 3.\n"),
        ("RELEASE = 2", "install --quiet --upgrade somewhere\nThe course's package, release 3.\n"),
        ("RELEASE = 3 # Paket", 'Paket {des} "Kurses": 3\n'),
    ],
    ids=["a checkout", "the same", "older", "in the language of the class"],
)
def test_the_set_up_cell_updates_an_older_package_and_says_which_it_uses(course, tmp_path, installed, says):
    (tmp_path / "grader" / "checks").mkdir(parents=True)
    (tmp_path / "grader" / "__init__.py").write_text(installed)
    (tmp_path / "grader" / "checks" / "__init__.py").touch()
    course = replace(course, package="somewhere")
    if "Paket" in installed:
        course = replace(course, setup_prints='Paket {des} "Kurses": {release}')
    cell = links.with_setup(links.SETUP_END, course, course.weeks[0], 3)
    command = [sys.executable, "-B", "-c", PIP + cell]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == says


def test_nothing_is_released_that_students_would_install_from_a_placeholder(course, checkout):
    """Unless the class says that it is a demonstration; the doctor says the same before."""
    facts = checkout / "course.toml"
    facts.write_text(facts.read_text().replace("somebody/tiny", PLACEHOLDER))
    told = run("release", "--course", course.root)
    assert told.exit_code == 1 and "nobody owns" in told.output and not course.step("release").exists()
    assert "nobody owns" in next(one for one in class_files(course.root) if one.what == "repository").found
    own = course.root / "course.toml"
    given = own.read_text()
    own.write_text(f'{given}repository = "my/class"\npackage = "x @ https://github.com/{PLACEHOLDER}/a.zip"\n')
    assert run("release", "--dry-run", "--course", course.root).exit_code == 1
    own.write_text(f"{given}demonstration = true\n")
    assert run("release", "--dry-run", "--course", course.root).exit_code == 0


def test_the_placeholder_is_what_the_checkout_names(repo):
    course = load_course(repo)
    assert course.slug == PLACEHOLDER and course.is_placeholder


def test_weeks_import_no_other_week_s_modules(repo):
    """A release holds the modules of its own weeks only."""
    weeks = [week.folder for week in load_course(repo).weeks]
    for week in weeks:
        files = [path for path in (repo / week).iterdir() if path.suffix in (".py", ".ipynb")]
        others = re.compile("|".join(rf"(?:from|import) {other}\b" for other in weeks if other != week))
        assert [path.name for path in files if others.search(path.read_text(encoding="utf-8"))] == []


def test_the_readme_links_every_notebook_to_colab(released):
    text = (released.root / "build" / "student" / "README.md").read_text()
    assert "colab.research.google.com/github/somebody/tiny/blob/main/week01_tiny/double.ipynb" in text


def test_nothing_of_solutions_is_in_the_student_repository(released):
    place = released.root / "build" / "student"
    files = [path for path in place.rglob("*") if path.is_file()]
    assert len(files) > 8 and find_leaks(released.repo / "solutions", files, place) == []


def test_a_planted_solution_stops_the_release(course, checkout):
    """Nothing is written, and the message names the file and the line of solutions/."""
    edit(
        checkout / tiny.WEEK / "double.ipynb",
        lambda cells: cells["title"].update(source="# Doubling\n\n" + tiny.REFERENCE),
    )
    links.synchronise(course, list(course.weeks))
    with pytest.raises(DeskError, match=r"double.ipynb holds solutions/week01_tiny/double/reference.py:4") as told:
        release(course, list(course.weeks))
    assert told.value.exit_code == 1 and not course.step("release").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda cells: cells["test_double"].metadata.nbgrader.update(points=2), "give 1.5 points, the cell 2"),
        (lambda cells: cells["test_triple"].metadata.update(tags=[]), "add up to 3.5 points, course.toml says 2.5"),
        (lambda cells: cells["double"].update(id="other"), "they must be the same"),
        (lambda cells: cells["setup"].update(outputs=[nbformat.v4.new_output("stream", text="1")]), "with output"),
    ],
)
def test_a_week_that_does_not_add_up_is_not_released(course, checkout, change, says):
    edit(checkout / tiny.WEEK / "double.ipynb", change)
    with pytest.raises(DeskError, match=says):
        release(course, list(course.weeks))


def test_the_model_answer_of_an_exercise_with_points_is_not_released(course, checkout):
    """Encoded or not. By default it is nowhere in a release: one that was made by mistake stops it."""
    models = {"double": ModelAnswer("def double(x):\n    return 2 * x")}
    (checkout / tiny.WEEK / "double_models.json").write_text(model_answers.written(models))
    with pytest.raises(DeskError, match=r"double_models.json holds the model answer of 'double', which is no practice"):
        release(course, list(course.weeks))


def test_an_unlisted_notebook_is_not_released(course, checkout):
    nbformat.write(nbformat.v4.new_notebook(), checkout / tiny.WEEK / "extra.ipynb")
    with pytest.raises(DeskError, match="extra.ipynb is not listed"):
        release(course, list(course.weeks))


def git(place, *words):
    return subprocess.run(["git", *words], cwd=place, capture_output=True, text=True, check=True).stdout


def test_a_release_is_ready_to_push(released, tmp_path):
    """By the line that is printed, pasted as it is; where GitHub would be, a bare repository stands here."""
    own = released.root / "course.toml"
    own.write_text(f'{own.read_text()}title = "Another"\n')
    told = run("release", "--course", released.root)
    line = re.search(r"is ready to push: (.*)", told.output)[1]
    git(tmp_path, "init", "--quiet", "--bare", "-b", "main", "somebody/tiny.git")
    hub = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.{tmp_path}/.insteadOf"}
    environment = {**os.environ, **hub, "GIT_CONFIG_VALUE_0": "https://github.com/"}
    subprocess.run(["bash", "-c", line], env=environment, check=True, capture_output=True)
    git(tmp_path, "clone", "--quiet", "somebody/tiny.git", "clone")
    there = {path.relative_to(tmp_path / "clone").as_posix() for path in (tmp_path / "clone").rglob("*")}
    assert {"README.md", f"{tiny.WEEK}/README.md", ".github/workflows/notebooks.yml", "grader/checks"} <= there


def test_what_students_read_links_to_nothing_but_what_they_have(repo):
    """The README of each week, and the guides: every one is there, and what it links to is in the release, too."""
    weeks = [week.folder for week in load_course(repo).weeks]
    pages = [repo / week / "README.md" for week in weeks] + [repo / name for name in GUIDES]
    for page in pages:
        links = re.findall(r"\]\((?!https?:|#)([^)\s]+)", page.read_text(encoding="utf-8"))
        paths = [os.path.relpath(page.parent / link, repo) for link in links]
        assert [path for path in paths if path.split("/")[0] not in weeks and path not in (*GUIDES, "README.md")] == []
        assert [path for path in paths if not (repo / path).exists()] == []


def test_a_second_release_says_what_changed(released):
    """Only what changed is written, and what is gone is removed; files of others stay. Each release is a commit."""
    place, checkout = released.root / "build" / "student", released.repo
    assert git(place, "log", "--format=%s") == f"Release {tiny.WEEK}\n" and not git(place, "status", "--porcelain")
    git(place, "remote", "add", "origin", "https://example.org/class.git")
    (place / "mine.txt").write_text("of the instructor")
    (checkout / tiny.WEEK / "README.md").unlink()
    (checkout / tiny.WEEK / "data").mkdir()
    (checkout / tiny.WEEK / "data" / "numbers.csv").write_text("1,2,3\n")
    done = release(load_course(released.root), list(released.weeks))
    assert (done.changes.added, done.changes.changed) == ([f"{tiny.WEEK}/data/numbers.csv"], [])
    assert done.changes.removed == [f"{tiny.WEEK}/README.md"] and (place / "mine.txt").exists()
    assert git(place, "rev-parse", "HEAD").strip() == done.commit
    assert git(place, "show", "--format=", "--name-status").splitlines() == [
        "M\t.released",
        f"D\t{tiny.WEEK}/README.md",
        f"A\t{tiny.WEEK}/data/numbers.csv",
    ]
    assert git(place, "remote") == "origin\n" and git(place, "status", "--porcelain") == "?? mine.txt\n"


def test_a_release_leaves_a_course_folder_that_nbgrader_can_work_in(released):
    assert "configure(c, __file__)" in (released.root / "nbgrader_config.py").read_text()


HEADINGS = {
    "double": "## Exercise 1 · double — 1.5 points, 5 minutes\n\nTwice, for 1.5 points a minute.",
    "triple": "## Bonus A · triple — 1 bonus point, 5 minutes",
}


def with_headings(checkout):
    """The tiny notebook tells what each exercise is worth, as those of the course do."""
    path = checkout / tiny.WEEK / "double.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells[0].source += "\n\n**2.5 points and 1 bonus point · about 10 minutes**"
    for at in range(len(nb.cells) - 1, 0, -1):
        name = nb.cells[at].id
        if name in HEADINGS:
            nb.cells[at + 1].source = f'check("{name}")'
            nb.cells.insert(at, nbformat.v4.new_markdown_cell(HEADINGS[name], id=f"about-{name}"))
    nbformat.write(nb, path)
    links.synchronise(load_course(checkout), list(load_course(checkout).weeks))


def test_a_class_gives_exercises_points_of_its_own(course, checkout):
    """From release to export: cell, check, heading, sums, the scores by test, page, report; the checkout stays."""
    with_headings(checkout)
    before = (checkout / tiny.WEEK / "double.ipynb").read_bytes()
    release(course, list(course.weeks))
    tiny.hand_in(course, "ada", tiny.RIGHT)
    tiny.hand_in(course, "bob", tiny.SQUARES)
    grade(course, list(course.weeks), jobs=2, trusted=True)
    own = course.root / "course.toml"
    own.write_text(f'{own.read_text()}[week.week01.exercises]\ndouble = 6\n"double/triple" = 0.5\n')
    course = load_course(course.root)
    assert (course.weeks[0].points, course.weeks[0].notebooks[0].bonus) == (7, 0.5)
    release(course, list(course.weeks))
    assert (checkout / tiny.WEEK / "double.ipynb").read_bytes() == before
    sent = nbformat.read(course.root / "build" / "student" / tiny.WEEK / "double.ipynb", as_version=4)
    cells = {cell.id: cell for cell in sent.cells}
    assert (
        cells["test_double"].source == 'check("double", points=6)'
        and cells["test_double"].metadata.nbgrader.points == 6
    )
    assert cells["about-double"].source == HEADINGS["double"].replace("— 1.5 points", "— 6 points")
    assert cells["about-triple"].source.endswith("— 0.5 bonus points, 5 minutes")
    assert "**7 points and 0.5 bonus points · about 10 minutes" in cells["title"].source
    assert "| 7 + 0.5 bonus |" in (course.root / "build" / "student" / "README.md").read_text()
    grade(course, list(course.weeks), jobs=2, trusted=True)
    run("export", "--course", course.root)
    rows = csv.DictReader((course.root / "exports" / "marks.csv").read_text(encoding="utf-8-sig").splitlines())
    assert {row["student"]: float(row["final_mark"]) for row in rows} == {"ada": 6.5, "bob": 2.5}
    feedback(course, list(course.weeks))
    page = BeautifulSoup(course.step("feedback", "bob", tiny.WEEK, "double.html").read_text(), "html.parser").get_text(
        " "
    )
    assert "2 of 6" in " ".join(page.split()) and "2 of 7 points" in " ".join(page.split())
    assert "7" in report(course, list(course.weeks)).page.read_text()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("why = 2", "its points cannot be others: what why is worth is said in no heading of its own"),
        ("doubel = 2", "'doubel' is no graded exercise of the week. Did you mean 'double'"),
        ("double = 0", "`grader drop` takes an exercise out of the sum"),
    ],
)
def test_points_of_an_exercise_that_cannot_be_given_are_told(course, checkout, line, says):
    with_headings(checkout)
    own = course.root / "course.toml"
    own.write_text(f"{own.read_text()}[week.week01.exercises]\n{line}\n")
    done = run("release", "week01", "--course", course.root)
    assert done.exit_code in (1, 3) and says in " ".join(done.output.split())


def test_every_exercise_of_the_course_but_those_listed_can_have_other_points(repo):
    """Each is told in a place of its own; the sum of three bonus exercises is one of several."""
    cannot = []
    for week in load_course(repo).weeks:
        for notebook in week.notebooks:
            nb = nbformat.read(repo / week.folder / f"{notebook.name}.ipynb", as_version=4)
            graded = {cell.metadata.nbgrader.grade_id: cell for cell in nb.cells if is_graded(cell)}
            wrong = give_points(nb, dict.fromkeys(graded, 7.5))
            cannot += [
                f"{notebook.name}: {why.split(' ')[0] if 'part of' in why else why.split(' ')[1]}" for why in wrong
            ]
            changed = [cell for cell in graded.values() if cell.metadata.nbgrader.points == 7.5]
            text = "\n".join(cell.source for cell in nb.cells[1:] if cell.cell_type == "markdown")
            assert len(changed) == len(graded) - len(wrong) == text.count("7.5 ")
    assert sorted(cannot) == [
        *("backprop_by_hand: why_not_zero", "backprop_by_hand: why_old_weights"),
        *("descent_by_hand: why_first_step", "descent_by_hand: why_not_settle", "descent_by_hand: why_overshoot"),
        *("matrix_diff: sigmoid_layer", "matrix_diff: softmax_cross_entropy", "matrix_diff: two_layer"),
    ]


def is_graded(cell):
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def test_a_check_tells_the_points_that_the_class_gives(repo, capsys):
    week, name = "week01_backprop", "dot_products"
    notebook = {"check": checks_of(f"{week}.{name}_questions")}
    import_module(f"{week}.{name}_questions")
    exec(reference_cells(repo, week, name)["how_many_outer"], notebook)
    for call, told in (("", "0.25 of 0.25 points"), (", points=3", "3 of 3 points")):
        exec(f'check("how_many_outer"{call})', notebook)
        assert told in capsys.readouterr().out


def _drop_a_cell(course):
    with sqlite3.connect(course.root / "gradebook.db") as book:
        book.execute("delete from source_cell where name = 'double'")
    book.close()


@pytest.mark.parametrize(
    ("change", "again"),
    [
        (lambda course: None, False),
        (_drop_a_cell, True),
        (lambda course: (course.root / "gradebook.db").unlink(), True),
        (lambda course: shutil.rmtree(course.step("release", tiny.WEEK)), True),
        (lambda course: (course.step("source", tiny.WEEK) / f"{tiny.NOTEBOOK}.ipynb").write_text("{}"), True),
        (lambda course: (course.root / "nbgrader_config.py").write_text(f"{CONFIG_TEXT}# of one's own\n"), True),
    ],
    ids=["nothing", "gradebook", "no gradebook", "release", "source", "settings"],
)
def test_what_is_released_as_it_is_is_not_entered_again(released, change, again):
    """Only where files, settings and gradebook are all as nbgrader left them."""
    change(released)
    told = []
    release(released, list(released.weeks), told.append)
    assert any("released already" in line for line in told) != again
    with Book(released) as book:
        assert "double" in book.layout(tiny.WEEK, tiny.NOTEBOOK).checksums
    assert len(release_times(released)[tiny.WEEK]) == 2

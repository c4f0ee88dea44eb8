"""Badges, links and set-up cells are made from course.toml, and the committed ones are up to date."""

import re

import nbformat

from grader.desk.course.facts import load_course
from grader.desk.release import links
from tests.desk import tiny
from tests.desk.tools import run


def test_the_committed_files_are_up_to_date(repo):
    """`grader sync` would change nothing."""
    course = load_course(repo)
    assert links.synchronise(course, list(course.weeks), check=True) == []


def test_another_repository_changes_badge_set_up_and_table(checkout):
    facts = checkout / "course.toml"
    facts.write_text(facts.read_text().replace("somebody/tiny", "else/where").replace("tiny.zip", "where.zip"))
    course = load_course(checkout)
    changed = {path.name for path in links.synchronise(course, list(course.weeks))}
    cells = {cell.id: cell.source for cell in nbformat.read(checkout / tiny.WEEK / "double.ipynb", as_version=4).cells}
    assert changed == {"double.ipynb", "README.md"}
    assert "github/else/where/blob/main/week01_tiny/double.ipynb" in cells["title"] and "where.zip" in cells["setup"]
    assert "else/where" in (checkout / tiny.WEEK / "README.md").read_text()


def test_points_are_written_in_the_cells_alone(course):
    """`grader sync` adds them up in course.toml, with a line for a kind that had none, and in the READMEs."""
    path, facts = course.repo / tiny.WEEK / "double.ipynb", course.repo / "course.toml"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.id == "test_double":
            cell.metadata.nbgrader["points"] = 2
        if cell.id == "why":
            cell.metadata["tags"] = ["practice"]
    nbformat.write(nb, path)
    before = facts.read_text()
    assert run("sync", "--check", "--course", course.repo).exit_code == 1 and facts.read_text() == before
    assert str(facts) in run("sync", "--course", course.repo).output
    after = facts.read_text()
    assert after == before.replace('kind = "homework"\n', 'kind = "homework"\npractice = 1\n').replace("= 2.5", "= 2")
    assert "2 + 1 bonus + 1 practice" in (course.repo / tiny.WEEK / "README.md").read_text()
    assert run("sync", "--check", "--course", course.repo).exit_code == 0


def test_synchronising_twice_changes_nothing(checkout):
    course = load_course(checkout)
    assert links.synchronise(course, list(course.weeks), check=True) == []


def test_the_set_up_cell_keeps_the_notebook_s_own_imports(checkout):
    cells = {cell.id: cell.source for cell in nbformat.read(checkout / tiny.WEEK / "double.ipynb", as_version=4).cells}
    assert cells["setup"].endswith("import numpy as np\nfrom week01_tiny.factors import THREE")
    assert cells["setup"].count("from grader import checks") == 2


def test_sync_is_for_the_checkout_and_refused_in_a_class_s_folder(course):
    """What the class says of itself goes into its releases; it never writes into the checkout."""
    told = run("sync", "--course", course.root)
    assert told.exit_code == 3 and "grader release" in told.output and str(course.repo) in told.output


def test_points_come_from_the_course_and_times_from_the_notebook(checkout):
    """Each is written once: the first line of a notebook has the course's points, the table the notebook's time."""
    place = checkout / tiny.WEEK / "double.ipynb"
    nb = nbformat.read(place, as_version=4)
    nb.cells[0].source += "\n\n**7 points · about an hour and a half · numpy only**"
    nbformat.write(nb, place)
    course = load_course(checkout)
    links.synchronise(course, list(course.weeks))
    first = nbformat.read(place, as_version=4).cells[0].source
    assert "**2.5 points and 1 bonus point · about an hour and a half · numpy only**" in first
    assert "| homework | 2.5 + 1 bonus | about an hour and a half |" in links.table(course, list(course.weeks))


HEADING = r"^#{2,4} [^\n]*(?: — |, )([\d.]+) (?:practice |bonus )?points?( each)?, \d+ minutes?$"
ASIDE = r"\*([\d.]+) practice points()\.\*"  # a question between two exercises
PROMISE = re.compile(f"{HEADING}|{ASIDE}", re.MULTILINE)


def test_a_heading_has_the_points_of_the_cells_below_it(repo):
    """In every notebook: each cell belongs to the last heading that promises more than it has so far."""
    seen = 0
    for week in load_course(repo).weeks:
        for notebook in week.notebooks:
            promised = []  # of each heading: its cell, its points, those for "each", those of its cells
            for cell in nbformat.read(repo / week.folder / f"{notebook.name}.ipynb", as_version=4).cells:
                if cell.cell_type == "markdown" and (told := PROMISE.search(cell.source)):
                    promised.append((cell.id, float(told[1] or told[3]), bool(told[2]), []))
                if (points := cell.metadata.get("nbgrader", {}).get("points")) and promised:
                    open_ones = [one for one in promised if one[2] or sum(one[3]) < one[1]]
                    (open_ones or promised)[-1][3].append(points)
            for where, most, each, below in promised:
                seen += 1
                right = set(below) == {most} if each else sum(below) == most
                assert right, f"{notebook.name}: {where} says {most:g}, its cells have {below}"
    assert seen > 80

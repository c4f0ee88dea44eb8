"""course.toml and the notebooks tell the same facts."""

import copy
import dataclasses

import nbformat
import pytest
import tomllib

from grader.desk.course.facts import load_course
from grader.sandbox.walls.limits import Limits


@pytest.fixture(scope="module")
def facts(repo):
    return tomllib.loads((repo / "course.toml").read_text())


def listed(facts):
    """(week folder, entry of the notebook) for everything in course.toml."""
    return [(week["folder"], notebook) for week in facts["weeks"] for notebook in week["notebooks"]]


def points_in(notebook) -> dict[str, float]:
    """The points of a notebook's graded cells, added up by kind: points, bonus, practice."""
    total = {"points": 0.0, "bonus": 0.0, "practice": 0.0}
    for cell in notebook.cells:
        data, tags = cell.metadata.get("nbgrader", {}), cell.metadata.get("tags", [])
        if data.get("grade"):
            kind = next((kind for kind in ("bonus", "practice") if kind in tags), "points")
            total[kind] += data["points"]
    return total


def disagreements(facts, repo) -> list[str]:
    """What course.toml says of its notebooks and they do not."""
    wrong = []
    for folder, entry in listed(facts):
        path = repo / folder / f"{entry['name']}.ipynb"
        if not path.exists():
            wrong.append(f"{path.name} is listed, and not there")
            continue
        for kind, points in points_in(nbformat.read(path, as_version=4)).items():
            if points != entry.get(kind, 0):
                wrong.append(f"{path.name}: {points} {kind} in its cells, {entry.get(kind, 0)} in course.toml")
    return wrong


def test_notebooks_and_facts_agree(facts, repo):
    """Every listed notebook exists, and its cells add up to the points, bonus and practice points listed."""
    assert not disagreements(facts, repo)


@pytest.mark.parametrize("change", [{"name": "no_such_notebook"}, {"points": 4}, {"bonus": 0}, {"practice": 1}])
def test_a_planted_disagreement_is_found(change, facts, repo):
    """A wrong name and wrong points of each kind are noticed."""
    wrong = copy.deepcopy(facts)
    next(notebook for _, notebook in listed(wrong) if notebook["name"] == "backprop").update(change)
    assert len(disagreements(wrong, repo)) > len(disagreements(facts, repo))


def test_every_notebook_is_listed(facts, repo):
    """No notebook of a week is left out of course.toml, and with it out of the release."""
    there = {(path.parent.name, path.stem) for path in repo.glob("week[0-9]*/*.ipynb")}
    assert there <= {(folder, entry["name"]) for folder, entry in listed(facts)}


def test_the_two_homeworks_are_worth_ten_points(facts):
    """Homeworks 1 and 2 count five points each; of their weeks nothing else counts towards the mark."""
    for folder, entry in listed(facts):
        if folder in ("week01_backprop", "week03_adaptive_sgd"):
            assert entry["points"] == (5 if entry["name"] in ("backprop", "adaptive_sgd") else 0), entry["name"]


def test_deadlines_carry_their_offset_and_come_in_order(facts):
    """A deadline without a time zone is a quarrel; a week's deadline comes after the week's before."""
    deadlines = [week["deadline"] for week in facts["weeks"]]
    assert all(deadline.tzinfo is not None for deadline in deadlines)
    assert deadlines == sorted(deadlines)


def test_the_package_comes_from_the_public_repository(facts, repo):
    """What a notebook installs is built from the repository and branch students see."""
    course = load_course(repo)
    assert f"github.com/{facts['course']['repository']}/" in course.package
    assert course.package.endswith(f"/heads/{facts['course']['branch']}.zip")


def test_limits_are_the_sandboxs_own(facts):
    """[limits] names limits that the sandbox knows, and all of them build one."""
    assert set(facts["limits"]) <= {field.name for field in dataclasses.fields(Limits)}
    Limits(**facts["limits"])

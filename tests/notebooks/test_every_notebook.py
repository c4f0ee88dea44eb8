"""What holds for every notebook of the course: reference, stub, catalogue of mistakes, right solutions.

Notebooks are found by themselves: a new week needs no line here.
"""

import ast
import re
from functools import cache

import pytest

from grader.checks.exercise.model_answers import models_beside
from grader.judge.grading.spec import load_mistakes, read_cells, reference_cells
from grader.judge.rehearsal.rehearsal import Checkpoints, mistake_problems, rehearse
from tests.notebooks.found import NOTEBOOKS, REPO, load_notebook

pytestmark = pytest.mark.usefixtures("notebooks_read_once")

SEEDS = ["first", "second", "third"]

MISTAKES = [(week, name, mistake) for week, name in NOTEBOOKS for mistake in load_mistakes(REPO, week, name)]
NOTICED = [path for week, name in NOTEBOOKS for path in (REPO / "solutions" / week / name).glob("notice.py")]
RIGHT = [
    (week, name, path)
    for week, name in NOTEBOOKS
    for path in sorted((REPO / "tests" / "right_solutions" / week / name).glob("*.py"))
]


@cache
def reference(week, name):
    return reference_cells(REPO, week, name)


@pytest.fixture(scope="module")
def checkpoints():
    """Those of a notebook, made when it is first asked for and kept while mistakes are of the same notebook."""
    kept = {}

    def of(week, name):
        if (week, name) not in kept:
            for other in kept.values():
                other.close()
            kept.clear()
            kept[week, name] = Checkpoints(week, name, reference(week, name))
        return kept[week, name]

    yield of
    for other in kept.values():
        other.close()


def failures(result):
    return {cell: hints for cell, hints in result.hints.items() if hints}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_the_reference_gets_every_point_whatever_the_seed(week, name, seed):
    result = rehearse(week, name, reference(week, name), seed=seed, strict=True)
    assert not result.errors and not failures(result)
    points = sum(cell.points for cell in load_notebook(REPO, week, name).cells if not cell.manual)
    assert result.total == pytest.approx(points)


@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_the_stub_runs_to_its_end_and_gets_nothing(week, name):
    result = rehearse(week, name)
    assert not result.errors
    assert result.total == 0


@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_every_solution_cell_of_the_release_is_python(week, name):
    sources = [cell.source for cell in load_notebook(REPO, week, name).released.cells if cell.cell_type == "code"]
    assert sources and all(ast.parse(source) for source in sources)


@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_a_notebook_has_one_badge_that_opens_it(week, name):
    """A second one, or one that leads nowhere, is a broken picture at the top of the page."""
    texts = [cell.source for cell in load_notebook(REPO, week, name).released.cells if cell.cell_type == "markdown"]
    badges = re.findall(r"\[!\[Open in Colab\]\(.*?\)\]\((.*?)\)", "\n".join(texts))
    assert len(badges) == 1 and badges[0].endswith(f"/{week}/{name}.ipynb")


def entries():
    """The catalogue; all but the first entry of each exercise are for the long suite."""
    found, seen = [], set()
    for week, name, mistake in MISTAKES:
        marks = [pytest.mark.long] if (name, mistake.cell) in seen else []
        seen.add((name, mistake.cell))
        found.append(pytest.param(week, name, mistake, id=f"{name}-{mistake.name}", marks=marks))
    return found


@pytest.mark.parametrize(("week", "name", "mistake"), entries())
def test_a_catalogued_mistake_loses_exactly_its_points_and_gets_its_hint(checkpoints, week, name, mistake):
    result = checkpoints(week, name).rehearse({mistake.cell: mistake.apply(reference(week, name))})
    assert mistake_problems(mistake, result) == []


@pytest.mark.parametrize("path", NOTICED, ids=[path.parent.name for path in NOTICED])
def test_the_other_way_that_a_model_answer_shows_gets_every_point(path):
    week, name = path.parts[-3:-1]
    others = {cell: source for cell, source in read_cells(path)[0].items() if ast.parse(source).body}
    assert not failures(rehearse(week, name, {**reference(week, name), **others}, seed="noticed"))


@pytest.mark.parametrize(("week", "name"), NOTEBOOKS)
def test_model_answers_are_of_practice_and_say_what_to_notice(week, name):
    """All functions of practice have one; nothing that gives points or is read by a person does."""
    cells = load_notebook(REPO, week, name).cells
    practice = {cell.grade_id.removeprefix("test_") for cell in cells if cell.practice and not cell.manual}
    models = models_beside(REPO / week / f"{name}_questions.json")
    written = {cell for cell, source in reference(week, name).items() if re.search("^def ", source, re.MULTILINE)}
    personal = "quiz" in name  # judged when graded: the notebook cannot say that all is right
    assert set(models) <= practice
    assert personal or {cell for cell in practice & written if models[cell].notice} == practice & written
    assert all(model.code == reference(week, name)[cell].replace("  # public", "") for cell, model in models.items())


@pytest.mark.parametrize(("week", "name", "path"), RIGHT, ids=[f"{n}-{p.stem}" for _, n, p in RIGHT])
def test_a_right_solution_written_differently_gets_every_point(week, name, path):
    cells, extra = read_cells(path)
    result = rehearse(week, name, {**reference(week, name), **cells}, extra, seed=path.stem)
    assert not failures(result)


def test_names_in_the_catalogues_are_unique():
    names = [(week, name, mistake.name) for week, name, mistake in MISTAKES]
    assert len(names) == len(set(names))

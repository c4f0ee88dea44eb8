"""What the notebook says of a submission, and what grading decides: each question asked of the same code."""

import ast
import os
import warnings
from contextlib import contextmanager
from functools import cache
from types import SimpleNamespace

import numpy as np

from grader.checks.questions import record
from grader.checks.questions.checking import Checks
from grader.checks.questions.question import seeded
from grader.judge.grading.spec import keys_of, read_cells, reference_cells
from tests.notebooks.found import REPO
from tools.records import notebooks
from tools.solved import released

os.environ.setdefault("MPLBACKEND", "agg")
NOTEBOOKS = notebooks()
# Cells that train for seconds, and the test cells that need what they trained: of the reference alone.
TRAINING, TRAINED = {"given_training"}, {"test_accuracy"}
DRAWS = 3  # cases of the grader's; the notebook has one


@contextmanager
def quiet():
    """A warning of a student's code costs nothing; in tests it would be an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def keys(week, name):
    return keys_of(REPO, week, name)


@cache
def at_home(week, name):
    """The notebook's own checks."""
    checks = Checks(f"{week}.{name}_questions")
    # Not the one in sys.modules, which goes when another notebook's keys are read.
    checks.module = SimpleNamespace(**{key.asked.name: key.asked for key in keys(week, name)})
    checks.recorded = record.read((REPO / week / f"{name}_questions.json").read_text(encoding="utf-8"))
    return checks


@cache
def _cells(week, name):
    """(grade_id, source) of the notebook's cells that define something, in order; of test cells the grade_id only."""
    found = []
    for cell in released(week, name).cells:
        data = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and "skip-grading" not in cell.metadata.get("tags", []):
            found.append((data.get("grade_id"), "" if data.get("grade") else cell.source))
    return found


@cache
def _code(source):
    return compile(ast.parse(source), "<student>", "exec")


@cache
def _beginning(week, name):
    """The names before the first cell of the student's, which take a while to make, and the cells from there on."""
    names, cells = {"__name__": "__main__"}, list(_cells(week, name))
    own = reference_cells(REPO, week, name)
    while cells and cells[0][0] not in own:
        exec(_code(cells.pop(0)[1]), names)
    return names, cells


def namespace(week, name, cells, asked):
    """The names of the notebook with the reference's cells, but for those in ``cells``, at the last test cell asked."""
    sources = {**reference_cells(REPO, week, name), **cells}
    before, after = _beginning(week, name)
    names = dict(before)
    last = max(number for number, (grade_id, _) in enumerate(after) if grade_id in asked)
    for grade_id, source in after[:last]:
        if cells and grade_id in TRAINING:
            continue
        try:
            with quiet():
                exec(_code(sources.get(grade_id, source)), names)
        except Exception:
            pass  # as in a notebook, the cells below run all the same
    return names


def ways(week, name):
    """(exercise, how it is written, source) of the right cells in tests/right_solutions/WEEK/NAME/cells/EXERCISE.py."""
    for path in sorted((REPO / "tests/right_solutions" / week / name / "cells").glob("*.py")):
        for how, source in read_cells(path)[0].items():
            yield path.stem, how, source


def with_helpers(week, name, cells, extra):
    """The cells of a solution, with those that its author added before or after them in the same cell."""
    joined = {**reference_cells(REPO, week, name), **cells}
    for where, grade_id, source in extra:
        parts = [source, joined[grade_id]] if where == "before" else [joined[grade_id], source]
        joined[grade_id] = "\n\n".join(parts)
    return joined


def verdicts(week, name, cells, asked=None):
    """{question: (what the notebook says: True, False or None; what grading says, True or False)}."""
    checks, found = at_home(week, name), {}
    if asked is None:
        asked = {key.asked.cell for key in keys(week, name)} - (TRAINED if cells else set())
    chosen = [key for key in keys(week, name) if key.asked.cell in asked]
    cell_names = {key.asked.cell for key in chosen}
    if not chosen:
        return {}
    known = [{} for _ in range(DRAWS)]
    here, there = namespace(week, name, cells, cell_names), namespace(week, name, cells, cell_names)
    for key in chosen:
        try:
            with quiet():
                home = checks.result(key.asked, here, set())[0].ok
        except NotImplementedError:
            home = False
        every = keys(week, name)
        found[key.asked.name] = home, all(graded(key, there, seed, every, known[seed]) for seed in range(DRAWS))
    return found


def graded(key, names, seed, every=(), known=None):
    """Does the question of a key pass on the case of this seed, as graded? ``every``: all keys of the notebook.

    ``known`` keeps what was found of questions with these names and this seed.
    """
    known = {} if known is None else known
    if key.asked.name not in known:
        known[key.asked.name] = False  # what asks for itself has not passed
        known[key.asked.name] = _graded(key, names, seed, every, known)
    return known[key.asked.name]


def _graded(key, names, seed, every, known):
    with seeded(seed), np.errstate(all="ignore"), quiet():
        case = key.draw(np.random.default_rng(seed))
        if _passes(key, names, case, {}):
            return True
        failing = [lent for lent in key.asked.lends if not _sound(key.asked, lent, names, seed, every, known)]
        lendings = {name: call for name, call in key.lent(case).items() if name in failing} if failing else {}
        fresh = key.draw(np.random.default_rng(seed))  # a case may count what it is asked
        return bool(lendings) and _passes(key, names, fresh, lendings)


def _passes(key, names, case, lent):
    try:
        return key.judged(key.asked.ask(names, vars(case), lent), case).verdict.ok
    except Exception:
        return False


def _sound(asked, lent, names, seed, every, known):
    """Does the student's own function pass what judges it, so that it is not lent?"""
    judges = asked.judges(lent, [key.asked for key in every])
    return bool(judges) and all(graded(key, names, seed, every, known) for key in every if key.asked in judges)

"""Runs a notebook with trusted cells and asks it the hidden tests, without a sandbox: for tests and for authors.

    python -m grader.judge.rehearsal week01_backprop backprop [--mistake NAME | --solution FILE | --stub]

The same helper, judge and hidden tests as in grading; only the process around the cells is a plain one. Never use it
on work of students.
"""

import argparse
import copy
import multiprocessing
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.judge.errors import Lost
from grader.judge.examiner import Bench, examine, failed
from grader.judge.spec import load_mistakes, load_notebook, read_cells, reference_cells

REPO = Path(__file__).resolve().parents[2]
SECONDS = 120


@dataclass(frozen=True)
class Rehearsal:
    """``points`` and ``hints`` by test cell; ``outcomes`` in full; ``errors`` what cells raised, by cell id."""

    outcomes: dict
    errors: dict
    max: float

    @property
    def points(self):
        return {cell: round(sum(o.points for o in outcomes), 9) for cell, outcomes in self.outcomes.items()}

    @property
    def hints(self):
        return {cell: [o.hint for o in outcomes if not o.passed] for cell, outcomes in self.outcomes.items()}

    @property
    def total(self):
        return round(sum(self.points.values()), 9)


def rehearse(week, name, cells=None, extra=(), *, repo=REPO, seed="rehearsal", question_seconds=20, strict=False):
    """Run the released notebook with ``cells`` (source by grade_id) filled in, and ``extra`` cells added.

    ``extra`` is a list of ``(where, grade_id, source)`` with ``where`` in before, after. Returns a ``Rehearsal``.
    ``strict`` raises when a hidden test cannot digest an answer.
    """
    spec = load_notebook(repo, week, name)
    notebook = filled(spec.released, cells or {}, extra)
    work = [
        (cell.id, cell.source, cell.id in spec.tests)
        for cell in notebook.cells
        if cell.cell_type == "code" and "skip-grading" not in cell.metadata.get("tags", [])
    ]
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        path = os.path.join(folder, "judge.sock")
        ours, theirs = _context().Pipe()
        process = _context().Process(target=_run_cells, args=(work, path, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            outcomes, errors = _follow(spec, ours, path, seed, question_seconds, strict)
        finally:
            process.kill()
            process.join()
            ours.close()
    return Rehearsal(outcomes, errors, spec.max_points)


def filled(released, cells, extra=()):
    """A copy of the released notebook with sources put in by grade_id and extra code cells before or after them."""
    notebook = copy.deepcopy(released)
    places = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    for grade_id, source in cells.items():
        if grade_id not in places:
            raise KeyError(f"the notebook has no cell {grade_id!r}")
        places[grade_id].source = source
    for number, (where, grade_id, source) in enumerate(extra):
        index = notebook.cells.index(places[grade_id])
        added = nbformat.v4.new_code_cell(source, id=f"extra-{number}")
        notebook.cells.insert(index + (where == "after"), added)
    return notebook


def _follow(spec, pipe, path, seed, seconds, strict):
    """Sit at the bench whenever the process reaches a test cell."""
    outcomes, errors, deadline = {cell: [] for cell in spec.tests}, {}, time.monotonic() + SECONDS
    while pipe.poll(max(0, deadline - time.monotonic())):
        try:
            kind, cell, detail = pipe.recv()
        except EOFError:
            break
        if kind == "error":
            errors[cell] = detail
        elif kind == "test":
            with Bench(path) as bench:
                pipe.send("ready")
                outcomes[cell] = examine(bench, spec.tests[cell], seed=seed, seconds=seconds, strict=strict)
        else:
            break
    for cell, tests in spec.tests.items():
        if not outcomes[cell]:
            outcomes[cell] = [failed(test, "the notebook ended before this cell", Lost.code) for test in tests]
    return outcomes, errors


def _context():
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.judge.rehearsal", "grader.judge.rehearsal_worker"])
    return context


def _run_cells(work, path, pipe):
    from grader.judge.rehearsal_worker import run_cells

    run_cells(work, path, pipe)


def _main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("week")
    parser.add_argument("notebook")
    parser.add_argument("--mistake", help="a mistake of the catalogue, or 'all'")
    parser.add_argument("--solution", help="a percent script with cells that differ from the reference")
    parser.add_argument("--stub", action="store_true", help="the notebook as released")
    parser.add_argument("--seed", default="rehearsal")
    options = parser.parse_args(argv)
    week, name = options.week, options.notebook
    reference = reference_cells(REPO, week, name)
    if options.mistake:
        mistakes = load_mistakes(REPO, week, name)
        chosen = [m for m in mistakes if options.mistake in ("all", m.name)]
        if not chosen:
            parser.error(f"no mistake {options.mistake!r}; there are: {', '.join(m.name for m in mistakes)}")
        return max(_show_mistake(week, name, reference, mistake, options.seed) for mistake in chosen)
    cells, extra = ({}, []) if options.stub else (reference, [])
    if options.solution:
        own, extra = read_cells(options.solution)
        cells = {**reference, **own}
    result = rehearse(week, name, cells, extra, seed=options.seed)
    _show(result)
    return 0


def _show(result):
    for cell, error in result.errors.items():
        print(f"cell {cell} raised {error}")
    for cell, outcomes in result.outcomes.items():
        print(f"{cell:24} {result.points[cell]:5g} of {sum(o.max_points for o in outcomes):g}")
        for outcome in outcomes:
            print(f"    {'pass' if outcome.passed else 'FAIL'} {outcome.seconds:5.2f}s {outcome.title}")
            if outcome.hint:
                print(f"         {outcome.hint} [{outcome.code}]")
    print(f"total {result.total:g} of {result.max:g}")


def mistake_problems(mistake, result):
    """What a rehearsal of a mistake shows that its entry in the catalogue does not say, as sentences."""
    lost = {
        cell: round(sum(o.max_points for o in outcomes) - result.points[cell], 9)
        for cell, outcomes in result.outcomes.items()
    }
    lost = {cell: points for cell, points in lost.items() if points}
    wanted = {cell: points for cell, points in mistake.loses.items() if points}
    problems = []
    if lost.keys() != wanted.keys() or any(abs(lost[cell] - wanted[cell]) > 1e-6 for cell in lost):
        problems.append(f"loses {lost}, the catalogue says {wanted}")
    hints = [hint for cell in lost for hint in result.hints[cell]]
    if not any(mistake.hint.lower() in hint.lower() for hint in hints):
        problems.append(f"no hint says {mistake.hint!r}: {hints}")
    return problems


def _show_mistake(week, name, reference, mistake, seed):
    result = rehearse(week, name, {**reference, mistake.cell: mistake.apply(reference)}, seed=seed)
    problems = mistake_problems(mistake, result)
    print(f"{'ok   ' if not problems else 'WRONG'} {mistake.name}")
    for problem in problems:
        print(f"      {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    # Under its package name, and with nothing left by which the worker processes would run this file once more.
    __spec__ = None
    del __file__
    from grader.judge import rehearsal

    sys.exit(rehearsal._main())

"""Runs a notebook with trusted cells and asks it the hidden tests, without a sandbox: for tests and for authors.

    python -m grader.judge.rehearsal week01_backprop backprop [--mistake NAME | --solution FILE | --stub]

The same helper, judge and hidden tests as in grading; only the process around the cells is a plain one. Never use it
on work of students.
"""

import argparse
import contextlib
import copy
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from multiprocessing.connection import Client
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import TypeAlias

import nbformat

from grader.judge.authoring.mistakes import Mistake
from grader.judge.authoring.verdicts import Lost
from grader.judge.grading.examiner import TestRunner, examine, failed
from grader.judge.grading.result import Outcome
from grader.judge.grading.spec import (
    NotebookSpec,
    SpecError,
    cells_to_run,
    load_mistakes,
    load_notebook,
    read_cells,
    reference_cells,
)

REPO = Path(__file__).resolve().parents[3]
SECONDS = 120

Cell: TypeAlias = tuple[str, str, bool]  # (cell_id, source, is_test)
Extra: TypeAlias = Sequence[tuple[str, str, str]]  # (before or after, grade_id, source)


@dataclass(frozen=True)
class Rehearsal:
    """``points`` and ``hints`` by test cell; ``outcomes`` in full; ``errors`` what cells raised, by cell id."""

    outcomes: dict[str, list[Outcome]]
    errors: dict[str, str]
    max: float

    @property
    def points(self) -> dict[str, float]:
        return {cell: round(sum(o.points for o in outcomes), 9) for cell, outcomes in self.outcomes.items()}

    @property
    def hints(self) -> dict[str, list[str]]:
        return {cell: [o.hint for o in outcomes if not o.passed] for cell, outcomes in self.outcomes.items()}

    @property
    def total(self) -> float:
        return round(sum(self.points.values()), 9)


def rehearse(
    week: str,
    name: str,
    cells: Mapping[str, str] | None = None,
    extra: Extra = (),
    *,
    repo: Path = REPO,
    seed: str = "rehearsal",
    question_seconds: float = 20,
    strict: bool = False,
) -> Rehearsal:
    """Run the released notebook with ``cells`` (source by grade_id) filled in, and ``extra`` cells added.

    ``extra`` is a list of ``(where, grade_id, source)`` with ``where`` in before, after. Returns a ``Rehearsal``.
    ``strict`` raises when a hidden test cannot digest an answer.
    """
    spec = load_notebook(repo, week, name)
    work = cells_to_run(spec, filled(spec.released, cells or {}, extra))
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        path = os.path.join(folder, "judge.sock")
        ours, theirs = _context().Pipe()
        process = _context().Process(target=_run_cells, args=(work, path, theirs, spec.packages), daemon=True)
        process.start()
        theirs.close()
        try:
            outcomes, errors = _follow(spec, work, ours, path, seed, question_seconds, strict)
        finally:
            process.kill()
            process.join()
            ours.close()
    return Rehearsal(outcomes, errors, spec.max_points)


class Checkpoints:
    """Rehearses one notebook many times, each time with other sources from some cell on.

    The ``cells`` (source by grade_id) are run once, with a copy of the process kept before each; a rehearsal starts
    from the copy before the first cell that differs, and what the test cells before it say is asked once. Same
    results as ``rehearse``, in less than half its time. Use as a context manager, or ``close`` it.
    """

    def __init__(
        self,
        week: str,
        name: str,
        cells: Mapping[str, str],
        *,
        repo: Path = REPO,
        seed: str = "rehearsal",
        question_seconds: float = 20,
    ) -> None:
        self._spec = load_notebook(repo, week, name)
        self._seed, self._seconds = seed, question_seconds
        self._cells = cells
        self._whole = cells_to_run(self._spec, filled(self._spec.released, cells))
        self._folder = tempfile.TemporaryDirectory(prefix="rehearsal-")
        self._process = _context().Process(
            target=_keep_checkpoints, args=(self._whole, self._folder.name, self._spec.packages), daemon=True
        )
        self._process.start()
        self._own: Rehearsal | None = None
        self._number = 0

    def __enter__(self) -> "Checkpoints":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the copies and remove their folder."""
        assert self._process.pid  # it has been started
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._folder.cleanup()

    def rehearse(self, changed: Mapping[str, str] | None = None, until: str | None = None) -> Rehearsal:
        """A ``Rehearsal`` with the sources in ``changed`` (by grade_id) in place of our own.

        ``until``: a test cell after which to stop; what later ones would say is taken from our own cells.
        """
        if self._own is None:
            self._own = Rehearsal(*self._run(self._whole, 0), self._spec.max_points)
        own = self._own
        changed = {grade_id: source for grade_id, source in (changed or {}).items() if source != self._cells[grade_id]}
        work = cells_to_run(self._spec, filled(self._spec.released, {**self._cells, **changed}))
        differ = (index for index, (old, new) in enumerate(zip(self._whole, work, strict=True)) if old != new)
        first = next(differ, None)
        if first is None:
            return Rehearsal(dict(own.outcomes), dict(own.errors), own.max)
        last = next((index for index, (cell, _, _) in enumerate(work) if cell == until), len(work))
        outcomes, errors = self._run(work[: max(last, first) + 1], first)
        before = {cell for cell, _, _ in work[:first]}
        errors.update({cell: error for cell, error in own.errors.items() if cell in before})
        return Rehearsal({**own.outcomes, **outcomes}, errors, own.max)

    def _run(self, work: list[Cell], first: int) -> tuple[dict[str, list[Outcome]], dict[str, str]]:
        """Outcomes of the test cells from number ``first`` on, and errors."""
        path = os.path.join(self._folder.name, f"judge-{self._number}.sock")
        self._number += 1
        rest = work[first:]
        with self._connect(rest[0][0]) as pipe:
            pipe.send((rest, path))
            own, again = self._own.outcomes if self._own else {}, {cell for cell, _, _ in rest}
            before = {cell: outcomes for cell, outcomes in own.items() if cell not in again}
            return _follow(self._spec, rest, pipe, path, self._seed, self._seconds, strict=False, before=before)

    def _connect(self, cell: str) -> Pipe:
        address, until = os.path.join(self._folder.name, cell), time.monotonic() + SECONDS
        while True:
            try:
                return Client(address)
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > until:
                    raise TimeoutError(f"the cells before {cell!r} did not end within {SECONDS} s") from None
                time.sleep(0.01)


def filled(released: nbformat.NotebookNode, cells: Mapping[str, str], extra: Extra = ()) -> nbformat.NotebookNode:
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


def _follow(
    spec: NotebookSpec,
    work: Sequence[Cell],
    pipe: Pipe,
    path: str,
    seed: str,
    seconds: float,
    strict: bool,
    before: Mapping[str, list[Outcome]] | None = None,
) -> tuple[dict[str, list[Outcome]], dict[str, str]]:
    """Run the hidden tests whenever the process reaches a test cell of ``work``.

    ``before``: what came of others, which are not run again.
    """
    outcomes: dict[str, list[Outcome]] = {}
    errors: dict[str, str] = {}
    deadline = time.monotonic() + SECONDS
    while pipe.poll(max(0, deadline - time.monotonic())):
        try:
            kind, cell, detail = pipe.recv()
        except EOFError:
            break
        if kind == "error":
            errors[cell] = detail
        elif kind == "test":
            with TestRunner(path) as runner:
                pipe.send("ready")
                earlier = {**(before or {}), **outcomes}
                outcomes[cell] = examine(
                    runner, spec.tests[cell], seed=seed, seconds=seconds, strict=strict, earlier=earlier
                )
        else:
            break
    for cell in (cell for cell, _, is_test in work if is_test and cell not in outcomes):
        outcomes[cell] = [failed(test, "the notebook ended before this cell", Lost.code) for test in spec.tests[cell]]
    return outcomes, errors


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["grader.judge.rehearsal.rehearsal", "grader.judge.rehearsal.worker"])
    return context


def _run_cells(work: list[Cell], path: str, pipe: Pipe, packages: Iterable[Path]) -> None:
    from grader.judge.rehearsal.worker import run_cells

    run_cells(work, path, pipe, packages)


def _keep_checkpoints(work: list[Cell], folder: str, packages: Iterable[Path]) -> None:
    from grader.judge.rehearsal.worker import keep_checkpoints

    keep_checkpoints(work, folder, packages)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("python -m grader.judge.rehearsal", description=__doc__.split("\n")[0])
    parser.add_argument("week", help="its folder, in full")
    parser.add_argument("notebook")
    parser.add_argument("--mistake", help="a mistake of the catalogue, or 'all'")
    parser.add_argument("--solution", help="a percent script with cells that differ from the reference")
    parser.add_argument("--stub", action="store_true", help="the notebook as released")
    parser.add_argument("--seed", default="rehearsal")
    options = parser.parse_args(argv)
    try:
        return _rehearse_as_asked(options)
    except (SpecError, _Unknown) as error:
        parser.error(str(error))


class _Unknown(Exception):
    """The command names something that is not there."""


def _rehearse_as_asked(options: argparse.Namespace) -> int:
    week, name = options.week, options.notebook
    if not (REPO / week / f"{name}.ipynb").exists():
        there = [f"{path.parent.name} {path.stem}" for path in sorted(REPO.glob("week*/*.ipynb"))]
        raise _Unknown(f"there is no {week}/{name}.ipynb{_nearest(f'{week} {name}', there)}")
    reference = reference_cells(REPO, week, name)
    if options.mistake:
        mistakes = load_mistakes(REPO, week, name)
        chosen = [m for m in mistakes if options.mistake in ("all", m.name)]
        if not chosen:
            names = [m.name for m in mistakes]
            raise _Unknown(f"the catalogue has no mistake {options.mistake!r}{_nearest(options.mistake, names)}")
        with Checkpoints(week, name, reference, seed=options.seed) as checkpoints:
            return max(_show_mistake(checkpoints, reference, mistake) for mistake in chosen)
    cells: Mapping[str, str] = {} if options.stub else reference
    extra: Extra = ()
    if options.solution:
        if not Path(options.solution).is_file():
            raise _Unknown(f"there is no file {options.solution}")
        own, extra = read_cells(options.solution)
        cells = {**reference, **own}
    result = rehearse(week, name, cells, extra, seed=options.seed)
    _show(result)
    return 0


def _nearest(wrong: str, names: list[str]) -> str:
    near = get_close_matches(wrong, names, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else f"; there are: {', '.join(names)}"


def _show(result: Rehearsal) -> None:
    for cell, error in result.errors.items():
        print(f"cell {cell} raised {error}")
    for cell, outcomes in result.outcomes.items():
        print(f"{cell:24} {result.points[cell]:5g} of {sum(o.max_points for o in outcomes):g}")
        for outcome in outcomes:
            print(f"    {'pass' if outcome.passed else 'FAIL'} {outcome.seconds:5.2f}s {outcome.title}")
            if outcome.hint:
                print(f"         {outcome.hint} [{outcome.code}]")
    print(f"total {result.total:g} of {result.max:g}")


def mistake_problems(mistake: Mistake, result: Rehearsal) -> list[str]:
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


def _show_mistake(checkpoints: Checkpoints, reference: Mapping[str, str], mistake: Mistake) -> int:
    result = checkpoints.rehearse({mistake.cell: mistake.apply(reference)})
    problems = mistake_problems(mistake, result)
    print(f"{'ok   ' if not problems else 'WRONG'} {mistake.name}")
    for problem in problems:
        print(f"      {problem}")
    return 1 if problems else 0

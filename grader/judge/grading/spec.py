"""What grading one notebook needs, gathered from the repository: the released notebook and its tests."""

import importlib
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import ModuleType

from nbformat.notebooknode import NotebookNode

from grader.checks.questions.question import questions_of
from grader.judge.authoring.keys import Key
from grader.judge.authoring.mistakes import Mistake
from grader.judge.grading.digests import SpecError, data_in, deciding_files, digest_of_files, digest_with, packages_of
from grader.judge.grading.result import read_own
from grader.judge.hidden import HiddenTest


@dataclass(frozen=True)
class Cell:
    """A graded cell of the released notebook."""

    grade_id: str
    points: float
    bonus: bool
    practice: bool
    manual: bool


@dataclass(frozen=True)
class NotebookSpec:
    """One notebook of the course, ready to grade.

    ``released`` is the notebook as students get it; ``cells`` its graded cells in order; ``tests`` the hidden tests
    by test cell; ``code`` the digest of the course's files that decide its grade; ``packages`` are the folders of
    modules that the course's notebooks may import; ``given`` the data that lie beside the notebook, by path.
    """

    week: str
    name: str
    released: NotebookNode
    tests: dict[str, list[HiddenTest]] = field(default_factory=dict)
    code: str = ""
    packages: tuple[Path, ...] = ()
    given: tuple[tuple[str, bytes], ...] = ()

    @cached_property
    def cells(self) -> list[Cell]:
        return [graded_cell(cell) for cell in self.released.cells if cell.metadata.get("nbgrader", {}).get("grade")]

    @cached_property
    def digest(self) -> str:
        """Of everything of the course's that decides the grade: the released notebook, hidden tests, helpers, data."""
        return digest_with(self.code, self.released)

    @property
    def max_points(self) -> float:
        return round(sum(cell.points for cell in self.cells), 6)


def graded_cell(cell: NotebookNode) -> Cell:
    """The grading facts in a cell's metadata."""
    data, tags = cell.metadata["nbgrader"], cell.metadata.get("tags", [])
    manual = bool(data.get("solution"))
    return Cell(data["grade_id"], float(data.get("points", 0)), "bonus" in tags, "practice" in tags, manual)


def load_notebook(repo: str | Path, week: str, name: str) -> NotebookSpec:
    """Read ``<repo>/<week>/<name>.ipynb`` and ``<repo>/solutions/<week>/<name>/keys.py``.

    Errors: ``SpecError`` when the hidden tests do not add up to the points of the notebook's test cells, or name a
    cell that does not exist.
    """
    repo = Path(repo).resolve()
    path = repo / week / f"{name}.ipynb"
    if not path.exists():
        raise SpecError(f"there is no notebook {path}")
    released = read_own(path)
    code = digest_of_files(repo, deciding_files(repo, week, name))
    tests = _tests_by_cell(key.test() for key in keys_of(repo, week, name))
    folder = repo / week
    given = tuple(sorted((path.relative_to(folder).as_posix(), path.read_bytes()) for path in data_in(folder)))
    spec = NotebookSpec(week, name, released, tests, code, packages_of(repo), given)
    _check(spec)
    tests = {cell.grade_id: tests[cell.grade_id] for cell in spec.cells if cell.grade_id in tests}
    return replace(spec, tests=tests)


def is_skipped(cell: NotebookNode) -> bool:
    """Whether grading leaves a cell out: a demonstration, there to be looked at."""
    return "skip-grading" in cell.metadata.get("tags", [])


def cells_to_run(spec: NotebookSpec, notebook: NotebookNode) -> list[tuple[str, str, bool]]:
    """``(cell_id, source, is_test)`` of the cells that grading runs, or in place of which it asks."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_skipped(cell)]
    return [(cell.id, cell.source, cell.id in spec.tests) for cell in code]


def notebooks_of(repo: str | Path, week: str) -> list[str]:
    """The names of the week's notebooks, in the order of their file names."""
    return sorted(path.stem for path in (Path(repo) / week).glob("*.ipynb"))


def reference_cells(repo: str | Path, week: str, name: str) -> dict[str, str]:
    """The reference's source by grade_id, or {} where a notebook has none."""
    path = Path(repo) / "solutions" / week / name / "reference.py"
    return read_cells(path)[0] if path.exists() else {}


def load_mistakes(repo: str | Path, week: str, name: str) -> list[Mistake]:
    """The catalogue of mistakes of a notebook, or []."""
    path = Path(repo) / "solutions" / week / name / "mistakes.py"
    return _import(repo, f"solutions.{week}.{name}.mistakes").MISTAKES if path.exists() else []


def read_cells(path: str | Path) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Split a percent script into ``({grade_id: source}, [(where, grade_id, source), ...])``.

    ``# %% dense`` starts the source of the solution cell ``dense``; ``# %% [markdown] why`` a written answer, in
    comments; ``# %% before dense`` and ``# %% after dense`` cells that a student added.
    """
    cells: dict[str, str] = {}
    extra: list[tuple[str, str, str]] = []
    lines: list[str] = []
    title: str | None = None

    def finish() -> None:
        source = "\n".join(lines).strip("\n")
        if title is None:
            return
        words = title.split()
        if words[:1] == ["[markdown]"]:
            text = [line.removeprefix("#").removeprefix(" ") for line in source.splitlines()]
            cells[words[1]] = "\n".join(text)
        elif len(words) == 2 and words[0] in ("before", "after"):
            extra.append((words[0], words[1], source))
        elif len(words) == 1:
            cells[words[0]] = source
        else:
            raise SpecError(f"{path}: cannot read the cell title {title!r}")

    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith("# %%"):
            finish()
            title, lines = line[4:].strip(), []
        else:
            lines.append(line)
    finish()
    return cells, extra


def _import(repo: str | Path, module: str) -> ModuleType:
    """Import a module of ``<repo>/solutions``, and of the weeks what it imports, as they are on disk now."""
    repo = str(Path(repo).resolve())
    for name in [name for name in sys.modules if re.match(r"(solutions|week\w*)(\.|$)", name)]:
        del sys.modules[name]
    importlib.invalidate_caches()
    sys.path.insert(0, repo)
    try:
        # So that what a test imports when it runs is found too, though the folder is not on the path by then.
        for folder in packages_of(repo):
            importlib.import_module(folder.name)
        return importlib.import_module(module)
    finally:
        sys.path.remove(repo)


def keys_of(repo: str | Path, week: str, name: str) -> list[Key]:
    """The keys of a notebook's questions, `<week>/<name>_questions.py`, in the order in which these stand.

    Errors: ``SpecError`` for a question that has none.
    """
    repo = Path(repo).resolve()
    if not (repo / "solutions" / week / name / "keys.py").exists():
        return []
    module = _import(repo, f"solutions.{week}.{name}.keys")
    questions = questions_of(sys.modules[f"{week}.{name}_questions"])
    if missing := [asked.name for asked in questions if asked.key is None]:
        raise SpecError(f"{week}/{name}: {module.__name__} has no key for {', '.join(missing)}")
    return [asked.key for asked in questions]


def _tests_by_cell(tests: Iterable[HiddenTest]) -> dict[str, list[HiddenTest]]:
    by_cell: dict[str, list[HiddenTest]] = {}
    for test in tests:
        by_cell.setdefault(test.cell, []).append(test)
    return by_cell


def _check(spec: NotebookSpec) -> None:
    where = f"{spec.week}/{spec.name}"
    automatic = {cell.grade_id: cell.points for cell in spec.cells if not cell.manual}
    for unknown in sorted(set(spec.tests) - set(automatic)):
        raise SpecError(f"{where}: hidden tests name the cell {unknown!r}, which the notebook does not have")
    for grade_id, points in automatic.items():
        total = sum(test.points for test in spec.tests.get(grade_id, []))
        if abs(total - points) > 1e-9:
            raise SpecError(f"{where}: the hidden tests of {grade_id!r} give {total:g} points, the cell {points:g}")

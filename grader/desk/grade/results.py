"""What grading found, kept between runs: `.grader/results/<week>/<student>/<notebook>.json` and `.ipynb` beside it.

A result is kept under a key made of everything that decides it: the submitted bytes, the files beside them, the
released notebook, the limits and the grader's own code, and, for each test cell, its hidden tests. The notebook is
written before the JSON file, which names it by its digest, so a result is there as a whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import nbformat

import grader
from grader.desk.collect.submissions import Work
from grader.desk.files import digest, write_atomically
from grader.judge.grading.result import NotebookResult
from grader.judge.grading.spec import NotebookSpec

_DECIDING_PACKAGES = ("checks", "judge", "sandbox")


@lru_cache(maxsize=1)
def grader_version() -> str:
    """The version, and a digest of the code that decides scores."""
    root = Path(grader.__file__).parent
    files = [path for package in _DECIDING_PACKAGES for path in sorted((root / package).rglob("*.py"))]
    code = digest(*(part for path in files for part in (path.relative_to(root).as_posix(), path.read_bytes())))
    return f"{grader.__version__}+{code[:16]}"


@dataclass(frozen=True)
class Key:
    """What a result depends on, as digests: `base` for the whole, `verdicts` for each test cell beside that."""

    base: str
    verdicts: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """All of it as one digest."""
        return digest(self.base, json.dumps(dict(self.verdicts), sort_keys=True))

    def outdated(self, now: Key) -> frozenset[str] | None:
        """The test cells of a result with this key that must be judged again; None when all of it must be graded."""
        if self.base != now.base or self.verdicts.keys() != now.verdicts.keys():
            return None
        return frozenset(cell for cell in now.verdicts if self.verdicts[cell] != now.verdicts[cell])


def key_of(work: Work, spec: NotebookSpec, limits: Mapping, isolation: str) -> Key:
    """What the result of grading `work` now depends on."""
    files = [part for name, data in work.files for part in (name, data)]
    handed_in = (b"absent",) if work.submitted is None else (b"present", work.submitted)
    rules = json.dumps([work.week, work.notebook, dict(limits), isolation, list(work.notes)], sort_keys=True)
    return Key(digest(grader_version(), spec.digest, rules, *handed_in, *files), dict(spec.verdicts))


@dataclass(frozen=True)
class Kept:
    """A stored result, its notebook not yet read."""

    student: str
    key: Key
    data: dict
    place: Path

    @property
    def result(self) -> NotebookResult:
        """Everything but the notebook."""
        return NotebookResult.from_json({**self.data, "nb": None})

    def whole(self) -> dict:
        """What was saved, the notebook's text included. Raises OSError or ValueError when that is damaged."""
        return {**self.data, "nb": self._text()}

    def notebook(self):
        """The graded notebook, or None where nothing was handed in. Raises OSError or ValueError when it is damaged."""
        text = self._text()
        return None if text is None else nbformat.v4.reads_json(text)

    def _text(self) -> str | None:
        if self.data["nb"] is None:
            return None
        content = self.place.with_suffix(".ipynb").read_bytes()
        if digest(content) != self.data["nb"]:
            raise ValueError(f"{self.place} belongs to another result")
        return content.decode("utf-8")


class Store:
    """The results of one course folder."""

    def __init__(self, desk_folder: Path):
        self.folder = desk_folder / "results"

    def place(self, week: str, student: str, notebook: str) -> Path:
        return self.folder / week / student / f"{notebook}.json"

    def load(self, week: str, student: str, notebook: str) -> Kept | None:
        """The stored result, or None when there is none that can be read."""
        place = self.place(week, student, notebook)
        try:
            content = json.loads(place.read_text(encoding="utf-8"))
            return Kept(student, Key(content["key"], content["verdicts"]), content["result"], place)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def save(self, student: str, key: Key, data: dict) -> Kept:
        """Keep `data` (what `NotebookResult.to_json` gives)."""
        place = self.place(data["week"], student, data["name"])
        notebook = data["nb"]
        if notebook is not None:
            write_atomically(place.with_suffix(".ipynb"), notebook)
        data = {**data, "nb": None if notebook is None else digest(notebook)}
        content = {"key": key.base, "verdicts": dict(key.verdicts), "result": data}
        write_atomically(place, json.dumps(content, ensure_ascii=False))
        return Kept(student, key, data, place)

    def all(self, week: str) -> Iterator[Kept]:
        """Every stored result of the week, by student and notebook."""
        for place in sorted((self.folder / week).glob("*/*.json")):
            kept = self.load(week, place.parent.name, place.stem)
            if kept:
                yield kept

    def published(self, week: str, student: str) -> str | None:
        """The digest of what was last put into the gradebook and `autograded/`, or None."""
        try:
            return self._mark(week, student).read_text(encoding="utf-8")
        except OSError:
            return None

    def mark_published(self, week: str, student: str, what: str) -> None:
        write_atomically(self._mark(week, student), what)

    def _mark(self, week: str, student: str) -> Path:
        return self.folder / week / student / "published"

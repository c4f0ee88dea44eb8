"""What grading found, kept between runs: `.grader/results/<week>/<student>/<notebook>.json` and `.ipynb` beside it.

A result is kept under a key made of everything that decides it: the submitted bytes, the files beside them, the
released notebook, its hidden tests with all they import, the limits and the grader's own code. The graded notebook is
written before the JSON file, which names it by its digest, so a result is there as a whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat.notebooknode import NotebookNode
from nbformat.v4.nbjson import reads

import grader
from grader.desk.collect.submissions import Work
from grader.desk.files import digest, write_atomically
from grader.judge.grading.digests import digest_of_grader
from grader.judge.grading.result import NotebookResult

if TYPE_CHECKING:  # hidden tests are loaded, with numpy, by whoever grades
    from grader.desk.grade.specs import Edition
    from grader.judge.grading.spec import NotebookSpec

TINY = 1e-9


def of_its_form(data: object, text: str | None = None) -> dict:
    """`data`, which is of the form that `NotebookResult.to_json` gives. Raises ValueError that says where it is not.

    `text`: the JSON that it was read from, if it was.
    """
    from grader.desk.grade.result_form import FORM  # pydantic takes a while to import, and not every command needs it

    FORM.model_validate(data)
    assert isinstance(data, dict)
    if text is None or "\\u" in text:
        json.dumps(data, ensure_ascii=False).encode()  # lone surrogates, which nothing can write; JSON has them as \u
    return data


def checked(data: object, work: Work, spec: NotebookSpec) -> dict:
    """An answer to the job of grading `work` that came from another machine, if it may be one.

    Raises ValueError that says what is wrong: its form, its names, its points, or that its notebook is none.
    """
    import nbformat  # with what validates

    result = of_its_form(data)
    if (result["week"], result["name"]) != (work.week, work.notebook):
        raise ValueError(f"it is about {result['week']!r}/{result['name']!r}"[:200])
    cells = {cell.grade_id: cell for cell in spec.cells}
    if result["parts"].keys() != cells.keys():
        raise ValueError("its exercises are not those of the notebook")
    for grade_id, part in result["parts"].items():
        cell = cells[grade_id]
        kind = tuple(part.get(key, False) for key in ("bonus", "practice", "manual"))
        if part["max_points"] != cell.points or kind != (cell.bonus, cell.practice, cell.manual):
            raise ValueError(f"{grade_id} is another kind of exercise there")
        if not all(_within(one, cell.points) for one in (part, *part["outcomes"])):
            raise ValueError(f"{grade_id} has points that nobody can have")
    if result["nb"] is not None:
        try:
            nbformat.validate(reads(result["nb"]))
        except (nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"its graded notebook is none: {type(error).__name__}") from None
    return result


def _within(one: Mapping, most: float) -> bool:
    """Are the points from 0 to their maximum, and that at most the exercise's?"""
    return 0 <= one["points"] <= one["max_points"] + TINY and one["max_points"] <= most + TINY


def grader_version() -> str:
    """The version, and a digest of the code that decides scores."""
    return f"{grader.__version__}+{digest_of_grader()[:16]}"


def content_of(work: Work) -> str:
    """What was handed in, as one digest."""
    files = [part for name, data in work.files for part in (name, data)]
    handed_in = (b"absent",) if work.submitted is None else (b"present", work.submitted)
    return digest(*handed_in, *files)


def key_of(work: Work, spec: NotebookSpec | Edition, limits: Mapping, isolation: str) -> str:
    """What the result of grading `work` now depends on, as one digest."""
    files = [part for name, data in work.files for part in (name, data)]
    handed_in = (b"absent",) if work.submitted is None else (b"present", work.submitted)
    rules = json.dumps(
        [work.week, work.notebook, dict(limits), isolation, list(work.notes), work.refused, work.ask], sort_keys=True
    )
    return digest(grader_version(), spec.digest, rules, *handed_in, *files)


@dataclass(frozen=True)
class Kept:
    """A stored result, its notebook not yet read. `ask`: what a person should look at, each with its kind.

    `content`: what it is the result of, as `content_of` has it; empty if nobody wrote that down.
    """

    student: str
    key: str
    data: dict
    place: Path
    ask: tuple[tuple[str, str], ...] = ()
    content: str = ""

    @property
    def result(self) -> NotebookResult:
        """Everything but the notebook."""
        return NotebookResult.from_json({**self.data, "nb": None})

    def whole(self) -> dict:
        """What was saved, the notebook's text included. Raises OSError or ValueError when that is damaged."""
        return {**self.data, "nb": self._text()}

    def notebook(self) -> NotebookNode | None:
        """The graded notebook, or None where nothing was handed in. Raises OSError or ValueError when it is damaged."""
        text = self._text()
        return None if text is None else reads(text)

    def _text(self) -> str | None:
        if self.data["nb"] is None:
            return None
        content = self.place.with_suffix(".ipynb").read_bytes()
        if digest(content) != self.data["nb"]:
            raise ValueError(f"{self.place} belongs to another result")
        return content.decode("utf-8")


def why_again(kept: Kept | None, key: str, work: Work) -> str:
    """Why work of which this result is kept is graded under the new `key`."""
    if kept is None:
        return "not graded yet"
    if kept.key == key:
        return "--force"
    if kept.key.endswith(key):
        return "it could not be graded before"
    if not kept.content:
        return "changed since"
    return "handed in anew" if kept.content != content_of(work) else "tests, limits or grader changed"


class Store:
    """The results of one course folder."""

    def __init__(self, desk_folder: Path):
        self.folder = desk_folder / "results"

    def place(self, week: str, student: str, notebook: str) -> Path:
        return self.folder / week / student / f"{notebook}.json"

    def has(self, week: str, student: str) -> bool:
        """Is there a folder of results?"""
        return (self.folder / week / student).is_dir()

    def load(self, week: str, student: str, notebook: str) -> Kept | None:
        """The stored result, or None when there is none that can be read."""
        place = self.place(week, student, notebook)
        try:
            text = place.read_text(encoding="utf-8")
            content = json.loads(text)
            data = of_its_form(content["result"], text)
            if (data["week"], data["name"]) != (week, notebook):
                return None
            ask = tuple((str(why), str(said)) for why, said in content.get("ask", ()))
            return Kept(student, content["key"], data, place, ask, str(content.get("content", "")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def save(self, student: str, key: str, data: dict, ask: Sequence[tuple[str, str]] = (), content: str = "") -> Kept:
        """Keep `data`, as `NotebookResult.to_json` gives it, what a person is to be asked, the work's `content_of`."""
        place = self.place(data["week"], student, data["name"])
        notebook = data["nb"]
        if notebook is not None:
            write_atomically(place.with_suffix(".ipynb"), notebook)
        data = {**data, "nb": None if notebook is None else digest(notebook)}
        write_atomically(
            place, json.dumps({"key": key, "content": content, "result": data, "ask": ask}, ensure_ascii=False)
        )
        return Kept(student, key, data, place, tuple(ask), content)

    def all(self, week: str, unreadable: list[Path] | None = None) -> Iterator[Kept]:
        """Every stored result of the week, by student and notebook; what is none in its place goes to `unreadable`."""
        for place in sorted((self.folder / week).glob("*/*.json")):
            kept = self.load(week, place.parent.name, place.stem)
            if kept:
                yield kept
            elif unreadable is not None:
                unreadable.append(place)

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

"""The course's facts (`course.toml`) and where its folders are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import tomllib

import grader
from grader.desk.errors import DeskError

FACTS = "course.toml"


@dataclass(frozen=True)
class Notebook:
    """One notebook of a week. Points count towards the mark, bonus on top of it, practice for nothing."""

    name: str
    title: str
    kind: str
    points: float = 0.0
    bonus: float = 0.0
    practice: float = 0.0


@dataclass(frozen=True)
class Week:
    """A folder of notebooks; its name is also the name of nbgrader's assignment."""

    folder: str
    title: str
    deadline: datetime.datetime | None
    notebooks: tuple[Notebook, ...]
    hard_deadline: datetime.datetime | None = None

    def notebook(self, name: str) -> Notebook:
        for notebook in self.notebooks:
            if notebook.name == name:
                return notebook
        raise KeyError(name)


@dataclass(frozen=True)
class Course:
    """A course folder in nbgrader's layout (`root`) and the checkout that holds notebooks and solutions (`repo`)."""

    root: Path
    repo: Path
    facts: dict = field(repr=False)
    weeks: tuple[Week, ...] = field(repr=False)

    @property
    def id(self) -> str:
        return self.facts["course"].get("id", "course")

    @property
    def title(self) -> str:
        return self.facts["course"].get("title", self.id)

    @property
    def slug(self) -> str:
        """`owner/name` of the public repository."""
        return self.facts["course"]["repository"]

    @property
    def branch(self) -> str:
        return self.facts["course"].get("branch", "main")

    @property
    def package(self) -> str:
        """What a notebook's set-up cell gives to pip where the package is missing."""
        return self.facts["course"]["package"]

    @property
    def zone(self) -> ZoneInfo:
        """Where deadlines without an offset of their own are read, and days end."""
        return _zone(self.facts)

    @property
    def db_url(self) -> str | None:
        """The gradebook's address if `course.toml` gives one; nbgrader's own default otherwise."""
        return self.facts.get("gradebook", {}).get("db_url")

    @property
    def desk_folder(self) -> Path:
        """Where the desk keeps its results between two runs."""
        return self.root / ".grader"

    def step(self, name: str, *parts: str) -> Path:
        """A folder of nbgrader's layout: `step("submitted", student, week)`."""
        return self.root.joinpath(name, *parts)

    def week(self, folder: str) -> Week:
        """The week called `folder`; a unique beginning such as `week01` is enough."""
        exact = [week for week in self.weeks if week.folder == folder]
        found = exact or [week for week in self.weeks if week.folder.startswith(folder)]
        if len(found) == 1:
            return found[0]
        names = ", ".join(week.folder for week in self.weeks)
        wrong = "fits several weeks" if found else "is not a week of this course"
        raise DeskError(f"{folder!r} {wrong}.", f"The weeks in {self.repo / FACTS} are: {names}.")

    def chosen(self, folders: Iterable[str]) -> list[Week]:
        """The weeks named, or all of them when none is."""
        return [self.week(folder) for folder in folders] or list(self.weeks)


def load_course(root: Path | str = ".") -> Course:
    """Read the facts of the course whose folder is `root`.

    `root` is either the checkout itself or a folder beside it. In the second case its own `course.toml`, if it has one,
    is laid over the checkout's (deadlines, limits, `[gradebook] db_url`) and may name the checkout:
    `[course] checkout = "../backprop"`; otherwise the checkout is the one this package runs from.
    """
    root = Path(root).expanduser().resolve()
    if not root.is_dir():
        raise DeskError(f"There is no course folder {root}.", "Create it, or name another one with --course DIR.")
    own = _read(root / FACTS) if (root / FACTS).exists() else {}
    repo = root if "weeks" in own else _checkout(root, own)
    facts = own if repo == root else _overlaid(_read(repo / FACTS), own)
    return Course(root=root, repo=repo, facts=facts, weeks=_weeks(facts, repo / FACTS))


def _checkout(root: Path, own: dict) -> Path:
    """The checkout a separate course folder belongs to."""
    named = own.get("course", {}).get("checkout")
    repo = (root / named).resolve() if named else Path(grader.__file__).resolve().parents[1]
    if not (repo / FACTS).exists():
        raise DeskError(
            f"The course folder {root} does not say where the course's notebooks and solutions are: "
            f"no {FACTS} in {repo}.",
            f'Write `[course]` and `checkout = "PATH"` into {root / FACTS}, PATH being the checkout of the course.',
        )
    return repo


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DeskError(f"{path} is not valid TOML: {error}.", "Mend that line and run the command again.") from None


def _overlaid(facts: dict, own: dict) -> dict:
    """`own` laid over `facts`: tables merge, and weeks merge by their folder."""
    merged = dict(facts)
    for key, value in own.items():
        if key == "week":
            merged["weeks"] = [{**week, **value.get(week["folder"], {})} for week in facts.get("weeks", [])]
        elif isinstance(value, dict) and isinstance(facts.get(key), dict):
            merged[key] = {**facts[key], **value}
        else:
            merged[key] = value
    return merged


def _weeks(facts: dict, path: Path) -> tuple[Week, ...]:
    zone = _zone(facts)
    try:
        weeks = tuple(
            Week(
                folder=week["folder"],
                title=week.get("title", week["folder"]),
                deadline=moment(week.get("deadline"), zone, f"deadline of {week['folder']}"),
                hard_deadline=moment(week.get("hard_deadline"), zone, f"hard_deadline of {week['folder']}"),
                notebooks=tuple(Notebook(**_known(notebook)) for notebook in week.get("notebooks", ())),
            )
            for week in facts.get("weeks", ())
        )
        facts["course"]["repository"], facts["course"]["package"]
    except (KeyError, TypeError) as error:
        raise DeskError(f"{path} lacks {error}.", "Compare it with the example in docs/.") from None
    if not weeks:
        raise DeskError(f"{path} lists no week.", "Add a [[weeks]] table with `folder` and [[weeks.notebooks]].")
    return weeks


def _zone(facts: dict) -> ZoneInfo:
    name = facts.get("course", {}).get("time_zone", "UTC")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError):
        raise DeskError(
            f"time_zone = {name!r} in {FACTS} is not the name of a time zone.", 'Such names are "UTC", "Europe/Berlin".'
        ) from None


def moment(value: object, zone: ZoneInfo, what: str) -> datetime.datetime | None:
    """A date and time of `course.toml`; one without an offset is local time in `zone`."""
    if value is None:
        return None
    if not isinstance(value, datetime.datetime):
        raise DeskError(
            f"{what} in {FACTS} is {value!r}, not a date and time.", "Write it as 2026-10-11T23:59:00, without quotes."
        )
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _known(notebook: dict) -> dict:
    """The keys of a notebook's table that are facts of :class:`Notebook`."""
    return {key: value for key, value in notebook.items() if key in Notebook.__dataclass_fields__}

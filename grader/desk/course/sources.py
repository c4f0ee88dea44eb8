"""The two files that say what a class is: which of them says a thing, in which line, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from grader.desk.course.messages import read_file, shown
from grader.desk.course.schema import File, Table
from grader.desk.course.toml_file import Keys, TomlFile

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True)
class Source:
    """One of the files: as text with lines, and as typed values."""

    toml: TomlFile
    says: File

    @classmethod
    def read(cls, path: Path) -> Source:
        """Raises `DeskError` with a line for everything that the file alone has wrong."""
        return cls(*read_file(path))


@dataclass
class Sources:
    """The files that say what a class is, the class's own first, and what is found wrong in them."""

    own: Source | None
    checkout: Source
    wrong: list[str] = field(default_factory=list)

    @property
    def both(self) -> list[Source]:
        return [self.own, self.checkout] if self.own and self.own is not self.checkout else [self.checkout]

    def complain(self, keys: Keys, what: str) -> None:
        """Note that something is wrong with a key, which stands in the class's own file or else in the checkout's."""
        self.wrong.append(f"{self.place(keys)}: {what}")

    def place(self, keys: Keys) -> str:
        toml = next((source.toml for source in self.both if source.toml.has(keys)), self.checkout.toml)
        return toml.place(keys)


def laid_over(checkout: AnyTable, own: AnyTable) -> AnyTable:
    """The checkout's table with what the class's says of its own."""
    return checkout.model_copy(update={key: getattr(own, key) for key in own.model_fields_set})


@dataclass(frozen=True)
class Clock:
    """Dates and times of the files; those without an offset are local time in `zone`, which must then be `given`."""

    sources: Sources
    zone: ZoneInfo
    given: bool

    def read(self, moment: datetime | None, keys: Keys) -> datetime | None:
        if moment is None or moment.tzinfo:
            return moment
        if not self.given:
            self.sources.complain(
                keys,
                f"{keys[-1]} = {shown(moment)} has no offset from UTC, as +02:00 at its end, and there is no "
                "time_zone in [course] to read it in.",
            )
        return moment.replace(tzinfo=self.zone)

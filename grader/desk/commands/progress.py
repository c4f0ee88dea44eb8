"""What a person sees while a class is graded: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from grader.desk.errors import DeskError

if TYPE_CHECKING:
    from grader.desk.grade.run import Graded

LINE_SECONDS = 10


class Meter:
    """Counts what is done and what failed, by kind. Tell it `total` first and `step` for each."""

    def __init__(self, what: str):
        self.what, self.total, self.done = what, 0, 0
        self.kinds: Counter[str] = Counter()
        self.started = time.monotonic()

    def expect(self, total: int) -> None:
        self.total = total

    def step(self, *kinds: str) -> None:
        self.done += 1
        self.kinds.update(kinds)

    @property
    def rate(self) -> float:
        """Done a minute."""
        return 60 * self.done / max(1e-9, time.monotonic() - self.started)

    @property
    def remarks(self) -> str:
        """`2 broken, 1 failed`, or nothing."""
        return ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))

    @property
    def line(self) -> str:
        left = f", about {60 * (self.total - self.done) / self.rate:.0f} s left" if 0 < self.done < self.total else ""
        remarks = f" ({self.remarks})" if self.remarks else ""
        return f"{self.what}: {self.done} of {self.total}, {self.rate:.0f} a minute{left}{remarks}"


class _Bar(Meter):
    def __init__(self, what: str, progress: Progress):
        super().__init__(what)
        self.progress, self.task = progress, progress.add_task(what, total=None, remarks="", rate="")

    def expect(self, total: int) -> None:
        super().expect(total)
        self.progress.update(self.task, total=total)

    def step(self, *kinds: str) -> None:
        super().step(*kinds)
        self.progress.update(self.task, completed=self.done, remarks=self.remarks, rate=f"{self.rate:.0f}/min")


class _Lines(Meter):
    def __init__(self, what: str, console: Console):
        super().__init__(what)
        self.console, self.last = console, time.monotonic()

    def step(self, *kinds: str) -> None:
        super().step(*kinds)
        now = time.monotonic()
        if now - self.last > LINE_SECONDS or self.done == self.total:
            self.console.print(self.line, highlight=False, markup=False)
            self.last = now


@contextmanager
def log_of(path: Path | None) -> Iterator[Callable]:
    """What writes a line to the file at `path` for each submission it is given; nothing without a path.

    Columns, with tabs between them: local time, student, week, status by notebook, points of points, seconds, remark.
    """
    if path is None:
        yield lambda graded: None
        return
    try:
        log = open(path, "a", encoding="utf-8", errors="backslashreplace", buffering=1)  # a line at a time
    except OSError as error:
        raise DeskError(f"The log {path} cannot be written: {error.strerror}.", "Name another file.") from None
    with log:
        yield lambda graded: log.write("\t".join(_columns(graded)) + "\n")


def _columns(graded: Graded) -> list[str]:
    statuses = ", ".join(
        f"{name} {graded.failures.get(name, status)}".strip() for name, status in graded.status.items()
    )
    columns = [
        time.strftime("%Y-%m-%d %H:%M:%S"),
        graded.student,
        graded.week,
        statuses if graded.again else f"{statuses} (unchanged)",
        f"{graded.points:g} of {graded.max_points:g}",
        f"{graded.seconds:.2f} s",
        graded.detail,
    ]
    # What students chose, as the name of a folder, must neither end a line nor start a column.
    return [" ".join(column.split()) if column.isprintable() else ascii(column) for column in columns]


@contextmanager
def meter(console: Console, what: str) -> Iterator[Meter]:
    """A meter that shows itself as the console can."""
    if not console.is_terminal:
        yield _Lines(what, console)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("[yellow]{task.fields[remarks]}"),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bar(what, progress)

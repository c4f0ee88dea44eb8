"""What grading says of a property, taken apart: what it is about, what was seen, the guess, and the line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.judge.authoring.exceptions import scrub

_LIKELY = re.compile(r"(?:^|: |; )likely ")
_STOPPED = re.compile(r"your cell(?: `([^`]{0,100})`| number ([0-9]{1,4}))? stopped: ")
_IN_LINE = re.compile(r" in line ([0-9]{1,6})")
_AT = re.compile(r"\bat `([^`]+)`")
_NAME = re.compile(r"[A-Za-z_][\w.]*+")
_DEFINITION = re.compile(r"([ \t]*+)(?:async )?(def|class) ([A-Za-z_]\w*+)")
EVENTS = ("stopped with", "your cell")  # what happened, where other hints begin with what they are about


@dataclass(frozen=True)
class Said:
    """A hint in its parts. `seen` are facts; `likely` is a guess, and never holds more than that."""

    what: str = ""
    seen: str = ""
    likely: str = ""


def taken_apart(hint: str) -> Said:
    """The parts of a hint, which is `what: seen; likely guess`, or a sentence on what happened."""
    guess = _LIKELY.search(hint)
    head, likely = (hint[: guess.start()], hint[guess.end() :]) if guess else (hint, "")
    what, colon, seen = head.partition(": ")
    about_something = "; " not in what and (colon or guess)
    if head.startswith(EVENTS) or not about_something:
        return Said("", head, likely)
    return Said(what, "" if seen == "wrong" else seen, likely)


@dataclass(frozen=True)
class Source:
    """A code cell of the student's: its number in the notebook and its grade_id, if it is an answer cell."""

    number: int
    grade_id: str
    lines: Sequence[str]


class Lines:
    """Finds the line of the student's code that a hint is about."""

    def __init__(self, sources: Sequence[Source]):
        self.sources = sources
        self._defined = {source.number: dict(definitions(source.lines)) for source in sources}

    def find(self, said: Said, title: str, owner: str) -> tuple[int, int] | None:
        """`(number of the cell, line from 1)`, or None when nothing tells.

        title: the property. owner: the grade_id of the cell that the exercise asks for.
        """
        ours = sorted(self.sources, key=lambda source: source.grade_id != owner)  # its own cell first
        whole = f"{said.what} {said.seen}"
        return (
            self._stopped(whole, ours)
            or self._quoted(whole, ours)
            or next(
                filter(None, (self._named(text, ours) for text in (said.what, title, said.seen, said.likely))), None
            )
            or self._only(owner)
        )

    @staticmethod
    def _stopped(text: str, ours: Sequence[Source]) -> tuple[int, int] | None:
        """Of `your cell stopped: SyntaxError in line 28`."""
        found = _STOPPED.search(text)
        line = _IN_LINE.search(text, found.end()) if found else None
        if not (found and line):
            return None
        grade_id, number = found.groups()
        for source in ours:
            if (str(source.number) == number or not number) and (source.grade_id == grade_id or not grade_id):
                return source.number, min(int(line[1]), len(source.lines))
        return None

    @staticmethod
    def _quoted(text: str, ours: Sequence[Source]) -> tuple[int, int] | None:
        """Of ``in backward, at `return grad_output @ self.weights` ``."""
        for quoted in _AT.findall(text):
            for source in ours:
                for number, line in enumerate(source.lines, start=1):
                    if scrub(" ".join(line.split()))[: len(quoted)] == quoted:
                        return source.number, number
        return None

    def _named(self, text: str, ours: Sequence[Source]) -> tuple[int, int] | None:
        """Of a text that names a function, a method with its class, or a class that these cells define."""
        names = [name.rstrip(".") for name in _NAME.findall(text)]
        words = [word for name in names for word in name.split(".")]
        for source in ours:
            defined = self._defined[source.number]
            methods = [f"{one}.{other}" for one in words for other in words]
            for name in (*names, *(method for method in methods if method in defined), *words):
                if name in defined:
                    return source.number, defined[name]
        return None

    def _only(self, owner: str) -> tuple[int, int] | None:
        """The one thing that the exercise's own cell defines, if it is one."""
        for source in self.sources:
            defined = self._defined[source.number]
            if source.grade_id == owner and len(defined) == 1:
                return source.number, next(iter(defined.values()))
        return None


def definitions(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """`(name, line)` of what a cell defines, methods as `Class.method`; also of code that is no Python."""
    classes: dict[int, str] = {}
    for number, line in enumerate(lines, start=1):
        found = _DEFINITION.match(line)
        if not found:
            continue
        depth, kind, name = len(found[1]), found[2], found[3]
        classes = {at: outer for at, outer in classes.items() if at < depth}
        outer = classes[max(classes)] if classes else ""
        yield (f"{outer}.{name}" if outer else name), number
        if kind == "class":
            classes[depth] = name

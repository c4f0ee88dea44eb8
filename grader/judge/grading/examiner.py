"""Asks the hidden tests of one test cell, one after the other, and writes down what came of each."""

from __future__ import annotations

import marshal
import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from types import TracebackType

import numpy as np

from grader.checks.questions.experiments import Budget
from grader.judge.authoring.topics import topic_of
from grader.judge.authoring.verdicts import Lost, NotDefined, NotWritten, TooSlow, Verdictless
from grader.judge.bounds import bounded
from grader.judge.connection import Connection
from grader.judge.grading.result import Outcome
from grader.judge.hidden import HiddenTest, Rank, Signed, TestFunction
from grader.sandbox.protocol.channel import ChannelError, Frames
from grader.sandbox.protocol.judge_messages import read_done, read_hello

START_SECONDS = 10
POLL_SECONDS = 0.1
UNASKED = (NotWritten.code, NotDefined.code)  # then the words of the first asking are told
OURS = f"{Path(__file__).parents[2]}{os.sep}"


class TestRunner:
    """The judge's end of the socket that the helper in the kernel connects to.

    ``with TestRunner(path) as runner`` listens; ``runner.connection()`` is a ``Connection`` to a fresh copy of the
    student's process. ``runner.alive()`` says whether waiting for it still makes sense. ``experiments``: the time that
    is left for them in this notebook.
    """

    __test__ = False  # pytest: this is no class of tests

    def __init__(self, path: str | Path, experiments: Budget | None = None):
        self.path = Path(path)
        self.alive: Callable[[], bool] = lambda: True
        self.control: Frames | None = None
        self.number = 0
        self.connections: list[Frames] = []
        self.modules: list[tuple[str, str]] = []
        self.experiments = experiments or Budget()

    def __enter__(self) -> TestRunner:
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.path))
        os.chmod(self.path, 0o777)  # the kernel may run under another user id; the folder is private
        self.listener.listen(4)
        return self

    def __exit__(self, *_: object) -> None:
        for frames in [*self.connections, *([self.control] if self.control else [])]:
            frames.close()
        self.listener.close()
        self.path.unlink(missing_ok=True)

    def connection(self) -> Connection:
        """A new copy of the student's process, as a ``Connection``. Raises ``Lost`` when none can be had."""
        try:
            if self.control is None:
                self.control = self._accept("control")
                if self.modules:
                    codes = [_compiled(name, source) for name, source in self.modules]
                    named = [(name, len(code)) for (name, _), code in zip(self.modules, codes, strict=True)]
                    self._order("prepare", codes, modules=named)
            else:
                self._order("dismiss")
                read_done(self.control.receive()[0])
            self.number += 1
            self._order("connect", number=self.number)
            frames = self._accept("connection")
        except ChannelError as error:
            raise Lost("the process with your code had ended or did not answer any more") from error
        self.connections.append(frames)
        return Connection(frames, self.experiments)

    def prepare(self, modules: Sequence[tuple[str, str]]) -> None:
        """Have modules of questions, each with its source, loaded before the first copy is made."""
        self.modules = list(modules)

    def _order(self, order: str, blobs: Sequence[bytes] = (), **fields: object) -> None:
        assert self.control is not None
        self.control.deadline = time.monotonic() + START_SECONDS
        self.control.send({"order": order, **fields}, blobs)

    def _accept(self, role: str) -> Frames:
        """The connection of this role."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            self.listener.settimeout(POLL_SECONDS)
            try:
                connection, _ = self.listener.accept()
            except OSError as error:
                if time.monotonic() < deadline and self.alive():
                    continue
                raise ChannelError("nobody connected") from error
            frames = Frames(connection)
            frames.deadline = deadline
            hello = read_hello(frames.receive()[0])
            if hello["hello"] == role and (role == "control" or hello["number"] == self.number):
                return frames
            frames.close()
            if time.monotonic() > deadline:
                raise ChannelError("nobody of ours connected")


@cache
def _compiled(name: str, source: str) -> bytes:
    """A module of questions, compiled once for all submissions: the sandbox runs the same Python as the judge."""
    return marshal.dumps(compile(source, f"<questions {name}>", "exec"))


def examine(
    runner: TestRunner,
    tests: Sequence[HiddenTest],
    *,
    seed: str,
    seconds: float,
    deadline: float | None = None,
    strict: bool = False,
    earlier: Mapping[str, Sequence[Outcome]] | None = None,
) -> list[Outcome]:
    """Ask every one of the ``tests`` of a test cell and return their outcomes, in order.

    ``seed`` and the test's name decide the challenge. ``seconds`` is the time limit of a test that has
    none of its own; no test starts after ``deadline`` (``time.monotonic``). ``strict`` raises what a test could not
    digest, to find mistakes in the tests themselves. ``earlier`` are the outcomes of the test cells before.
    """
    outcomes: list[Outcome] = []
    connection: Connection | None = None
    runner.prepare(list(dict.fromkeys(module for test in tests for module in test.modules)))
    for test in tests:
        if deadline is not None and time.monotonic() > deadline:
            hint = "the time allowed for the whole notebook was used up before this check"
            outcomes.append(failed(test, hint, TooSlow.code))
            continue
        ask = partial(_ask, test, seed=seed, seconds=test.seconds or seconds, strict=strict)
        try:
            if connection is None or not connection.alive:
                connection = runner.connection()
            outcome = ask(test.function, connection)
            if test.again and not outcome.passed:
                if lends := _failing(test, chain(*(earlier or {}).values(), outcomes)):
                    outcome = _better(outcome, ask(partial(test.again, lends=lends), runner.connection()))
        except Lost as error:
            outcome = failed(test, error.hint, error.code)
        outcomes.append(outcome)
        if not outcome.passed or outcome.remark:
            connection = None  # it may have left half of its work behind: the next test gets a fresh copy
    return outcomes


def _failing(test: HiddenTest, asked: Iterable[Outcome]) -> list[str]:
    """The functions to put in place of the student's own: those that did not pass, so far, all that judges them."""
    passed = {one.name for one in asked if one.passed}
    return [name for name, judges in test.neighbours.items() if not judges or not passed.issuperset(judges)]


def _better(own: Outcome, lent: Outcome) -> Outcome:
    """The outcome with the student's own functions, or that with right ones in place of the earlier ones."""
    if lent.passed:
        return replace(lent, remark="right together with right functions from earlier, not with your own")
    return lent if lent.code not in UNASKED else own


def _ask(
    test: HiddenTest,
    function: TestFunction,
    connection: Connection,
    *,
    seed: str,
    seconds: float,
    strict: bool,
) -> Outcome:
    digest = sha256(f"{seed}/{test.cell}/{test.name}/{test.salt}".encode()).digest()
    # The student's generator is seeded apart: from its state nothing of the judge's can be guessed.
    number, theirs = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:12], "big")
    connection.start(seconds, theirs)
    started = time.monotonic()
    try:
        with bounded(seconds):
            given = function(connection, np.random.default_rng(number))
    except Verdictless as error:
        found = {"place": place_of(error.__traceback__), "mistake": error.mistake, "picture": error.picture}
        return failed(test, error.hint, error.code, started, **found)
    except ImportError:
        raise  # of the test's own: no answer of a student makes the judge import anything
    except Exception as error:
        # The answers are the student's and may be of any type: what a test cannot digest is not a pass.
        if strict:
            raise
        kind = type(error).__name__
        hint = f"what came back is not what the exercise asks for ({kind})"
        return failed(test, hint, f"undigested:{kind}", started)
    rank, rank_text = (float(given.value), given.text) if isinstance(given, Rank) else (None, "")
    seconds = time.monotonic() - started
    signed = given.name if isinstance(given, Signed) else ""
    return Outcome(test.name, test.title, True, test.points, test.points, "", "ok", seconds, rank, rank_text, signed)


def failed(
    test: HiddenTest,
    hint: str,
    code: str,
    started: float | None = None,
    place: str = "",
    mistake: str = "",
    picture: str = "",
) -> Outcome:
    """The outcome of a test that was not passed; ``started`` (``time.monotonic``) if it was asked at all."""
    seconds = time.monotonic() - started if started else 0.0
    topic = topic_of(code, mistake or hint)
    return Outcome(
        *(test.name, test.title, False, 0.0, test.points, hint, code, seconds),
        place=place,
        mistake=mistake,
        topic=topic,
        picture=picture,
    )


def place_of(trace: TracebackType | None) -> str:
    """The calls of the hidden test's own code that led to an error, each as lines below the start of its function."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        if not code.co_filename.startswith(OURS):
            places.append(f"{code.co_name}+{trace.tb_lineno - code.co_firstlineno}")
        trace = trace.tb_next
    return "/".join(places)

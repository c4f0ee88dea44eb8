"""Asks the hidden tests of one test cell, one after the other, and writes down what came of each."""

import os
import socket
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from grader.judge.authoring.verdicts import Lost, TooSlow, Verdictless
from grader.judge.hidden import Rank, Signed
from grader.judge.standin import Connection, Student
from grader.sandbox.protocol.channel import ChannelError, Frames
from grader.sandbox.protocol.judge_messages import read_done, read_hello

START_SECONDS = 10
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Outcome:
    """What came of one hidden test. ``passed`` only after an explicit pass; ``hint`` is empty then.

    ``rank`` and ``rank_text`` are there when the test ranks submissions, the lowest first; ``signed`` is the name that
    the numbers of a personal question were drawn from.
    """

    name: str
    title: str
    passed: bool
    points: float
    max_points: float
    hint: str = ""
    code: str = "ok"
    seconds: float = 0.0
    rank: float | None = None
    rank_text: str = ""
    signed: str = ""

    def to_json(self):
        return dict(vars(self))


class Bench:
    """The judge's end of the socket that the helper in the kernel connects to.

    ``alive()`` says whether waiting for it still makes sense. ``with Bench(path) as bench``
    listens; ``bench.sitting()`` is a ``Connection`` to a fresh copy of the student's process.
    """

    def __init__(self, path, alive=lambda: True):
        self.path = Path(path)
        self.alive = alive
        self.control = None
        self.number = 0
        self.sittings = []

    def __enter__(self):
        self.path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(self.path))
        os.chmod(self.path, 0o777)  # the kernel may run under another user id; the folder is private
        self.listener.listen(4)
        return self

    def __exit__(self, *_):
        for frames in [*self.sittings, *([self.control] if self.control else [])]:
            frames.close()
        self.listener.close()
        self.path.unlink(missing_ok=True)

    def sitting(self):
        """A new copy of the student's process, as a ``Connection``. Raises ``Lost`` when none can be had."""
        try:
            if self.control is None:
                self.control, _ = self._accept("control")
            else:
                self._order("dismiss")
                read_done(self.control.receive()[0])
            self.number += 1
            self._order("connect", number=self.number)
            frames, functions = self._accept("connection")
        except ChannelError as error:
            raise Lost("the process with your code had ended or did not answer any more") from error
        self.sittings.append(frames)
        return Connection(frames, functions)

    def _order(self, order, **fields):
        self.control.deadline = time.monotonic() + START_SECONDS
        self.control.send({"order": order, **fields})

    def _accept(self, role):
        """The connection of this role, and the names of functions that it says it has."""
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
                return frames, hello.get("functions", [])
            frames.close()
            if time.monotonic() > deadline:
                raise ChannelError("nobody of ours connected")


def examine(bench, tests, *, seed, seconds, deadline=None, strict=False):
    """Ask every test in ``tests`` and return their outcomes, in order.

    ``seed`` (a string) and the test's name decide the challenge. ``seconds`` is the time limit of a test that has
    none of its own; no test starts after ``deadline`` (``time.monotonic``). ``strict`` raises what a test could not
    digest, to find mistakes in the tests themselves.
    """
    outcomes, line = [], None
    for test in tests:
        if deadline is not None and time.monotonic() > deadline:
            hint = "the time allowed for the whole notebook was used up before this check"
            outcomes.append(failed(test, hint, TooSlow.code))
            continue
        try:
            if line is None or not line.alive:
                line = bench.sitting()
            outcome = _ask(test, line, seed, test.seconds or seconds, strict)
        except Lost as error:
            outcome = failed(test, error.hint, error.code)
        outcomes.append(outcome)
        if not outcome.passed:
            line = None  # it may have left half of its work behind: the next test gets a fresh copy
    return outcomes


def _ask(test, line, seed, seconds, strict):
    digest = sha256(f"{seed}/{test.cell}/{test.name}/{test.salt}".encode()).digest()
    # The student's generator is seeded apart: from its state nothing of the judge's can be guessed.
    number, theirs = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:12], "big")
    line.start(seconds, theirs)
    started = time.monotonic()
    try:
        given = test.function(Student(line), np.random.default_rng(number))
    except Verdictless as error:
        return failed(test, error.hint, error.code, started)
    except Exception as error:
        # The answers are the student's and may be of any type: what a test cannot digest is not a pass.
        if strict:
            raise
        kind = type(error).__name__
        hint = f"what came back is not what the exercise asks for ({kind})"
        return failed(test, hint, f"undigested:{kind}", started)
    rank = (float(given.value), given.text) if isinstance(given, Rank) else (None, "")
    seconds = time.monotonic() - started
    signed = given.name if isinstance(given, Signed) else ""
    return Outcome(test.name, test.title, True, test.points, test.points, "", "ok", seconds, *rank, signed)


def failed(test, hint, code, started=None):
    seconds = time.monotonic() - started if started else 0.0
    return Outcome(test.name, test.title, False, 0.0, test.points, hint, code, seconds)

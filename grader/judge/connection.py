"""Questions, one after the other, over a connection to a copy of the student's process.

A question and its case go in; numbers, arrays, strings, lists, tuples and dicts come back, and an ``Opaque`` for what
is none of these. Functions in a case, and those that are lent, stay here: when they are called in the sandbox they are
answered from this process.
"""

import itertools
import time
from collections.abc import Callable
from typing import Any

from grader.checks.questions.experiments import Budget
from grader.checks.questions.plain import Opaque, opaque
from grader.judge.authoring.exceptions import student_error
from grader.judge.authoring.verdicts import Lost, TooSlow
from grader.sandbox.protocol.channel import Closed, Frames, Late, Malformed, TooLarge
from grader.sandbox.protocol.judge_messages import Answer, Ask, Callback, read_object, read_reply
from grader.sandbox.protocol.values import Decoder, Encoder, FunctionNode

MAX_CALLS = 100_000


class Connection:
    """Questions and answers over one connection, with one deadline for all that a test asks.

    Errors: ``StudentError`` and its kinds when student code raised; ``TooSlow``; ``Lost`` when the other side is gone
    or does not follow the protocol. After the last two the connection is dead and must not be used again.
    """

    def __init__(self, frames: Frames, experiments: Budget | None = None) -> None:
        self.frames = frames
        self.experiments = experiments or Budget()  # the time that is left for them in this notebook
        self.alive = True
        self.seed: int | None = None
        self._functions: dict[int, Callable[..., Any]] = {}
        self._counter = itertools.count(1)
        self._calls = 0

    def start(self, seconds: float, seed: int | None = None) -> None:
        """Give the questions from here on ``seconds`` in all. Functions handed out before can no longer be called.

        ``seed``: for ``random`` and ``numpy.random`` in the sandbox, before each of these questions.
        """
        self.seed = seed
        self._functions.clear()
        self._calls = 0
        self.frames.deadline = time.monotonic() + seconds

    def ask(self, module: str, name: str, case: dict[str, Any], lent: dict[str, Callable[..., Any]]) -> Any:
        """The answer of one of the public questions, as plain data."""
        if not self.alive:
            raise Lost("the process with your code had already ended")
        encoder = Encoder(self._refer)
        question: Ask = {
            "module": module,
            "name": name,
            "case": encoder.encode(case),
            "lent": {of: encoder.encode(function) for of, function in lent.items()},
            "seed": self.seed,
        }
        try:
            self.frames.send(question, encoder.blobs)
            return self._answer()
        except Late as error:
            self.alive = False
            raise TooSlow("took longer than one check may take: is there a loop that never ends?") from error
        except Closed as error:
            self.alive = False
            raise Lost("the process ended while your code was running (out of memory, or told to exit)") from error
        except TooLarge as error:
            self.alive = False
            raise Lost(f"the value is too large to be judged: {error}") from error
        except Malformed as error:
            self.alive = False
            raise Lost("no proper answer came back from the process with your code") from error

    # What comes out of the sandbox. It is checked here, and trusted from here on to be what it is declared to be.

    def _answer(self) -> Any:
        while True:
            message, binary = self.frames.receive()
            reply = read_reply(message)
            if "callback" in reply:
                self._call_back(reply, binary)
            elif "error" in reply:
                raise student_error(reply["error"])
            else:
                return Decoder(binary, _opaque).decode(reply["ok"])

    def _call_back(self, call: Callback, binary: bytes) -> None:
        """The student's code calls one of the judge's functions."""
        function = self._functions.get(call["callback"])
        if function is None:
            raise Malformed("a call of no function of ours")
        self._calls += 1
        if self._calls > MAX_CALLS:
            raise Late("too many calls")
        decoder = Decoder(binary, _opaque)
        args = [decoder.decode(node) for node in call["args"]]
        kwargs = {name: decoder.decode(node) for name, node in call["kwargs"]}
        encoder = Encoder(self._refer)
        try:
            answer: Answer = {"ok": encoder.encode(function(*args, **kwargs))}
            blobs = encoder.blobs
        except Exception as error:  # the arguments are the student's: what fails on them is told to the caller
            answer, blobs = {"error": f"this function cannot take these arguments ({type(error).__name__})"}, []
        self.frames.send(answer, blobs)

    def _refer(self, value: Any) -> FunctionNode:
        if not callable(value):
            raise TypeError(f"a {type(value).__name__} cannot be sent to student code: plain data, or functions")
        number = next(self._counter)
        self._functions[number] = value
        return {"t": "k", "v": number}


def _opaque(node: dict[str, Any]) -> Opaque:
    return opaque(read_object(node)["c"][:80])

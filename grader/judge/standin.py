"""Stand-ins: objects in the judge that speak for objects in the sandbox.

``Student`` is the student's namespace; ``Standin`` any object in it that is not plain data. Attributes, calls, items
and iteration cross as questions; numbers, arrays, strings, lists, tuples and dicts come back as plain values. The
sandbox tells which names are functions: such a name is looked up when it is called, in one question with the call.
"""

import inspect
import itertools
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from grader.checks.questions.experiments import Budget
from grader.checks.questions.plain import Opaque, opaque
from grader.judge.authoring.exceptions import student_error
from grader.judge.authoring.verdicts import Lost, NotDefined, TooSlow
from grader.sandbox.protocol.channel import ChannelError, Closed, Frames, Late, Malformed, TooLarge
from grader.sandbox.protocol.judge_messages import (
    Answer,
    Ask,
    AskQuestion,
    Callback,
    Define,
    Keep,
    Operation,
    Question,
    read_object,
    read_reply,
)
from grader.sandbox.protocol.values import Decoder, Encoder, HandleNode, NameNode, Reference

DRAIN_LIMIT = 10_000
MAX_QUESTIONS = 100_000
MAX_CALLBACK_DEPTH = 50

Prop = TypeVar("Prop", bound=type | Callable[..., Any])


class Connection:
    """Questions and answers over one connection, with one deadline for a whole hidden test.

    Errors: ``StudentError`` and its kinds when student code raised; ``TooSlow``; ``Lost`` when the other side is gone
    or does not follow the protocol. After the last two the connection is dead and must not be used again.
    """

    def __init__(self, frames: Frames, functions: Iterable[str] = (), experiments: Budget | None = None) -> None:
        self.frames = frames
        self.experiments = experiments or Budget()  # the time that is left for them in this notebook
        self.functions = set(functions)  # names of the student's that need not be looked up before they are called
        self.alive = True
        self.callbacks: dict[int, Callable[..., Any]] = {}
        self.props: dict[str, Any] = {}
        self.counter = itertools.count(1)
        self.questions = 0
        self.depth = 0
        self._seed: int | None = None  # travels with the next question

    def start(self, seconds: float, seed: int | None = None) -> None:
        """Give the questions from here on ``seconds`` in all. Functions handed out before can no longer be called.

        ``seed``: for ``random`` and ``numpy.random`` in the sandbox, before the first of these questions.
        """
        self.seed = self._seed = seed
        self.callbacks.clear()
        self.frames.deadline = time.monotonic() + seconds
        self.questions = 0

    def ask(self, do: Operation, of: "Standin | None" = None, **fields: Any) -> Any:
        """What comes of the operation. ``fields``: those of the message ``Ask``, values as they are."""
        encoder = Encoder(self._refer)
        question: Ask = {"op": "ask", "do": do}
        if of is not None:
            question["of"] = encoder.encode(of)
        if "v" in fields:
            question["v"] = encoder.encode(fields.pop("v"))
        if "key" in fields:
            question["key"] = encoder.encode(fields.pop("key"))
        if "args" in fields:
            question["args"] = [encoder.encode(value) for value in fields.pop("args")]
            question["kwargs"] = {key: encoder.encode(value) for key, value in fields.pop("kwargs").items()}
        question.update(cast(Ask, fields))
        return self._exchange(question, encoder.blobs)

    def keep(self, value: Any) -> "Standin":
        encoder = Encoder(self._refer)
        question: Keep = {"op": "keep", "v": encoder.encode(value)}
        return cast(Standin, self._exchange(question, encoder.blobs))

    def define(self, source: str, name: str) -> "Standin":
        """A public prop. Every test asked over this connection gets the same one."""
        if source not in self.props:
            question: Define = {"op": "define", "source": source, "name": name}
            self.props[source] = self._exchange(question, ())
        return cast(Standin, self.props[source])

    def ask_question(self, module: str, name: str, case: dict[str, Any], lent: dict[str, Callable[..., Any]]) -> Any:
        """The answer of one of the public questions, as plain data; what is none is an ``Opaque``."""
        encoder = Encoder(self._refer)
        question: AskQuestion = {
            "op": "question",
            "module": module,
            "name": name,
            "case": encoder.encode(case),
            "lent": {of: encoder.encode(function) for of, function in lent.items()},
        }
        return self._exchange(question, encoder.blobs)

    def _exchange(self, question: Question, blobs: Sequence[bytes]) -> Any:
        if not self.alive:
            raise Lost("the process with your code had already ended")
        self.questions += 1
        if self.questions > MAX_QUESTIONS:
            self.alive = False
            raise TooSlow("your code was asked far more often than a right solution needs")
        if self._seed is not None:
            question["seed"], self._seed = self._seed, None
        try:
            self.frames.send(question, blobs)
            return self._result(question)
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

    def _result(self, question: Question) -> Any:
        while True:
            message, binary = self.frames.receive()
            reply = read_reply(message)
            if "callback" in reply:
                self._call_back(reply, binary)
            elif "error" in reply:
                raise student_error(reply["error"])
            else:
                resolve = _opaque if question["op"] == "question" else self._resolve
                value = Decoder(binary, resolve).decode(reply["ok"])
                if not _answers(question, value):
                    raise Malformed("no answer to this question")
                return value

    def _call_back(self, call: Callback, binary: bytes) -> None:
        """The student's code calls one of the judge's functions."""
        function = self.callbacks.get(call["callback"])
        if function is None or self.depth >= MAX_CALLBACK_DEPTH:
            raise Malformed("a call of no function of ours")
        self.questions += 1
        if self.questions > MAX_QUESTIONS:
            raise Late("too many calls")
        decoder = Decoder(binary, self._resolve)
        args = [decoder.decode(node) for node in call["args"]]
        kwargs = {name: decoder.decode(node) for name, node in call["kwargs"]}
        self.depth += 1
        try:
            encoder = Encoder(self._refer)
            answer: Answer = {"ok": encoder.encode(function(*args, **kwargs))}
            blobs = encoder.blobs
        except (ChannelError, TooSlow, Lost):
            raise
        except Exception as error:  # the arguments are the student's: what fails on them is told to the caller
            answer, blobs = {"error": f"this function cannot take these arguments ({type(error).__name__})"}, []
        finally:
            self.depth -= 1
        self.frames.send(answer, blobs)

    def _resolve(self, node: dict[str, Any]) -> "Standin":
        found = read_object(node)
        return Standin(self, found["h"], found["c"][:80], frozenset(found["m"]))

    def _refer(self, value: Any) -> Reference:
        if isinstance(value, Standin):
            reference: Reference = object.__getattribute__(value, "_reference")()
            return reference
        if callable(value):
            number = next(self.counter)
            self.callbacks[number] = value
            return {"t": "k", "v": number}
        raise TypeError(f"a {type(value).__name__} cannot be sent to student code: plain data, stand-ins or functions")


def _opaque(node: dict[str, Any]) -> Opaque:
    return opaque(read_object(node)["c"][:80])


def _answers(question: Question, value: Any) -> bool:
    """Whether a value is of the kind that an honest answer to the question has."""
    if question["op"] == "question":
        return True  # whether it has the form that is asked for, its test says
    if question["op"] != "ask" or "keep" in question:
        return isinstance(value, Standin)
    if question["do"] in ("set", "set_item", "bind", "unbind"):
        return value is None
    if question["do"] == "length":
        return type(value) is int and 0 <= value < 2**31
    if question["do"] == "repeat":
        return isinstance(value, list) and len(value) == question["times"]
    if question["do"] == "drain":
        drained = isinstance(value, dict) and value.keys() == {"items", "more"} and type(value["more"]) is bool
        return drained and isinstance(value["items"], list) and len(value["items"]) <= question["limit"]
    return True


class Standin:
    """Speaks for one object in the sandbox. Two stand-ins are equal when they speak for the same object."""

    __slots__ = ("_connection", "_kind", "_methods", "_number")
    _connection: Connection
    _kind: str
    _methods: frozenset[str]
    _number: int | None

    def __init__(
        self, connection: Connection, number: int | None, kind: str, methods: frozenset[str] = frozenset()
    ) -> None:
        object.__setattr__(self, "_connection", connection)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_methods", methods)

    @property
    def _handle(self) -> int:
        """The number by which the sandbox knows the object."""
        return cast(int, self._number)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            # numpy and copy look for protocols such as __array__: a stand-in has none, and no student is asked.
            raise AttributeError(name)
        if name in self._methods:
            return _Function(self._connection, self, name)
        return self._connection.ask("get", self, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._connection.ask("set", self, name=name, v=value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._connection.ask("call", self, args=args, kwargs=kwargs)

    def __getitem__(self, key: Any) -> Any:
        return self._connection.ask("item", self, key=key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._connection.ask("set_item", self, key=key, v=value)

    def __len__(self) -> int:
        return cast(int, self._connection.ask("length", self))

    def __iter__(self) -> Iterator[Any]:
        return iter(drain(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Standin) and self._connection is other._connection and self._handle == other._handle

    def __hash__(self) -> int:
        return hash((id(self._connection), self._handle))

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<{self._kind} in the sandbox>"

    def value(self) -> Any:
        """The object by value, as it is now: an array that was put, read back."""
        return self._connection.ask("value", self)

    def _reference(self) -> HandleNode | NameNode:
        return {"t": "r", "h": self._handle}


class _Function(Standin):
    """A function of the student's by its name, looked up whenever it is used. Only to be compared it needs a handle."""

    __slots__ = ("_name", "_of")
    _name: str
    _of: Standin | None

    def __init__(self, connection: Connection, of: Standin | None, name: str) -> None:
        super().__init__(connection, None, "function")
        object.__setattr__(self, "_of", of)
        object.__setattr__(self, "_name", name)

    @property
    def _handle(self) -> int:
        if self._number is None:
            found = self._connection.ask("get", self._of, name=self._name)
            if not isinstance(found, Standin):
                raise Lost("no proper function came back")
            object.__setattr__(self, "_number", found._handle)
        return super()._handle

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._connection.ask("call", self._of, name=self._name, args=args, kwargs=kwargs)

    def _reference(self) -> HandleNode | NameNode:
        return {"t": "m", "v": self._name, "of": None if self._of is None else self._of._reference()}


def drain(standin: Standin, limit: int = DRAIN_LIMIT) -> list[Any]:
    """The items of an iterable that lives in the sandbox. More than ``limit`` items is ``TooSlow``."""
    result = standin._connection.ask("drain", standin, limit=limit)
    if result["more"]:
        raise TooSlow(f"gave more than {limit} items: does it ever end?")
    items: list[Any] = result["items"]
    return items


def repeat(standin: Standin, times: int, *args: Any) -> list[Any]:
    """What ``standin(*args)`` gives, ``times`` times, in one question. The arguments are new each time."""
    results: list[Any] = standin._connection.ask("repeat", standin, args=args, kwargs={}, times=int(times))
    return results


def kept(standin: Standin, *args: Any) -> Standin:
    """The stand-in of what ``standin(*args)`` gives, be it a value: what is only to be passed on need not cross."""
    return cast(Standin, standin._connection.ask("call", standin, args=args, kwargs={}, keep=True))


class Student:
    """The student's namespace as it stands at the test cell. ``student.Dense`` reads the name ``Dense``.

    Errors: ``NotDefined`` for a name that is not there.
    """

    _connection: Connection

    def __init__(self, connection: Connection) -> None:
        object.__setattr__(self, "_connection", connection)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in self._connection.functions:
            return _Function(self._connection, None, name)
        return self._connection.ask("get", name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("use replacing(...) to put something in place of a student's name")

    def has(self, name: str) -> bool:
        """Is the name defined?"""
        try:
            getattr(self, name)
        except NotDefined:
            return False
        return True

    def put(self, value: Any) -> Standin:
        """Place a value (an array, a list) in the sandbox and get its stand-in; ``.value()`` reads it back."""
        return self._connection.keep(value)

    def prop(self, cls: Any) -> Standin:
        """Define a public class or function marked with ``@prop`` in the sandbox and get its stand-in."""
        return self._connection.define(*cls.__prop_source__)

    @contextmanager
    def replacing(self, **names: Any) -> "Iterator[Student]":
        """Put values, stand-ins or functions of the judge in place of names of the student's, and back again."""
        self._connection.functions.difference_update(names)  # what is put there may be anything
        self._connection.ask("bind", v=dict(names))
        try:
            yield self
        finally:
            if self._connection.alive:
                self._connection.ask("unbind")


def prop(cls: Prop) -> Prop:
    """Mark a class or function as public: its source, and nothing else, may be sent into the sandbox.

    It may use numpy as ``np``. It must not contain what an exercise asks for.
    """
    source = textwrap.dedent(inspect.getsource(cls))
    lines = source.splitlines(keepends=True)
    while lines and lines[0].lstrip().startswith("@"):
        lines.pop(0)
    cls.__prop_source__ = ("".join(lines), cls.__name__)  # type: ignore[union-attr]
    return cls

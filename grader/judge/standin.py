"""Stand-ins: objects in the judge that speak for objects in the sandbox.

``Student`` is the student's namespace; ``Standin`` any object in it that is not plain data. Attributes, calls, items
and iteration cross as questions; numbers, arrays, strings, lists, tuples and dicts come back as plain values. The
sandbox tells which names are functions: such a name is looked up when it is called, in one question with the call.
"""

import inspect
import itertools
import textwrap
import time
from contextlib import contextmanager

from grader.judge.authoring.exceptions import student_error
from grader.judge.authoring.verdicts import Lost, NotDefined, TooSlow
from grader.sandbox.protocol.channel import ChannelError, Closed, Decoder, Encoder, Late, Malformed, TooLarge

DRAIN_LIMIT = 10_000
MAX_QUESTIONS = 100_000
MAX_CALLBACK_DEPTH = 50


class Line:
    """Questions and answers over one connection, with one deadline for a whole hidden test.

    Errors: ``StudentError`` and its kinds when student code raised; ``TooSlow``; ``Lost`` when the other side is gone
    or does not follow the protocol. After the last two the line is dead and must not be used again.
    """

    def __init__(self, frames, functions=()):
        self.frames = frames
        self.functions = set(functions)  # names of the student's that need not be looked up before they are called
        self.alive = True
        self.callbacks = {}
        self.props = {}
        self.counter = itertools.count(1)
        self.questions = 0
        self.depth = 0
        self._seed = None  # travels with the next question

    def start(self, seconds, seed=None):
        """Give the questions from here on ``seconds`` in all. Functions handed out before can no longer be called.

        ``seed``: for ``random`` and ``numpy.random`` in the sandbox, before the first of these questions.
        """
        self._seed = seed
        self.callbacks.clear()
        self.frames.deadline = time.monotonic() + seconds
        self.questions = 0

    def ask(self, do, of=None, **fields):
        encoder = Encoder(self._refer)
        message = {"op": "ask", "do": do}
        if of is not None:
            message["of"] = encoder.encode(of)
        for name in ("v", "key"):
            if name in fields:
                message[name] = encoder.encode(fields.pop(name))
        if "args" in fields:
            message["args"] = [encoder.encode(value) for value in fields.pop("args")]
            message["kwargs"] = {key: encoder.encode(value) for key, value in fields.pop("kwargs").items()}
        return self._exchange({**message, **fields}, encoder.blobs)

    def keep(self, value):
        encoder = Encoder(self._refer)
        return self._exchange({"op": "keep", "v": encoder.encode(value)}, encoder.blobs)

    def define(self, source, name):
        """A public prop. Every test asked over this line gets the same one."""
        if source not in self.props:
            self.props[source] = self._exchange({"op": "define", "source": source, "name": name}, ())
        return self.props[source]

    def _exchange(self, message, blobs):
        if not self.alive:
            raise Lost("the process with your code had already ended")
        self.questions += 1
        if self.questions > MAX_QUESTIONS:
            self.alive = False
            raise TooSlow("your code was asked far more often than a right solution needs")
        if self._seed is not None:
            message, self._seed = {**message, "seed": self._seed}, None
        try:
            self.frames.send(message, blobs)
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

    def _answer(self):
        while True:
            reply, binary = self.frames.receive()
            if "callback" in reply:
                self._call_back(reply, binary)
            elif "ok" in reply:
                return Decoder(binary, self._resolve).decode(reply["ok"])
            elif isinstance(reply.get("error"), dict):
                raise student_error(reply["error"])
            else:
                raise Malformed("neither a value nor an error")

    def _call_back(self, reply, binary):
        """The student's code calls one of the judge's functions."""
        function = self.callbacks.get(_hashable(reply["callback"]))
        if function is None or self.depth >= MAX_CALLBACK_DEPTH:
            raise Malformed("a call of no function of ours")
        self.questions += 1
        if self.questions > MAX_QUESTIONS:
            raise Late("too many calls")
        decoder = Decoder(binary, self._resolve)
        args = [decoder.decode(node) for node in _as_list(reply.get("args"))]
        kwargs = {}
        for pair in _as_list(reply.get("kwargs")):
            name, node = _as_list(pair)[:2] if len(_as_list(pair)) == 2 else (None, None)
            if not isinstance(name, str):
                raise Malformed("a keyword that is not a name")
            kwargs[name] = decoder.decode(node)
        self.depth += 1
        try:
            value = function(*args, **kwargs)
            encoder = Encoder(self._refer)
            answer, blobs = {"ok": encoder.encode(value)}, encoder.blobs
        except (ChannelError, TooSlow, Lost):
            raise
        except Exception as error:  # the arguments are the student's: what fails on them is told to the caller
            answer, blobs = {"error": f"this function cannot take these arguments ({type(error).__name__})"}, ()
        finally:
            self.depth -= 1
        self.frames.send(answer, blobs)

    def _refer(self, value):
        if isinstance(value, Standin):
            return object.__getattribute__(value, "_reference")()
        if callable(value):
            number = next(self.counter)
            self.callbacks[number] = value
            return {"t": "k", "v": number}
        raise TypeError(f"a {type(value).__name__} cannot be sent to student code: plain data, stand-ins or functions")

    def _resolve(self, node):
        handle, kind = node.get("h"), node.get("c")
        if node.get("t") != "r" or type(handle) is not int or not isinstance(kind, str):
            raise Malformed("an unknown value")
        return Standin(self, handle, kind[:80], names_in(node.get("m")))


def names_in(value):
    """What the sandbox sent as a list of names, as far as it is one."""
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()


def _hashable(value):
    return value if isinstance(value, int) else None


def _as_list(value):
    if not isinstance(value, list):
        raise Malformed("a list was expected")
    return value


class Standin:
    """Speaks for one object in the sandbox. Two stand-ins are equal when they speak for the same object."""

    __slots__ = ("_handle", "_kind", "_line", "_methods")

    def __init__(self, line, handle, kind, methods=frozenset()):
        object.__setattr__(self, "_line", line)
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_methods", methods)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            # numpy and copy look for protocols such as __array__: a stand-in has none, and no student is asked.
            raise AttributeError(name)
        if name in self._methods:
            return _Function(self._line, self, name)
        return self._line.ask("get", self, name=name)

    def __setattr__(self, name, value):
        self._line.ask("set", self, name=name, v=value)

    def __call__(self, *args, **kwargs):
        return self._line.ask("call", self, args=args, kwargs=kwargs)

    def __getitem__(self, key):
        return self._line.ask("item", self, key=key)

    def __setitem__(self, key, value):
        self._line.ask("set_item", self, key=key, v=value)

    def __len__(self):
        length = self._line.ask("length", self)
        if type(length) is not int or not 0 <= length < 2**31:
            raise Lost("no proper length came back")
        return length

    def __iter__(self):
        return iter(drain(self))

    def __eq__(self, other):
        return isinstance(other, Standin) and self._line is other._line and self._handle == other._handle

    def __hash__(self):
        return hash((id(self._line), self._handle))

    def __bool__(self):
        return True

    def __repr__(self):
        return f"<{self._kind} in the sandbox>"

    def value(self):
        """The object by value, as it is now: an array that was put, read back."""
        return self._line.ask("value", self)

    def _reference(self):
        return {"t": "r", "h": object.__getattribute__(self, "_handle")}


class _Function(Standin):
    """A function of the student's by its name, looked up whenever it is used. Only to be compared it needs a handle."""

    __slots__ = ("_name", "_of", "_own_handle")

    def __init__(self, line, of, name):
        slots = {"_line": line, "_kind": "function", "_methods": (), "_of": of, "_name": name, "_own_handle": None}
        for slot, value in slots.items():
            object.__setattr__(self, slot, value)

    @property
    def _handle(self):
        if self._own_handle is None:
            found = self._line.ask("get", self._of, name=self._name)
            if not isinstance(found, Standin):
                raise Lost("no proper function came back")
            object.__setattr__(self, "_own_handle", found._handle)
        return self._own_handle

    def __call__(self, *args, **kwargs):
        return self._line.ask("call", self._of, name=self._name, args=args, kwargs=kwargs)

    def _reference(self):
        return {"t": "m", "v": self._name, "of": self._of and object.__getattribute__(self._of, "_reference")()}


def drain(standin, limit=DRAIN_LIMIT):
    """The items of an iterable that lives in the sandbox. More than ``limit`` items is ``TooSlow``."""
    result = object.__getattribute__(standin, "_line").ask("drain", standin, limit=limit)
    if not (isinstance(result, dict) and isinstance(result.get("items"), list) and len(result["items"]) <= limit):
        raise Lost("no proper items came back")
    if result.get("more"):
        raise TooSlow(f"gave more than {limit} items: does it ever end?")
    return result["items"]


def repeat(standin, times, *args):
    """What ``standin(*args)`` gives, ``times`` times, in one question. The arguments are new each time."""
    results = object.__getattribute__(standin, "_line").ask("repeat", standin, args=args, kwargs={}, times=int(times))
    if not (isinstance(results, list) and len(results) == times):
        raise Lost("no proper results came back")
    return results


def kept(standin, *args):
    """The stand-in of what ``standin(*args)`` gives, be it a value: what is only to be passed on need not cross."""
    return object.__getattribute__(standin, "_line").ask("call", standin, args=args, kwargs={}, keep=True)


class Student:
    """The student's namespace as it stands at the test cell. ``student.Dense`` reads the name ``Dense``.

    Errors: ``NotDefined`` for a name that is not there.
    """

    def __init__(self, line):
        object.__setattr__(self, "_line", line)

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if name in self._line.functions:
            return _Function(self._line, None, name)
        return self._line.ask("get", name=name)

    def __setattr__(self, name, value):
        raise AttributeError("use replacing(...) to put something in place of a student's name")

    def has(self, name):
        """Is the name defined?"""
        try:
            getattr(self, name)
        except NotDefined:
            return False
        return True

    def put(self, value):
        """Place a value (an array, a list) in the sandbox and get its stand-in; ``.value()`` reads it back."""
        return self._line.keep(value)

    def prop(self, cls):
        """Define a public class or function marked with ``@prop`` in the sandbox and get its stand-in."""
        return self._line.define(*cls.__prop_source__)

    @contextmanager
    def replacing(self, **names):
        """Put values, stand-ins or functions of the judge in place of names of the student's, and back again."""
        self._line.functions.difference_update(names)  # what is put there may be anything
        self._line.ask("bind", v=dict(names))
        try:
            yield self
        finally:
            if self._line.alive:
                self._line.ask("unbind")


def prop(cls):
    """Mark a class or function as public: its source, and nothing else, may be sent into the sandbox.

    It may use numpy as ``np``. It must not contain what an exercise asks for.
    """
    source = textwrap.dedent(inspect.getsource(cls))
    lines = source.splitlines(keepends=True)
    while lines and lines[0].lstrip().startswith("@"):
        lines.pop(0)
    cls.__prop_source__ = ("".join(lines), cls.__name__)
    return cls

"""The helper that answers the judge's questions from inside the process that holds the student's namespace.

``attend(path, namespace)`` connects to the judge's socket and obeys it: for every *connection* that is wanted it forks,
and the child answers questions about a copy of the namespace until the judge hangs up. So a question can neither change
what later cells see nor, by crashing or never coming back, end the notebook: the judge asks the parent to kill the
child and to fork another one.

Everything here runs beside student code and may be patched by it. That is no danger: the judge compares numbers in
its own process, so a tampered helper can only fail to produce the right ones.

Standard library and numpy only; knows nothing of courses, tests or expected values.
"""

from __future__ import annotations

import gc
import itertools
import linecache
import os
import random
import signal
import socket
import sys
import traceback
import types
import warnings
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from grader.sandbox.protocol.channel import ChannelError, Closed, Frames
from grader.sandbox.protocol.values import Decoder, Encoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.sandbox.protocol.judge_messages import Ask, Callback, Done, ErrorReport, Hello, Order, Question
    from grader.sandbox.protocol.values import Node, ObjectNode

MAX_TRACE = 8
MAX_TEXT = 500
MAX_NAMES = 1000  # of functions that a message tells of
STUDENT_CODE = ("<ipython-input", "ipykernel_", "<student", "<string>")


def attend(path: str, namespace: dict[str, Any]) -> None:
    """Serve the judge listening at ``path`` until it hangs up.

    ``namespace`` is the dict of the student's global names.
    """
    control = _connect(path)
    hello: Hello = {"hello": "control", "pid": os.getpid()}
    control.send(hello)
    children: set[int] = set()
    try:
        while True:
            message, _ = control.receive()
            order = cast("Order", message)
            if order["order"] == "prepare":
                prepare(order["modules"])
            elif order["order"] == "connect":
                children.add(_fork_responder(path, namespace, control, order["number"]))
            else:
                _reap(children)
                done: Done = {"done": True}
                control.send(done)
    except ChannelError:
        pass
    finally:
        _reap(children)
        control.close()


_prepared: dict[str, types.ModuleType] = {}
_sources: dict[str, str] = {}


def prepare(modules: Iterable[tuple[str, str]]) -> None:
    """Compile modules of questions as the judge has them, never from files beside the notebook; each only once."""
    if all(_sources.get(name) == source for name, source in modules):
        return
    packages = {name.rpartition(".")[0] for name, _ in modules}
    before = dict(sys.modules)
    try:
        for name in packages:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = []
        for name, source in modules:
            module = sys.modules[name] = types.ModuleType(name)
            module.__package__ = name.rpartition(".")[0]
            exec(compile(source, f"<questions {name}>", "exec"), module.__dict__)
            _prepared[name], _sources[name] = module, source
    except Exception:  # what the notebook did to Python: every question will find that its module is missing
        pass
    finally:
        for name in (*packages, *(name for name, _ in modules)):
            sys.modules.pop(name, None)
            if name in before:
                sys.modules[name] = before[name]


def _connect(path: str) -> Frames:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    return Frames(connection)


def _fork_responder(path: str, namespace: dict[str, Any], control: Frames, number: int) -> int:
    # What both can do is done before the fork: a page of memory that only the parent writes to need not be copied.
    functions = functions_in(namespace)
    with (
        open(os.devnull, "w", encoding="utf-8", errors="replace") as nowhere,
        open(os.devnull, encoding="utf-8") as nothing,
        warnings.catch_warnings(),
    ):
        # The kernel has threads for its sockets; the child never touches them and leaves by os._exit.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
        if pid:
            return pid
        try:
            control.socket.close()
            # Cut off from the kernel's streams, so that it can neither confuse nor block on them.
            sys.stdout = sys.stderr = nowhere
            sys.stdin = nothing
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            warnings.simplefilter("ignore")
            gc.freeze()
            connection = _connect(path)
            hello: Hello = {"hello": "connection", "number": number, "functions": functions}
            connection.send(hello)
            Responder(connection, namespace).answer_all()
        except BaseException:  # the judge sees the connection end; nobody else is there to tell
            pass
        finally:
            os._exit(0)


def _reap(children: set[int]) -> None:
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except OSError:
            pass  # already gone
    children.clear()


class Responder:
    """Answers the questions of one connection. Objects that are not plain data are kept here and named by a handle."""

    def __init__(self, connection: Frames, namespace: dict[str, Any]) -> None:
        self.connection = connection
        self.namespace = namespace
        self.objects: dict[int, Any] = {}
        self.handles: dict[int, int] = {}
        self.methods: dict[type, list[str]] = {}
        self.counter = itertools.count(1)
        self.shadowed: list[dict[str, Any]] = []

    def answer_all(self) -> None:
        while True:
            try:
                question, binary = self.connection.receive()
                self.answer(cast("Question", question), binary)
            except (ChannelError, _Hangup):
                return

    def answer(self, question: Question, binary: bytes) -> None:
        try:
            value, as_reference = self._do(question, Decoder(binary, self._resolve))
            encoder = Encoder(self._refer if question["op"] != "question" else _name_of)
            if isinstance(value, _Repeated):
                # Each as it is at once: what comes back may be a buffer that the next call overwrites.
                node: Node = {"t": "l", "v": [encoder.encode(item, 1) for item in value.items]}
            else:
                node = self._refer(value) if as_reference else encoder.encode(value)
            self.connection.send({"ok": node}, encoder.blobs)
        except Closed:
            raise
        except ChannelError as error:
            self.connection.send({"error": {"type": type(error).__name__, "message": str(error)}})
        except (Exception, KeyboardInterrupt, SystemExit) as error:
            self.connection.send({"error": describe(error)})

    def _do(self, question: Question, decoder: Decoder) -> tuple[Any, bool]:
        """Returns the value and whether it stays here, to be named by a handle."""
        if "seed" in question:
            seed(question["seed"])
        if question["op"] == "ask":
            target = decoder.decode(question["of"]) if "of" in question else None
            return getattr(self, "_op_" + question["do"])(target, question, decoder), "keep" in question
        if question["op"] == "question":
            asked = getattr(_prepared[question["module"]], question["name"])
            lent = {name: decoder.decode(node) for name, node in question["lent"].items()}
            return asked.ask(self.namespace, decoder.decode(question["case"]), lent), False
        if question["op"] == "keep":
            return decoder.decode(question["v"]), True
        return self._define(question["source"], question["name"]), True

    # Operations: the object, the question, the decoder -> a value.

    def _op_call(self, target: Any, question: Ask, decoder: Decoder) -> Any:
        """A call of the target, or of its attribute or, without a target, of the name that the question gives."""
        if "name" in question:
            target = self._named(target, question["name"])
        args = [decoder.decode(node) for node in question["args"]]
        kwargs = {key: decoder.decode(node) for key, node in question["kwargs"].items()}
        return target(*args, **kwargs)

    def _op_repeat(self, target: Any, question: Ask, decoder: Decoder) -> _Repeated:
        return _Repeated(self._op_call(target, question, decoder) for _ in range(question["times"]))

    def _op_get(self, target: Any, question: Ask, decoder: Decoder) -> Any:
        """The attribute or, without a target, the name that the question gives."""
        return self._named(target, question["name"])

    def _op_set(self, target: Any, question: Ask, decoder: Decoder) -> None:
        setattr(target, question["name"], decoder.decode(question["v"]))

    def _op_item(self, target: Any, question: Ask, decoder: Decoder) -> Any:
        return target[decoder.decode(question["key"])]

    def _op_set_item(self, target: Any, question: Ask, decoder: Decoder) -> None:
        target[decoder.decode(question["key"])] = decoder.decode(question["v"])

    def _op_length(self, target: Any, question: Ask, decoder: Decoder) -> int:
        return len(target)

    def _op_drain(self, target: Any, question: Ask, decoder: Decoder) -> dict[str, Any]:
        """The first ``limit`` items; one more would be asked for only to see that there are more."""
        limit = question["limit"]
        items = list(itertools.islice(iter(target), limit + 1))
        return {"items": items[:limit], "more": len(items) > limit}

    def _op_value(self, target: Any, question: Ask, decoder: Decoder) -> Any:
        return target

    def _op_bind(self, _: Any, question: Ask, decoder: Decoder) -> None:
        names = decoder.decode(question["v"])
        self.shadowed.append({name: self.namespace.get(name, _MISSING) for name in names})
        self.namespace.update(names)

    def _op_unbind(self, _: Any, question: Ask, decoder: Decoder) -> None:
        for name, value in self.shadowed.pop().items():
            if value is _MISSING:
                self.namespace.pop(name, None)
            else:
                self.namespace[name] = value

    def _define(self, source: str, name: str) -> Any:
        """A public prop: compiled in a namespace of its own, where only numpy is known, as ``np``."""
        own: dict[str, Any] = {"np": np, "__name__": "prop"}
        exec(compile(source, f"<prop {name}>", "exec"), own)
        return own[name]

    # References

    def _named(self, of: Any, name: str) -> Any:
        """The attribute of an object; without one, what the notebook calls so."""
        if of is not None:
            return getattr(of, name)
        if name not in self.namespace:
            raise NameError(f"name {name!r} is not defined")
        return self.namespace[name]

    def _refer(self, value: Any) -> ObjectNode:
        handle = self.handles.get(id(value))
        if handle is None:
            handle = next(self.counter)
            self.handles[id(value)] = handle
            self.objects[handle] = value
        return {"t": "r", "h": handle, "c": type(value).__name__[:80], "m": self._methods(value)}

    def _methods(self, value: Any) -> list[str]:
        """Names of functions of its class that the object has nothing of its own in place of."""
        kind: type = type(value)
        if kind not in self.methods:
            members = {name: member for one in reversed(kind.__mro__) for name, member in vars(one).items()}
            self.methods[kind] = functions_in(members)
        own = getattr(value, "__dict__", ())
        return [name for name in self.methods[kind] if name not in own]

    def _resolve(self, node: Mapping[str, Any]) -> Any:
        if node.get("t") == "r":
            return self.objects[node["h"]]
        if node.get("t") == "m":
            return self._named(node["of"] and self._resolve(node["of"]), node["v"])
        if node.get("t") == "k":
            return self._callback(node["v"])
        raise ValueError("an unknown value")

    def _callback(self, number: int) -> Callable[..., Any]:
        def ask_the_judge(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(self._refer)
            message: Callback = {
                "callback": number,
                "args": [encoder.encode(value) for value in args],
                "kwargs": [(str(key), encoder.encode(value)) for key, value in kwargs.items()],
            }
            self.connection.send(message, encoder.blobs)
            while True:
                try:
                    reply, binary = self.connection.receive()
                except ChannelError as error:
                    raise _Hangup from error
                if "op" in reply:
                    self.answer(cast("Question", reply), binary)
                elif "ok" in reply:
                    return Decoder(binary, self._resolve).decode(reply["ok"])
                else:
                    raise RuntimeError(reply["error"])

        return ask_the_judge


def _name_of(value: Any) -> ObjectNode:
    """What is no plain data, by the name of its class."""
    return {"t": "r", "h": 0, "c": type(value).__name__[:80], "m": []}


def functions_in(names: Mapping[str, Any]) -> list[str]:
    """Names of a dict's functions and classes: what may be called without being looked at first."""
    kinds = (types.FunctionType, type)
    # The type itself is asked: what an object says of its class may be code of the student's. And a list is gone
    # through, because a thread of the student's may add names meanwhile.
    found = [name for name, value in list(names.items()) if issubclass(type(value), kinds) and isinstance(name, str)]
    return [name for name in found if not name.startswith("_")][:MAX_NAMES]


class _Repeated:
    """Results that have yet to be asked for, one after the other."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = items


def seed(number: int) -> None:
    """Seed the generators that student code shares."""
    random.seed(number)
    np.random.seed(number)


class _Hangup(BaseException):
    """The judge went away in the middle of a callback."""


_MISSING = object()


def describe(error: BaseException) -> ErrorReport:
    """An exception as plain data: type, message, the student's lines and the shapes of the arrays in the last one.

    The message and the lines are the student's own text; the judge treats them as such.
    """
    try:
        # SystemExit and KeyboardInterrupt from student code are mistakes like others.
        result: ErrorReport = {"type": type(error).__name__, "message": str(error)[:MAX_TEXT]}
        frames = [frame for frame in traceback.walk_tb(error.__traceback__) if _is_student(frame[0])]
        result["trace"] = [
            {
                "line": number,
                "function": frame.f_code.co_name[:80],
                "source": linecache.getline(frame.f_code.co_filename, number).strip()[:200],
            }
            for frame, number in frames[-MAX_TRACE:]
        ]
        if frames:
            result["shapes"] = _shapes(frames[-1][0].f_locals)
        return result
    except Exception:
        return {"type": "Exception", "message": ""}


def _is_student(frame: types.FrameType) -> bool:
    name = frame.f_code.co_filename
    return any(mark in name for mark in STUDENT_CODE) and not name.startswith(("<prop ", "<questions "))


def _with_attributes(names: Mapping[str, Any]) -> Mapping[str, Any]:
    """The names, and what ``self`` holds as ``self.weights``. Runs no property and no method of the student's."""
    try:
        held = object.__getattribute__(names["self"], "__dict__") if "self" in names else {}
        return {**names, **{f"self.{name}": value for name, value in held.items()}}
    except AttributeError:  # an object with slots
        return names


def _shapes(names: Mapping[str, Any]) -> dict[str, tuple[list[int], str]]:
    arrays: dict[str, tuple[list[int], str]] = {}
    for name, value in list(_with_attributes(names).items())[:40]:
        if isinstance(value, np.ndarray):
            arrays[name[:40]] = (list(value.shape), value.dtype.str[:8])
        elif isinstance(value, (list, tuple)):
            arrays[name[:40]] = ([len(value)], type(value).__name__[:20])
    return arrays

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
import marshal
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

    from grader.sandbox.protocol.judge_messages import Ask, Callback, Done, ErrorReport, Hello, Order
    from grader.sandbox.protocol.values import ObjectNode

MAX_TRACE = 8
MAX_TEXT = 500
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
            message, binary = control.receive()
            order = cast("Order", message)
            if order["order"] == "prepare":
                ends = list(itertools.accumulate(size for _, size in order["modules"]))
                codes = [binary[begin:end] for begin, end in zip([0, *ends], ends)]  # noqa: B905
                prepare([(name, code) for (name, _), code in zip(order["modules"], codes)])  # noqa: B905
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
_codes: dict[str, bytes] = {}


def prepare(modules: Iterable[tuple[str, bytes]]) -> None:
    """Load modules of questions as the judge compiled them, never from files beside the notebook; each only once."""
    if all(_codes.get(name) == code for name, code in modules):
        return
    packages = {name.rpartition(".")[0] for name, _ in modules}
    before = dict(sys.modules)
    try:
        for name in packages:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = []
        for name, code in modules:
            module = sys.modules[name] = types.ModuleType(name)
            module.__package__ = name.rpartition(".")[0]
            exec(marshal.loads(code), module.__dict__)
            _prepared[name], _codes[name] = module, code
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
            hello: Hello = {"hello": "connection", "number": number}
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
    """Answers the questions of one connection, from the prepared modules and the student's names."""

    def __init__(self, connection: Frames, namespace: dict[str, Any]) -> None:
        self.connection = connection
        self.namespace = namespace

    def answer_all(self) -> None:
        while True:
            try:
                question, binary = self.connection.receive()
                self.answer(cast("Ask", question), binary)
            except (ChannelError, _Hangup):
                return

    def answer(self, question: Ask, binary: bytes) -> None:
        encoder = Encoder(_name_of)
        try:
            node = encoder.encode(self._ask(question, Decoder(binary, self._function)))
            self.connection.send({"ok": node}, encoder.blobs)
        except (Closed, _Hangup):
            raise
        except ChannelError as error:
            self.connection.send({"error": {"type": type(error).__name__, "message": str(error)}})
        except BaseException as error:  # SystemExit and its like from student code are mistakes like others
            self.connection.send({"error": describe(error)})

    def _ask(self, question: Ask, decoder: Decoder) -> Any:
        case = decoder.decode(question["case"])
        lent = {name: decoder.decode(node) for name, node in question["lent"].items()}
        asked = getattr(_prepared[question["module"]], question["name"])
        if question["seed"] is not None:
            seed(question["seed"])
        return asked.ask(self.namespace, case, lent)

    def _function(self, node: Mapping[str, Any]) -> Callable[..., Any]:
        """A function of the judge's: called here, answered there."""
        number: int = node["v"]

        def ask_the_judge(*args: Any, **kwargs: Any) -> Any:
            encoder = Encoder(_name_of)
            message: Callback = {
                "callback": number,
                "args": [encoder.encode(value) for value in args],
                "kwargs": [(str(key), encoder.encode(value)) for key, value in kwargs.items()],
            }
            self.connection.send(message, encoder.blobs)
            try:
                reply, binary = self.connection.receive()
            except ChannelError as error:
                raise _Hangup from error
            if "error" in reply:
                raise RuntimeError(reply["error"])
            return Decoder(binary, self._function).decode(reply["ok"])

        return ask_the_judge


def _name_of(value: Any) -> ObjectNode:
    """What is no plain data, by the name of its class."""
    return {"t": "r", "c": type(value).__name__[:80]}


def seed(number: int) -> None:
    """Seed the generators that student code shares."""
    random.seed(number)
    np.random.seed(number)


class _Hangup(BaseException):
    """The judge went away in the middle of a callback."""


def describe(error: BaseException) -> ErrorReport:
    """An exception as plain data: type, message, the student's lines and the shapes of the arrays in the last one.

    The message and the lines are the student's own text; the judge treats them as such.
    """
    try:
        result: ErrorReport = {"type": type(error).__name__, "message": _text(error)}
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


def _text(error: BaseException) -> str:
    """What an exception says; nothing where its class is the student's own and says no text."""
    try:
        return str(error)[:MAX_TEXT]
    except BaseException:
        return ""


def _is_student(frame: types.FrameType) -> bool:
    name = frame.f_code.co_filename
    return any(mark in name for mark in STUDENT_CODE) and not name.startswith("<questions ")


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

"""IPython's kernel as grading needs it: on sockets that are open already, and without what only a person would miss.

A submission is some thirty messages, and ipykernel spends most of its time on each with waiting for its own threads.
What differs from ipykernel's kernel, and why nobody can tell by what a notebook shows:

- Streams with nothing to send are not flushed. ipykernel flushes both twice a cell, and each time two threads wait.
- No subshells: messages are handled where they arrive instead of being passed on by one more thread.
- A cell is translated from IPython's language to Python's once, not twice.
- Most of what a kernel makes before it can start is made early, in the process that it is forked from.
- No files of this machine's are read: what they say of IPython decides no grade.

What a notebook can tell, and is meant to:

- A statement that raises does not take the rest of its cell with it. IPython runs a cell statement by statement, too,
  and ends at the first that raises; here the next one follows, so that an import that this machine lacks costs no
  function below it. A cell that ends well is run just as IPython runs it.
- ``quit()`` is such a statement, and does not end the notebook.
- ``%%time`` and ``%%prun`` are left out, and so is a cell's magic that this machine lacks where Python follows: the
  lines below are run as statements of the cell. What a cell took is nobody's grade.

And it has two kinds of messages of its own. One starts the judge's helper: as code, that would depend on names that
belong to the notebook, like ``globals``, and be translated and compiled for nothing. The other, ``stopped``, says
where a cell raised.

Runs beside student code and promises nothing against it, like ``kernel``.
"""

from __future__ import annotations

import ast
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Any, NoReturn

import zmq
from ipykernel import iostream, ipkernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import new_id
from traitlets.config import Config

from grader.sandbox.inside import helper

MAX_TEXT = 500
MAX_TRACEBACK, MAX_LINES = 20_000, 200  # characters of one part of what an exception shows, and so many parts
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[^\n]*")
_MEASURING = frozenset({"time", "prun"})
# Before version 7 ipykernel had no subshells.
_HAS_SUBSHELLS = hasattr(ipkernel.IPythonKernel, "_supports_kernel_subshells")


class OutStream(iostream.OutStream):
    """Standard output or error as messages."""

    def flush(self) -> None:
        # What is being sent this moment precedes whatever is sent after: the thread that sends takes turns.
        if getattr(self, "_buffers", True):
            super().flush()


class _NoShellThread:
    """Stands where ipykernel keeps the thread that serves subshells; false, as where there is none."""

    def __init__(self) -> None:
        self.parent_thread = threading.current_thread()

    def __bool__(self) -> bool:
        return False


class Kernel(ipkernel.IPythonKernel):
    """Handles one message after the other in the main thread."""

    msg_types = [*ipkernel.IPythonKernel.msg_types, "attend_request"]

    _execute_sleep = 0  # ipykernel waits this long for flushed output to arrive; here the reader waits for it
    _supports_kernel_subshells = False

    def __init__(self, **kwargs: Any) -> None:
        # For its debugger ipykernel lists all modules, which costs a fork a page of memory for each. Nobody attaches.
        all_of_sys: Any = ipkernel.sys
        ipkernel.sys = SimpleNamespace(modules={})  # type: ignore[assignment]
        try:
            super().__init__(**kwargs)
        finally:
            ipkernel.sys = all_of_sys

    def attend_request(self, stream: Any, identity: Any, message: dict[str, Any]) -> None:
        """Serve the judge, which listens at the path in the message."""
        shell: Any = self.shell
        session: Any = self.session
        status = "error"
        try:
            helper.attend(message["content"]["path"], shell.user_ns)
            status = "ok"
        finally:
            session.send(stream, "attend_reply", {"status": status}, message, identity)


class Application(IPKernelApp):
    """Takes its sockets over instead of binding paths, and reads and writes no connection file.

    It may be made long before it is told its sockets, and in the process that this one is forked from: IPython's
    shell, which takes longest, is made with it.
    """

    kernel_class = Kernel
    outstream_class = f"{__name__}.OutStream"

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False
        config.IPKernelApp.ignore_cwd = True
        super().__init__(config=config, transport="ipc", ip="/", log_level=50)
        self.log.setLevel(self.log_level)  # traitlets sets only the handler's, so that every record is made
        self.shell = ZMQInteractiveShell.instance(parent=self, compiler_class=ipkernel.XCachingCompiler)
        _translate_once(self.shell)
        _go_on_after_errors(self.shell)
        super().init_extensions()
        self.session  # noqa: B018  made when it is first asked for: now

    def listen(self, sockets: dict[str, int], key: str) -> None:
        """Become a kernel. ``sockets``: ``{channel: file descriptor}`` in the order of Jupyter's channels."""
        # Each fork is another session, and a session sends nothing from a process that it was not told of.
        self.session.pid, self.session.session, self.session.key = os.getpid(), new_id(), key.encode()
        self._descriptors = dict(enumerate(sockets.values(), start=1))
        for port, channel in enumerate(sockets, start=1):
            setattr(self, f"{channel}_port", port)
        self.initialize()
        self.debug_shell_socket.close(linger=0)  # it would try for ever to reach a path that is not here

    def init_kernel(self) -> None:
        super().init_kernel()
        shell = self.kernel.shell
        shell.parent = shell.kernel = self.kernel
        shell.profile_dir = self.profile_dir
        shell.user_ns["_dh"][:] = [Path.cwd()]

    def parse_command_line(self, argv: Any = None) -> None:
        pass

    def init_config_files(self) -> None:
        pass

    def load_config_file(self, *_: Any, **__: Any) -> None:
        pass

    def init_extensions(self) -> None:
        pass

    def init_code(self) -> None:
        pass  # nothing runs before the notebook

    def _try_bind_socket(self, s: zmq.Socket[Any], port: int) -> int:
        # libzmq listens on the descriptor; the address is only a name to it.
        s.setsockopt(zmq.USE_FD, self._descriptors[port])
        s.bind(f"ipc:///{port}")
        return port

    def init_control(self, context: zmq.Context[Any]) -> None:
        super().init_control(context)
        if _HAS_SUBSHELLS:
            self.shell_channel_thread.io_loop.close()
            self.shell_channel_thread = _NoShellThread()

    def init_connection_file(self) -> None:
        pass

    def write_connection_file(self, **_: Any) -> None:
        pass

    def init_heartbeat(self) -> None:
        pass  # whether the process lives is seen from outside


def _translate_once(shell: ZMQInteractiveShell) -> None:
    """Let IPython's translation of a cell be made once.

    ipykernel asks for it to learn whether a cell awaits something, and IPython again to run the cell. What was answered
    is forgotten before the cell runs, which may change how the next is translated.
    """
    translate = shell.transform_cell
    kept: dict[str, str] = {}

    def transform_cell(raw_cell: str) -> str:
        if raw_cell not in kept:
            kept[raw_cell] = translate(_without_magic(shell, raw_cell))
        return kept[raw_cell]

    shell.transform_cell = transform_cell  # type: ignore[method-assign]
    shell.events.register("pre_execute", lambda: kept.clear())


def _without_magic(shell: ZMQInteractiveShell, raw_cell: str) -> str:
    """The cell without a first line that only measures, or that nothing here knows and Python follows.

    A magic runs the rest of its cell as one: a statement in it that raises would take all definitions with it.
    """
    magic = _CELL_MAGIC.match(raw_cell)
    if magic is None:
        return raw_cell
    rest = "pass" + raw_cell[magic.end() :]  # in place of the line, so that the others keep their numbers
    if magic[1] in _MEASURING:
        return rest
    if magic[1] == "capture":  # runs the rest as a cell, whose lines are then counted as the whole's
        return f"{magic[0]}\n{rest}"
    if shell.find_cell_magic(magic[1]) is not None:
        return raw_cell
    try:
        ast.parse(shell.input_transformer_manager.transform_cell(rest))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return raw_cell
    return rest


def _go_on_after_errors(shell: ZMQInteractiveShell) -> None:
    """Let a cell's other statements run where one raises, and say which; an interrupt ends the cell all the same."""
    run_nodes = shell.run_ast_nodes

    async def run_ast_nodes(
        nodelist: list[ast.stmt],
        cell_name: str,
        interactivity: str = "last_expr",
        compiler: Any = compile,
        result: Any = None,
    ) -> bool:
        if result is None:
            return await run_nodes(nodelist, cell_name, interactivity, compiler, result)
        first: BaseException | None = None
        for node in nodelist:
            how = interactivity if node is nodelist[-1] or interactivity == "all" else "none"
            if not await run_nodes([node], cell_name, how, compiler, result):
                continue
            error = result.error_in_exec or result.error_before_exec
            first = first or error
            _say_stopped(shell, error, _line_of(error, cell_name) or node.lineno)
            result.error_in_exec = result.error_before_exec = None
            if isinstance(error, KeyboardInterrupt):
                break
        result.error_in_exec = first and _cut(first)
        return first is not None

    def after(result: Any) -> None:
        if isinstance(result.error_before_exec, SyntaxError):  # nothing of the cell was run
            _say_stopped(shell, result.error_before_exec, result.error_before_exec.lineno, whole=True)

    def ask_exit() -> NoReturn:
        raise SystemExit("the notebook goes on, and so does its grading")

    show = shell._showtraceback

    def show_cut(kind: type[BaseException], error: BaseException, lines: list[str]) -> None:
        kept = (line[:MAX_TRACEBACK] for line in lines[:MAX_LINES])
        show(kind, _cut(error), list(kept))

    shell._showtraceback = show_cut  # type: ignore[method-assign]
    shell.run_ast_nodes = run_ast_nodes  # type: ignore[method-assign]
    shell.ask_exit = ask_exit  # type: ignore[method-assign]
    shell.events.register("post_run_cell", after)


def _cut(error: BaseException) -> BaseException:
    """The exception, or one of its name where its text is too long to be sent, read and shown in time, or is none."""
    text = _text(error)
    if text is not None and len(text) <= MAX_TRACEBACK:
        return error
    return type(type(error).__name__, (Exception,), {})((text or "")[:MAX_TRACEBACK])


def _text(said: object) -> str | None:
    """The text of an exception, or of its message; None where a class of the student's own gives none."""
    try:
        return str(said)
    except BaseException:
        return None


def _line_of(error: BaseException, cell_name: str) -> int | None:
    """The line of the cell in which an exception came up."""
    frames = (trace for trace in _traces(error) if trace.tb_frame.f_code.co_filename == cell_name)
    return next((trace.tb_lineno for trace in frames), None)


def _traces(error: BaseException) -> Iterator[TracebackType]:
    trace = error.__traceback__
    while trace is not None:
        yield trace
        trace = trace.tb_next


def _say_stopped(shell: Any, error: BaseException, line: int | None, whole: bool = False) -> None:
    text = _text(error.msg if isinstance(error, SyntaxError) else error) or ""
    content = {"line": line, "name": type(error).__name__, "text": text[:MAX_TEXT], "whole": whole}
    hook = shell.displayhook
    hook.session.send(hook.pub_socket, "stopped", content, hook.parent_header)

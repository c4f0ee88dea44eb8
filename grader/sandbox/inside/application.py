"""IPython's kernel as grading needs it: on sockets that are open already, and without what only a person would miss.

A submission is some thirty messages, and ipykernel spends most of its time on each with waiting for its own threads.
What differs from ipykernel's kernel, and why nobody can tell by what a notebook shows:

- Streams with nothing to send are not flushed. ipykernel flushes both twice a cell, and each time two threads wait.
- No subshells: messages are handled where they arrive instead of being passed on by one more thread.
- A cell is translated from IPython's language to Python's once, not twice.
- Most of what a kernel makes before it can start is made early, in the process that it is forked from.
- No files of this machine's are read: what they say of IPython decides no grade.

And it has one kind of message of its own, which starts the judge's helper: as code, that would depend on names that
belong to the notebook, like ``globals``, and be translated and compiled for nothing.

Runs beside student code and promises nothing against it, like ``kernel``.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import zmq
from ipykernel import iostream, ipkernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from jupyter_client.session import new_id
from traitlets.config import Config

from grader.sandbox.inside import helper

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
            kept[raw_cell] = translate(raw_cell)
        return kept[raw_cell]

    shell.transform_cell = transform_cell  # type: ignore[method-assign]
    shell.events.register("pre_execute", lambda: kept.clear())

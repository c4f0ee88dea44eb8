"""Talks to one kernel: runs code, waits with a deadline, interrupts, and kills what does not come back.

Jupyter's own clients (nbclient, jupyter_client) buffer without bound and raise on messages that make no sense, and
here student code may send anything; so this reads through ``zmtp`` and trusts no message. A reply counts only if it
names the request it answers; whatever else a message claims, nothing but outputs to show is taken from it.
"""

import math
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from grader.sandbox.kernels.sandboxed_kernel import SandboxedKernel
from grader.sandbox.protocol.jupyter_messages import Received, make
from grader.sandbox.protocol.polling import readable
from grader.sandbox.protocol.zmtp import Wire, WireError
from grader.sandbox.run.outputs import CellOutputs
from grader.sandbox.walls.limits import Limits

START_SECONDS = 60
INTERRUPT_SECONDS = 4  # from the interrupt to the kill
SETTLE_SECONDS = 1  # what is left to end by itself when its cell is done
SILENCE_SECONDS = 5  # after which a finished cell has no more output, should the message that says so be lost
ENDING_SECONDS = 1
FLOOD_FACTOR = 64  # bytes received, in units of what may be kept, at which a cell is stopped
FLOOD_MESSAGES = 10_000
FLOOD_SECONDS = 10  # from the interrupt to the kill of a flood: what has been printed already takes its time to arrive
LOSSY_MESSAGES = 500  # a kernel drops what exceeds a thousand unsent messages: then ask less silence
LOSSY_SECONDS = 0.5

Take: TypeAlias = Callable[[str, Received], object]  # of a channel's message


class KernelDied(Exception):
    """The kernel's process is gone, or was killed because it could not be spoken to."""


@dataclass
class Handle:
    """A request that has been sent. ``status``: of the reply, None before it; ``idle``: the kernel has finished."""

    identity: str
    status: str | None = None
    idle: bool = False


class Session:
    """Talks to ``kernel``.

    ``deadline``: end of the submission's time, by ``time.monotonic``; the clock starts when the kernel is ready.
    """

    def __init__(self, kernel: SandboxedKernel, limits: Limits) -> None:
        self.kernel, self.limits = kernel, limits
        self.run_dir, self.inner_run_dir = kernel.run_dir, kernel.inner_run_dir
        self.deadline = math.inf
        self._key = kernel.key.encode()
        self._client = uuid.uuid4().hex
        self._wires: dict[str, Wire] = {}
        self._started: Handle | None = None  # what was started last
        # Ends the sandbox after the deadline even if the caller is waiting for something else.
        kernel.watch(START_SECONDS + limits.submission_seconds + INTERRUPT_SECONDS + 1)

    def connect(self) -> None:
        """Connect and wait until the kernel answers. Raises ``KernelDied`` if it does not."""
        deadline = time.monotonic() + START_SECONDS
        try:
            for channel, kind in (("shell", "DEALER"), ("control", "DEALER"), ("iopub", "SUB")):
                self._wires[channel] = Wire(self.kernel.sockets[channel], kind)
            self._pump(deadline, lambda: all(wire.ready for wire in self._wires.values()), lambda *_: None)
            self._wires["iopub"].send([b"\x01"])  # subscribe to everything
        except WireError as error:
            self._give_up("start", error)
        # A subscription takes effect some time after it was sent: ask until an answer is published.
        while time.monotonic() < deadline:
            handle = self._request("kernel_info_request", {})
            if self._wait(handle, time.monotonic() + 0.5) and handle.idle:
                self.deadline = time.monotonic() + self.limits.submission_seconds
                return
        self._give_up("start", "no answer from the kernel")

    def close(self) -> None:
        for wire in self._wires.values():
            wire.close()

    # What a caller may do while a cell's turn has come

    def alive(self) -> bool:
        """Whether the kernel's process runs."""
        return self.kernel.poll() is None

    def interrupt(self) -> None:
        """Ask the kernel to raise KeyboardInterrupt in what it runs."""
        try:
            self._wires["control"].send(make("interrupt_request", {}, self._key, self._client)[1])
        except WireError as error:
            self._give_up("protocol", error)

    def start(self, kind: str, content: Mapping[str, Any]) -> Handle:
        """Start what the kernel does at a message of this kind; its outputs are thrown away. Returns a ``Handle``."""
        self._started = self._request(kind, content)
        return self._started

    def start_attending(self, path: str) -> Handle:
        """Start the helper that serves the judge at ``path``, as it is called inside. Returns a ``Handle``."""
        return self.start("attend_request", {"path": path})  # the kernel's own, see ``application``

    def wait(self, handle: Handle, timeout: float) -> str:
        """Wait at most ``timeout`` seconds for ``handle``: "ok", "error", "timeout" or "dead"."""
        try:
            if not self._wait(handle, time.monotonic() + timeout):
                return "timeout"
        except KernelDied:
            return "dead"
        return "ok" if handle.status == "ok" else "error"

    def settle(self) -> None:
        """See to it that nothing that was started goes on. Raises ``KernelDied`` if the kernel has ended."""
        if not self._started or self._wait(self._started, time.monotonic() + SETTLE_SECONDS):
            self._started = None
            if not self.alive():
                raise KernelDied("the kernel has ended")
            return
        self.interrupt()
        if not self._wait(self._started, time.monotonic() + INTERRUPT_SECONDS, interrupted=True):
            self._give_up(self._lateness(), "it did not react to an interrupt")
        self._started = None

    # Running a cell

    def run(self, code: str, outputs: CellOutputs) -> str:
        """Run a cell's code. ``outputs`` (``CellOutputs``) collects what it shows.

        Returns "ok", "error", "timeout" or "output" (stopped for printing too much). Raises ``KernelDied``.
        """
        flood = _Flood(self._wires.values(), self.limits.output_bytes)

        def collect(message: Received) -> None:
            flood.messages += 1
            outputs.add(message)

        handle = self._request("execute_request", execution_of(code))
        deadline = min(time.monotonic() + self.limits.cell_seconds, self.deadline)
        if self._wait(handle, deadline, collect, flood) and handle.status and not flood.too_much():
            return handle.status
        in_time = handle.status
        self.interrupt()
        # From here on nothing is kept of a flood: what still comes is read to reach its end.
        flooded = flood.too_much()
        deadline = time.monotonic() + (FLOOD_SECONDS if flooded else INTERRUPT_SECONDS)
        ended = self._wait(handle, deadline, None if flooded else collect, interrupted=True)
        if not ended or (flooded and not self._falls_silent(deadline)):
            self._give_up("output" if flooded else self._lateness(), "it did not react to an interrupt")
        outputs.cut = outputs.cut or flooded
        return in_time or ("output" if flooded else "timeout")

    def _lateness(self) -> str:
        return "time" if time.monotonic() > self.deadline else "stuck"

    def _falls_silent(self, deadline: float) -> bool:
        """Read and forget what still arrives; False if that goes on until the deadline."""
        self._pump(deadline, lambda: False, lambda *_: None, silence=LOSSY_SECONDS)
        return time.monotonic() < deadline

    def _request(self, kind: str, content: Mapping[str, Any]) -> Handle:
        identity, frames = make(kind, content, self._key, self._client)
        try:
            self._wires["shell"].send(frames)
        except WireError as error:
            self._give_up("protocol", error)
        return Handle(identity)

    def _wait(
        self,
        handle: Handle,
        deadline: float,
        collect: Callable[[Received], None] | None = None,
        flood: "_Flood | None" = None,
        interrupted: bool = False,
    ) -> bool:
        """Whether ``handle`` was answered before the deadline; also collects its outputs. Ends early at a flood.

        An interrupt that comes while the kernel makes its reply costs the reply: then its being idle is enough.
        """

        def take(channel: str, message: Received) -> None:
            if message.parent != handle.identity:
                return
            if channel == "shell" and message.kind.endswith("_reply"):
                handle.status = handle.status or _status(message)
            elif channel == "iopub" and message.kind == "status":
                handle.idle = handle.idle or message.content().get("execution_state") == "idle"
            elif channel == "iopub" and collect:
                collect(message)

        def flooded() -> bool:
            return flood is not None and flood.too_much()

        def answered() -> bool:
            return handle.status is not None or (interrupted and handle.idle)

        self._pump(deadline, lambda: answered() or flooded(), take)
        if not answered():
            return False
        silence = LOSSY_SECONDS if flood is None or flood.messages > LOSSY_MESSAGES else SILENCE_SECONDS
        self._pump(deadline, lambda: handle.idle or flooded(), take, silence)
        return True

    def _pump(self, deadline: float, done: Callable[[], bool], take: Take, silence: float = math.inf) -> None:
        """Read messages and give them to ``take(channel, message)`` until ``done()``, the deadline or ``silence``."""
        channels = {wire: channel for channel, wire in self._wires.items()}
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return
            ready = readable(channels, min(left, silence))
            if not ready and silence < left:
                return
            for wire in ready:
                try:
                    messages = wire.receive()
                except WireError as error:
                    self._give_up("protocol", error)
                for message in messages:
                    take(channels[wire], Received(message.frames))

    def _give_up(self, reason: str, detail: object) -> NoReturn:
        """End the kernel, if it has not ended itself, and say so."""
        if reason in ("protocol", "start"):
            self.kernel.wait(ENDING_SECONDS)  # a process that ends closes its sockets before it is gone
        self.kernel.kill(reason)
        raise KernelDied(str(detail))


class _Flood:
    """Counts what arrives during one cell, kept or not."""

    def __init__(self, wires: Iterable[Wire], limit: int) -> None:
        self.wires, self.messages = tuple(wires), 0
        self.most = self._received() + FLOOD_FACTOR * limit

    def too_much(self) -> bool:
        return self._received() > self.most or self.messages > FLOOD_MESSAGES

    def _received(self) -> int:
        return sum(wire.received for wire in self.wires)


def execution_of(code: str) -> dict[str, Any]:
    """The content of Jupyter's message that runs ``code``."""
    return {
        "code": code,
        "silent": False,
        "store_history": True,
        "user_expressions": {},
        "allow_stdin": False,
        "stop_on_error": False,
    }


def _status(message: Received) -> str:
    return "ok" if message.content().get("status") == "ok" else "error"

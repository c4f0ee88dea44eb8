"""How a kernel that is no child of ours is waited for: by what its parent, inside, reports of it."""

import signal
import socket
import subprocess
import threading
import time

from grader.sandbox.protocol.fork_messages import Report, read_report
from grader.sandbox.protocol.polling import readable

MAX_REPORT = 4096
KILLED = 128 + signal.SIGKILL


class ForkedProcess:
    """A kernel's process as far as a ``SandboxedKernel`` needs it: like ``subprocess.Popen`` in what it offers.

    Any thread may ask how it ended. ``lost``: whether nobody told, or not in words that we know.
    """

    def __init__(self, reports: socket.socket, stderr: int) -> None:
        self._reports = reports
        self._reading = threading.Lock()  # whoever reads the end reads it for all: behind it comes nothing but silence
        self.stderr = open(stderr, "rb", buffering=0)
        self.status: int | None = None
        self.lost = False

    def report(self, seconds: float, count: int = 0) -> tuple[Report, list[int]]:
        """``(report, file descriptors)``; an empty report when none came in time or no more can come."""
        if not readable([self._reports], seconds):
            return {}, []
        message, descriptors, *_ = socket.recv_fds(self._reports, MAX_REPORT, count)
        if not message:
            return {"exit": KILLED}, descriptors
        try:
            return read_report(message), descriptors
        except ValueError:
            self.lost = True
            return {"exit": KILLED}, descriptors

    def poll(self) -> int | None:
        """None while it runs, else its exit code (128 + n after signal n)."""
        if self.status is None:
            self._look(0)
        return self.status

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code. Raises ``subprocess.TimeoutExpired``."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.status is None:
            left = 1 if deadline is None else deadline - time.monotonic()
            if timeout is not None and left <= 0:
                raise subprocess.TimeoutExpired("kernel", timeout)
            self._look(min(left, 1))
        return self.status

    def _look(self, seconds: float) -> None:
        # Waiting is done by anybody, reading by one: another thread may have read meanwhile what this one saw coming.
        if readable([self._reports], seconds):
            with self._reading:
                if self.status is None:
                    self.status = self.report(0)[0].get("exit")

    def kill(self) -> None:
        """Nothing more can be done from here: its fork server is given up, and takes it along."""
        with self._reading:
            if self.status is None:
                self.status, self.lost = KILLED, True

    def close(self) -> None:
        self._reports.close()
        self.stderr.close()

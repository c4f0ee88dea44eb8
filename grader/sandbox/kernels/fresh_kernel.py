"""Kernels that are new processes, each behind a wall of its own or, for trusted code, behind none."""

import contextlib
import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.sandbox.kernels.sandboxed_kernel import STEADY, SandboxedKernel, child_pid, font_data
from grader.sandbox.protocol.fork_messages import KernelSettings
from grader.sandbox.walls import accounts, bubblewrap, cgroups, visible_files
from grader.sandbox.walls.bubblewrap import Wall
from grader.sandbox.walls.limits import Limits


class FreshKernel(SandboxedKernel):
    """A kernel in a new process, behind a wall of its own or, for trusted code, behind none."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, isolation: str, limits: Limits, key: str, packages: tuple[Path, ...] = ()) -> None:
        account = accounts.take()
        group = cgroups.make(account.folder.name, limits) if isolation == "bubblewrap" and os.geteuid() == 0 else None
        wall = Wall(account, limits.tmp_bytes, group.entrances if group else (), packages)
        super().__init__(isolation, limits, key, wall)
        self._group = group
        self._closing.callback(account.release)

    def start(self, handed_in: str | os.PathLike[str] | None) -> None:
        self._wall.make_folders()
        super().start(handed_in)

    def _start(self, descriptors: dict[str, int]) -> None:
        self._start_walled(descriptors) if self.walled else self._start_plain(descriptors)

    def _start_walled(self, descriptors: dict[str, int]) -> None:
        inner_fonts, data = font_data()
        settings = self._settings(descriptors, visible_files.WORK, visible_files.FILES, inner_fonts)
        with (
            _settings_fd(settings) as fd,
            bubblewrap.launch(self._wall, _kernel_command(fd), environment=STEADY, data=data) as start,
        ):
            self._spawn(start.command, bubblewrap.START_ENVIRONMENT, [fd, *start.descriptors, *descriptors.values()])
            # Open until the end: bwrap writes there how its command ended, and must not fail at it.
            status = self._closing.enter_context(open(os.dup(start.status.fileno()), "rb", buffering=0))
            first = child_pid(status, self.process)
            if first:
                self._remember_first_process(first, os.pidfd_open(first))

    def _start_plain(self, descriptors: dict[str, int]) -> None:
        work = self._account.folder / "w"
        importable = [visible_files.PACKAGE.parent, *(folder.parent for folder in self._wall.packages)]
        environment = {**os.environ, **STEADY, "HOME": str(work / "home")}
        environment["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(map(str, importable)))
        environment["JPY_PARENT_PID"] = str(os.getpid())  # with which a kernel ends itself when its parent is gone
        environment.pop("MPLBACKEND", None)
        settings = self._settings(descriptors, work / "work", self._wall.files, None)
        with _settings_fd(settings) as fd:
            self._spawn(_kernel_command(fd), environment, [fd, *descriptors.values()])

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str], descriptors: list[int]) -> None:
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,
        )
        assert self.process.stderr is not None
        self._closing.callback(self.process.stderr.close)
        self._closing.callback(self.kill, "closed")

    def _top(self) -> int:
        return self._first_process or self.process.pid

    def _end_everything(self) -> None:
        if self._first_process:
            super()._end_everything()
        elif self.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                os.killpg(self.process.pid, signal.SIGKILL)


def _kernel_command(settings_fd: int) -> list[str]:
    return [str(visible_files.interpreter()), "-s", "-P", "-m", "grader.sandbox.inside.kernel", str(settings_fd)]


@contextlib.contextmanager
def _settings_fd(settings: KernelSettings) -> Iterator[int]:
    descriptor = bubblewrap.descriptor_with(json.dumps(settings).encode())
    try:
        yield descriptor
    finally:
        os.close(descriptor)

"""The one place where kernels come from.

A kernel is forked from a process that has everything imported (``forked_kernel``) or, where that cannot be had, is a
fresh process behind a wall of its own (``fresh_kernel``). Whoever uses it cannot tell them apart.
"""

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from grader.sandbox.kernels import forked_kernel
from grader.sandbox.kernels.forked_kernel import ForkedKernel, NoFork
from grader.sandbox.kernels.fresh_kernel import FreshKernel
from grader.sandbox.kernels.sandboxed_kernel import SandboxedKernel
from grader.sandbox.walls import accounts, bubblewrap
from grader.sandbox.walls.limits import Limits


def open_kernel(
    limits: Limits,
    *,
    isolation: str = "bubblewrap",
    handed_in: str | os.PathLike[str] | None = None,
    key: str | None = None,
    packages: Iterable[str | os.PathLike[str]] = (),
) -> SandboxedKernel:
    """A kernel that is starting, in a sandbox, which can import ``packages``, folders of modules.

    The environment variable ``GRADER_KERNELS=fresh`` gives every kernel a process and a wall of its own.

    Raises ``SandboxUnavailable`` when student code cannot be isolated here, ``ValueError`` for an unknown isolation.
    """
    if isolation not in ("bubblewrap", "trusted"):
        raise ValueError(f"isolation: expected 'bubblewrap' or 'trusted', found {isolation!r}")
    key = key or secrets.token_hex(16)
    folders = tuple(Path(folder) for folder in packages)
    if isolation == "bubblewrap":
        bubblewrap.require_parts()
        if forked_kernel.wanted():
            # That a fork server comes up behind its walls shows that they can be built here: no trial goes before it.
            try:
                return _started(ForkedKernel(limits, key, folders), handed_in)
            except NoFork as problem:
                bubblewrap.require()
                forked_kernel.do_without(problem)
            except (OSError, accounts.NoAccount):
                bubblewrap.require()
                raise
        bubblewrap.require()
    return _started(FreshKernel(isolation, limits, key, folders), handed_in)


def prepare(packages: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Let the sandbox come up for the first kernel while the caller does something else; nothing depends on it."""
    if forked_kernel.wanted():
        # What is wrong is wrong for the first kernel too, which tells it.
        with suppress(NoFork, OSError, accounts.NoAccount, bubblewrap.SandboxUnavailable):
            bubblewrap.require_parts()
            forked_kernel.start_one(tuple(Path(folder) for folder in packages))


def _started(kernel: SandboxedKernel, handed_in: str | os.PathLike[str] | None) -> SandboxedKernel:
    try:
        kernel.start(handed_in)
    except BaseException:
        kernel.close()
        raise
    return kernel

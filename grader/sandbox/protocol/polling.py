"""Waiting for descriptors. ``select.select`` would do, but fails in a process that has many files open."""

import select
from collections.abc import Iterable
from typing import Protocol, TypeVar


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


File = TypeVar("File", bound=HasDescriptor | int)


def readable(files: Iterable[File], seconds: float) -> list[File]:
    """Those of ``files`` (descriptors or objects with one) from which can be read, waiting at most ``seconds``."""
    poll = select.poll()
    by_descriptor = {file if isinstance(file, int) else file.fileno(): file for file in files}
    for descriptor in by_descriptor:
        poll.register(descriptor, select.POLLIN)
    return [by_descriptor[descriptor] for descriptor, _ in poll.poll(seconds * 1000)]

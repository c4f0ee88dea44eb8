"""The messages between the grader and a fork server, and what every kernel is told: their types.

They are JSON, one object a message. What the fork server reports is checked by ``read_report``."""

import json
from typing import Any, TypedDict, get_type_hints


class KernelSettings(TypedDict):
    """What a kernel needs to know to start; see ``grader.sandbox.inside.kernel``."""

    sockets: dict[str, int]
    key: str
    limits: dict[str, int]
    work: str
    files: str
    libraries: list[str]
    font_list: str | None


class ServerSettings(TypedDict):
    """What a fork server needs to know before it imports anything."""

    libraries: list[str]
    font_list: str | None


class ForkRequest(TypedDict):
    """A kernel that is wanted. ``settings``: its own, but for the sockets, which come as descriptors.

    ``tmp_bytes`` and ``inodes`` bound what it may write; ``filter`` is its filter of system calls in base64.
    """

    settings: KernelSettings
    tmp_bytes: int
    inodes: int
    filter: str


class Report(TypedDict, total=False):
    """What is told of a kernel: exactly one of these.

    ``born``: its namespaces are there (a descriptor of their first process comes along); ``ready``: its walls stand;
    ``exit``: it has ended, with this code, 128 + n after signal n; ``error``: why there is none.
    """

    born: bool
    ready: bool
    exit: int
    error: str


_KINDS = get_type_hints(Report)


def read_report(message: bytes) -> Report:
    """The report in a message. Raises ``ValueError`` for what is none."""
    try:
        found: Any = json.loads(message)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not (isinstance(found, dict) and len(found) == 1):
        raise ValueError("not one fact about a kernel")
    ((kind, value),) = found.items()
    if kind not in _KINDS or type(value) is not _KINDS[kind]:
        raise ValueError(f"no report that we know: {kind[:20]!r}")
    report: Report = found  # type: ignore[assignment]  # just checked
    return report

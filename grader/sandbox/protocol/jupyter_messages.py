"""Jupyter messages as bytes, made for a kernel and read from one that is not trusted.

Format: https://jupyter-client.readthedocs.io/en/stable/messaging.html. Signatures are made, because the kernel checks
them, and not checked: student code runs in the kernel and knows its key.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

DELIMITER = b"<IDS|MSG>"
MAX_HEADER = 2**16


def make(kind: str, content: Mapping[str, Any], key: bytes, session: str) -> tuple[str, list[bytes]]:
    """``(message id, frames)`` of a request. ``kind``: its ``msg_type``; ``session``: the client's id."""
    identity = uuid.uuid4().hex
    header = {
        "msg_id": identity,
        "msg_type": kind,
        "session": session,
        "username": "",
        "version": "5.3",
        "date": datetime.now(timezone.utc).isoformat(),
    }
    parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
    signature = hmac.new(key, digestmod=hashlib.sha256)
    for part in parts:
        signature.update(part)
    return identity, [DELIMITER, signature.hexdigest().encode() if key else b"", *parts]


class Received:
    """A message of the kernel. ``kind`` and ``parent`` (the id of the request it belongs to) are "" when unreadable."""

    def __init__(self, frames: list[bytes | None]) -> None:
        self.kind = self.parent = ""
        self._content: bytes | None = None
        try:
            start = frames.index(DELIMITER)
        except ValueError:
            return
        parts = frames[start + 2 : start + 6]
        if len(parts) < 4:
            return
        self.kind = _text(_load(parts[0], MAX_HEADER).get("msg_type"))
        self.parent = _text(_load(parts[1], MAX_HEADER).get("msg_id"))
        self._content = parts[3]

    @property
    def too_large(self) -> bool:
        """Whether the content was so large that it has not been kept."""
        return bool(self.kind) and self._content is None

    def content(self) -> dict[str, Any]:
        """The content, as a dict of plain JSON values; empty when it is unreadable."""
        return _load(self._content, None)


def _load(data: bytes | None, limit: int | None) -> dict[str, Any]:
    if data is None or (limit is not None and len(data) > limit):
        return {}
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

"""Framed messages between the judge and the helper inside a student's kernel.

A frame is ``struct(">IQ")`` (length of the JSON part, length of the binary part), the JSON part in UTF-8, then the
bytes of all arrays one after the other. Which messages there are is told in ``judge_messages``, how values look in them
in ``values``. Nothing is ever unpickled or evaluated.

The reading side trusts nothing: sizes are checked before memory is used. This module needs the standard library only,
because it also runs inside the sandbox.
"""

import json
import math
import socket
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Any

HEADER = struct.Struct(">IQ")
MAX_JSON = 8 * 2**20
MAX_BINARY = 16 * 2**20  # each message is there several times while it is read, judged and answered
MAX_PARTS = 1_000_000  # brackets and commas of the JSON part; each costs up to 230 bytes once it is read
CHUNK = 2**16  # bytes read at once: most messages are smaller, and come with one call
SLACK_SECONDS = 0.25  # a socket may wait this much beyond its deadline: setting a timeout is a system call
# Made once: json.dumps with separators makes a new one for every message. Our trees have no cycles.
_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class ChannelError(Exception):
    """The other side sent something that is not a frame of ours, or nothing in time."""


class Closed(ChannelError):
    """The other side went away."""


class Late(ChannelError):
    """No complete frame arrived before the deadline."""


class Malformed(ChannelError):
    """A frame arrived that does not follow the rules above."""


class TooLarge(ChannelError):
    """A value is larger, deeper or longer than a frame may be."""


class Frames:
    """Sends and receives frames over a connected stream socket.

    Errors: ``Closed``, ``Late`` (past ``deadline``, seconds of ``time.monotonic``), ``Malformed``, ``TooLarge``.
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.deadline: float | None = None
        self._timeout = -1.0  # of the socket, as set last; nothing yet
        self._arrived = bytearray()  # read from the socket and not yet given out

    def send(self, message: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> None:
        text = _ENCODE(message).encode("utf-8", "surrogatepass")
        size = sum(len(blob) for blob in blobs)
        if len(text) > MAX_JSON or size > MAX_BINARY:
            raise TooLarge(f"a message of {(len(text) + size) / 2**20:.0f} MB")
        self._send_all(b"".join((HEADER.pack(len(text), size), text, *blobs)))

    def receive(self) -> tuple[dict[str, Any], bytes]:
        # Memory grows with what has arrived, not with what the header promises.
        self._await(HEADER.size)
        text_size, binary_size = HEADER.unpack_from(self._arrived)
        if text_size > MAX_JSON or binary_size > MAX_BINARY:
            raise TooLarge(f"a message of {(text_size + binary_size) / 2**20:.0f} MB")
        begin, end = HEADER.size + text_size, HEADER.size + text_size + binary_size
        self._await(end)
        text, binary = bytes(self._arrived[HEADER.size : begin]), bytes(self._arrived[begin:end])
        del self._arrived[:end]
        if sum(text.count(mark) for mark in (b"[", b"{")) > MAX_PARTS // 2 or text.count(b",") > MAX_PARTS:
            raise Malformed("too many parts")
        try:
            message = json.loads(text.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise Malformed("not JSON") from error
        if not isinstance(message, dict):
            raise Malformed("not a JSON object")
        return message, binary

    def close(self) -> None:
        self.socket.close()

    def _remaining(self) -> float | None:
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Late("no answer in time")
        return left

    def _send_all(self, data: bytes) -> None:
        view = memoryview(data).cast("B")
        while view:
            try:
                self._set_timeout(self._remaining())
                view = view[self.socket.send(view) :]
            except TimeoutError as error:
                raise Late("not read in time") from error
            except OSError as error:
                raise Closed(str(error)) from error

    def _await(self, size: int) -> None:
        """Read until ``size`` bytes have arrived."""
        while len(self._arrived) < size:
            try:
                self._set_timeout(self._remaining())
                part = self.socket.recv(min(max(size - len(self._arrived), CHUNK), 2**20))
            except TimeoutError as error:
                raise Late("no answer in time") from error
            except OSError as error:
                raise Closed(str(error)) from error
            if not part:
                raise Closed("the connection ended")
            self._arrived += part

    def _set_timeout(self, seconds: float | None) -> None:
        wanted = math.inf if seconds is None else seconds
        if not wanted <= self._timeout <= wanted + SLACK_SECONDS:
            self.socket.settimeout(seconds)
            self._timeout = wanted

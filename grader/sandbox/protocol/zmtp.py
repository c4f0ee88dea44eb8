"""ZeroMQ's wire protocol over a Unix socket, as far as a Jupyter client needs it, with a bound on everything.

The other end belongs to student code, which may send anything: one message of 50 MB, a message that never ends, bytes
that are no message. libzmq can bound a frame but neither the number of frames in a message nor what it buffers,
so the judge's process reads for itself: never more than one buffer ahead, keeping no frame above ``MAX_FRAME`` and no
more than ``MAX_FRAMES`` of them, counting what it throws away.

The protocol is ZMTP 3.0 with the NULL mechanism (https://rfc.zeromq.org/spec/23/).
"""

import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass

MAX_FRAME = 4 * 2**20
MAX_FRAMES = 16
READ_SIZE = 2**18
SEND_SECONDS = 5

_SIGNATURE = b"\xff" + 8 * b"\0" + b"\x7f"
_GREETING = (_SIGNATURE + b"\x03\x00" + b"NULL".ljust(20, b"\0")).ljust(64, b"\0")
_MORE, _LONG, _COMMAND = 1, 2, 4
_HANDSHAKE_LIMIT = 4096


class WireError(Exception):
    """The connection is closed, or the other end does not speak the protocol."""


@dataclass
class Message:
    """``frames``: the first frames, None in place of one that was too large; ``size``: bytes of all of them."""

    frames: list[bytes | None]
    size: int


class Wire:
    """One connection. ``kind`` is our socket type: "DEALER" or "SUB". Raises ``WireError`` from every method.

    ``ready``: whether the handshake is over. ``received``: bytes so far, those thrown away included.
    """

    def __init__(self, path: str, kind: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._buffer = bytearray()
        self._skip = 0
        self._message = Message([], 0)
        self._flags = 0
        self._greeted = False
        self.ready = False
        self.received = 0
        try:
            self.socket.settimeout(SEND_SECONDS)
            self.socket.connect(path)
        except OSError as error:
            self.close()
            raise WireError(str(error)) from error
        body = b"\x05READY" + b"\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind.encode()
        self._send(_GREETING + bytes([_COMMAND, len(body)]) + body)

    def fileno(self) -> int:
        return self.socket.fileno()

    def close(self) -> None:
        self.socket.close()

    def send(self, frames: Sequence[bytes]) -> None:
        """Send one message, once ``ready``: libzmq may leave unread what arrives together with the handshake.

        Takes at most ``SEND_SECONDS``.
        """
        parts = []
        for number, frame in enumerate(frames, start=1):
            flags = _LONG | (_MORE if number < len(frames) else 0)
            parts += [struct.pack(">BQ", flags, len(frame)), frame]
        self._send(b"".join(parts))

    def _send(self, data: bytes) -> None:
        try:
            self.socket.settimeout(SEND_SECONDS)
            self.socket.sendall(data)
        except OSError as error:
            raise WireError(str(error)) from error

    def receive(self) -> list[Message]:
        """The messages completed by what has arrived; call it when the socket is readable."""
        try:
            self.socket.settimeout(SEND_SECONDS)
            data = self.socket.recv(READ_SIZE)
        except OSError as error:
            raise WireError(str(error)) from error
        if not data:
            raise WireError("the other end closed the connection")
        self.received += len(data)
        self._buffer += data
        messages: list[Message] = []
        while self._step(messages):
            pass
        return messages

    def _step(self, messages: list[Message]) -> bool:
        """Take one thing from the buffer; False when it holds nothing complete."""
        if not self._greeted:
            return self._take_greeting()
        if self._skip:
            return self._take_skipped(messages)
        header = self._frame_header()
        if header is None:
            return False
        flags, start, size = header
        self._check(flags, size)
        if not flags & _COMMAND and (size > MAX_FRAME or len(self._message.frames) >= MAX_FRAMES):
            del self._buffer[:start]
            self._flags, self._skip = flags, size
            self._message.size += size
            self._keep(None)
            if not size:
                self._end_frame(messages)
            return True
        if len(self._buffer) < start + size:
            return False
        body = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        if flags & _COMMAND:
            self.ready = True  # the only command a peer of this version sends is the READY of its handshake
            return True
        self._flags = flags
        self._message.size += size
        self._keep(body)
        self._end_frame(messages)
        return True

    def _take_greeting(self) -> bool:
        if len(self._buffer) < len(_GREETING):
            return False
        greeting = bytes(self._buffer[: len(_GREETING)])
        del self._buffer[: len(_GREETING)]
        if greeting[0] != 0xFF or greeting[9] != 0x7F or greeting[10] < 3 or greeting[12:32] != _GREETING[12:32]:
            raise WireError("the other end does not speak ZeroMQ's protocol")
        self._greeted = True
        return True

    def _take_skipped(self, messages: list[Message]) -> bool:
        taken = min(self._skip, len(self._buffer))
        del self._buffer[:taken]
        self._skip -= taken
        if not self._skip:
            self._end_frame(messages)
        return taken > 0

    def _frame_header(self) -> tuple[int, int, int] | None:
        """``(flags, length of the header, size of the body)``, or None if it is not all there."""
        if not self._buffer:
            return None
        flags = self._buffer[0]
        if flags & _LONG:
            return (flags, 9, int.from_bytes(self._buffer[1:9], "big")) if len(self._buffer) >= 9 else None
        return (flags, 2, self._buffer[1]) if len(self._buffer) >= 2 else None

    def _check(self, flags: int, size: int) -> None:
        if flags & ~(_MORE | _LONG | _COMMAND) or (flags & _COMMAND and size > _HANDSHAKE_LIMIT):
            raise WireError("the other end does not follow ZeroMQ's protocol")
        if not self.ready and not flags & _COMMAND:
            raise WireError("the other end sent a message before its handshake")

    def _keep(self, body: bytes | None) -> None:
        if len(self._message.frames) < MAX_FRAMES:
            self._message.frames.append(body)

    def _end_frame(self, messages: list[Message]) -> None:
        if not self._flags & _MORE:
            messages.append(self._message)
            self._message = Message([], 0)

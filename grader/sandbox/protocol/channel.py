"""Framed messages between the judge and the helper inside a student's kernel.

A frame is ``struct(">IQ")`` (length of the JSON part, length of the binary part), the JSON part in UTF-8, then the
bytes of all arrays one after the other. Values travel as plain data only: numbers, strings, lists, dicts, numeric
arrays; anything else is named by a reference and stays where it lives. Nothing is ever unpickled or evaluated.

The reading side trusts nothing: sizes, depth, node counts, data types and shapes are checked before memory is used.
This module needs the standard library and numpy only, because it also runs inside the sandbox.
"""

import json
import math
import struct
import time

import numpy as np

HEADER = struct.Struct(">IQ")
MAX_JSON = 8 * 2**20
MAX_BINARY = 128 * 2**20
MAX_DEPTH = 40
MAX_NODES = 200_000
CHUNK = 2**16  # bytes read at once: most messages are smaller, and come with one call
MAX_DIMENSIONS = 16
SLACK_SECONDS = 0.25  # a socket may wait this much beyond its deadline: setting a timeout is a system call
_KINDS = "biufc"
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

    def __init__(self, socket):
        self.socket = socket
        self.deadline = None
        self._timeout = -1.0  # of the socket, as set last; nothing yet
        self._arrived = bytearray()  # read from the socket and not yet given out

    def send(self, message, blobs=()):
        text = _ENCODE(message).encode("utf-8", "surrogatepass")
        size = sum(len(blob) for blob in blobs)
        if len(text) > MAX_JSON or size > MAX_BINARY:
            raise TooLarge(f"a message of {(len(text) + size) / 2**20:.0f} MB")
        self._send_all(b"".join((HEADER.pack(len(text), size), text, *blobs)))

    def receive(self):
        # Memory grows with what has arrived, not with what the header promises.
        self._await(HEADER.size)
        text_size, binary_size = HEADER.unpack_from(self._arrived)
        if text_size > MAX_JSON or binary_size > MAX_BINARY:
            raise TooLarge(f"a message of {(text_size + binary_size) / 2**20:.0f} MB")
        begin, end = HEADER.size + text_size, HEADER.size + text_size + binary_size
        self._await(end)
        text, binary = bytes(self._arrived[HEADER.size : begin]), bytes(self._arrived[begin:end])
        del self._arrived[:end]
        try:
            message = json.loads(text.decode("utf-8", "surrogatepass"))
        except (ValueError, RecursionError) as error:
            raise Malformed("not JSON") from error
        if not isinstance(message, dict):
            raise Malformed("not a JSON object")
        return message, binary

    def close(self):
        self.socket.close()

    def _remaining(self):
        if self.deadline is None:
            return None
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Late("no answer in time")
        return left

    def _send_all(self, data):
        view = memoryview(data).cast("B")
        while view:
            try:
                self._set_timeout(self._remaining())
                view = view[self.socket.send(view) :]
            except TimeoutError as error:
                raise Late("not read in time") from error
            except OSError as error:
                raise Closed(str(error)) from error

    def _await(self, size):
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

    def _set_timeout(self, seconds):
        wanted = math.inf if seconds is None else seconds
        if not wanted <= self._timeout <= wanted + SLACK_SECONDS:
            self.socket.settimeout(seconds)
            self._timeout = wanted


class Encoder:
    """Turns a value into a JSON-able tree and a list of binary parts.

    ``refer(obj)`` is asked for everything that is not plain data and returns a tagged dict (or raises).
    """

    def __init__(self, refer):
        self.refer = refer
        self.blobs = []
        self._offset = 0
        self._nodes = 0

    def encode(self, value, depth=0):
        self._nodes += 1
        if depth > MAX_DEPTH:
            raise TooLarge(f"nested more than {MAX_DEPTH} deep")
        if self._nodes > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} values")
        if value is None or isinstance(value, (bool, str)):
            return _plain(value)
        if isinstance(value, np.ndarray):
            return self._array(value, "a")
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), "n")
        if isinstance(value, int):
            return int(value) if abs(value) < 2**63 else {"t": "i", "v": hex(value)}
        if isinstance(value, float):
            return _float(float(value))
        if isinstance(value, complex):
            return {"t": "c", "v": [_float(value.real), _float(value.imag)]}
        if isinstance(value, (list, tuple, set, frozenset, range)):
            tag = "u" if isinstance(value, tuple) else "l"
            return {"t": tag, "v": [self.encode(item, depth + 1) for item in value]}
        if isinstance(value, dict):
            pairs = [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]
            return {"t": "d", "v": pairs}
        if isinstance(value, slice):
            return {"t": "s", "v": [self.encode(part, depth + 1) for part in (value.start, value.stop, value.step)]}
        if value is Ellipsis:
            return {"t": "e"}
        return self.refer(value)

    def _array(self, value, tag):
        array = np.asarray(value)
        if array.dtype.kind not in _KINDS or array.dtype.itemsize > 16 or array.dtype.hasobject:
            return self.refer(value)
        if array.dtype.kind in "fc" and array.dtype.itemsize > (8 if array.dtype.kind == "f" else 16):
            array = array.astype(np.float64 if array.dtype.kind == "f" else np.complex128)
        if array.nbytes + self._offset > MAX_BINARY:
            raise TooLarge(f"an array of shape {array.shape}, {array.nbytes / 2**20:.0f} MB")
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
        blob = array.tobytes()
        node = {"t": tag, "d": array.dtype.str, "s": list(array.shape), "o": self._offset}
        self.blobs.append(blob)
        self._offset += len(blob)
        return node


class Decoder:
    """Rebuilds a value from a tree and its binary part. ``resolve(node)`` is asked for references."""

    def __init__(self, binary, resolve):
        self.binary = binary
        self.resolve = resolve
        self._nodes = 0

    def decode(self, node, depth=0):
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise Malformed("too deep or too many values")
        if node is None or isinstance(node, (bool, int, float, str)):
            return node
        if not isinstance(node, dict):
            raise Malformed("an untagged value")
        tag, value = node.get("t"), node.get("v")
        if tag in ("a", "n"):
            array = self._array(node)
            return array if tag == "a" else array[()]
        if tag in ("l", "u"):
            items = [self.decode(item, depth + 1) for item in _list(value)]
            return items if tag == "l" else tuple(items)
        if tag == "d":
            return self._dict(value, depth)
        if tag == "f":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[_one_of(value, ("nan", "inf", "-inf"))]
        if tag == "c":
            real, imaginary = (self.decode(part, depth + 1) for part in _list(value, 2))
            return complex(_number(real), _number(imaginary))
        if tag == "i":
            return _big_integer(value)
        if tag == "s":
            return slice(*(self.decode(part, depth + 1) for part in _list(value, 3)))
        if tag == "e":
            return Ellipsis
        return self.resolve(node)

    def _dict(self, pairs, depth):
        result = {}
        for pair in _list(pairs):
            key, item = (self.decode(part, depth + 1) for part in _list(pair, 2))
            try:
                result[key] = item
            except TypeError as error:
                raise Malformed("a key that cannot be hashed") from error
        return result

    def _array(self, node):
        text, shape, offset = node.get("d"), node.get("s"), node.get("o")
        if not (isinstance(text, str) and len(text) <= 5 and isinstance(offset, int) and offset >= 0):
            raise Malformed("an array without type or place")
        try:
            dtype = np.dtype(text)
        except (TypeError, ValueError) as error:
            raise Malformed("an array of unknown type") from error
        if dtype.kind not in _KINDS or dtype.hasobject:
            raise Malformed("an array that is not numeric")
        if not (isinstance(shape, list) and len(shape) <= MAX_DIMENSIONS):
            raise Malformed("an array without a shape")
        if not all(type(size) is int and 0 <= size <= 2**40 for size in shape):
            raise Malformed("an array with an impossible shape")
        size = math.prod(shape) * dtype.itemsize
        if offset + size > len(self.binary):
            raise Malformed("an array larger than its bytes")
        try:
            if not size:
                return np.zeros(shape, dtype)
            # A copy: the result owns its memory, and is writable like any array.
            return np.frombuffer(self.binary, dtype, math.prod(shape), offset).reshape(shape).copy()
        except ValueError as error:
            raise Malformed("an array with an impossible shape") from error


def _plain(value):
    """None, True, False or a string, freed from what a subclass may have added."""
    if isinstance(value, str):
        return str.__str__(value)
    return value


def _float(value):
    return value if math.isfinite(value) else {"t": "f", "v": repr(value)}


def _list(value, length=None):
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise Malformed("a list was expected")
    return value


def _one_of(value, choices):
    if value not in choices:
        raise Malformed("an unknown constant")
    return value


def _number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed("a number was expected")
    return value


def _big_integer(value):
    if not isinstance(value, str) or len(value) > 2000:
        raise Malformed("a large integer was expected")
    try:
        return int(value, 16)
    except ValueError as error:
        raise Malformed("a large integer was expected") from error

"""Values in messages between the judge and the helper: plain data as JSON, arrays as bytes beside it.

Numbers, strings, lists, tuples, dicts and numeric arrays travel as they are; anything else is named by a reference and
stays where it lives. A *node* is a value as it stands in the JSON part: JSON's own scalars, or an object
with a tag ``t``.

The reading side trusts nothing: depth, node counts, data types and shapes are checked before memory is used. This
module needs the standard library and numpy only, because it also runs inside the sandbox.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias, TypedDict

import numpy as np

from grader.sandbox.protocol.channel import MAX_BINARY, Malformed, TooLarge

MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_DIMENSIONS = 16
MAX_EMPTY = 2**20  # entries of an array without entries, if its empty axes had length one
_KINDS = "biufc"


class ArrayNode(TypedDict):
    """An array, or a number of numpy's ("n"): data type, shape, and where its bytes begin."""

    t: Literal["a", "n"]
    d: str
    s: list[int]
    o: int


class ItemsNode(TypedDict):
    """A list, a tuple ("u"), a dict's pairs, or a complex number's parts."""

    t: Literal["l", "u", "d", "c"]
    v: list[Any]


class TextNode(TypedDict):
    """A float that is not finite, by its name, or an integer beyond 64 bits, in hexadecimal."""

    t: Literal["f", "i"]
    v: str


class ObjectNode(TypedDict):
    """An object in the sandbox that is no plain data, by the name of its class."""

    t: Literal["r"]
    c: str


class FunctionNode(TypedDict):
    """A function of the judge's."""

    t: Literal["k"]
    v: int


Reference: TypeAlias = ObjectNode | FunctionNode
Node: TypeAlias = bool | int | float | str | None | ArrayNode | ItemsNode | TextNode | Reference


class Encoder:
    """Turns a value into a JSON-able tree and a list of binary parts.

    ``refer(obj)`` is asked for everything that is not plain data and returns a tagged dict (or raises).
    """

    def __init__(self, refer: Callable[[Any], Reference]) -> None:
        self.refer = refer
        self.blobs: list[bytes] = []
        self._offset = 0
        self._nodes = 0

    def encode(self, value: Any, depth: int = 0) -> Node:
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
            items = [self.encode(item, depth + 1) for item in value]
            return {"t": "u" if isinstance(value, tuple) else "l", "v": items}
        if isinstance(value, dict):
            pairs = [[self.encode(key, depth + 1), self.encode(item, depth + 1)] for key, item in value.items()]
            return {"t": "d", "v": pairs}
        return self.refer(value)

    def _array(self, value: Any, tag: Literal["a", "n"]) -> Node:
        array = np.asarray(value)
        if array.dtype.kind not in _KINDS or array.dtype.itemsize > 16 or array.dtype.hasobject:
            return self.refer(value)
        if array.dtype.kind in "fc" and array.dtype.itemsize > (8 if array.dtype.kind == "f" else 16):
            array = array.astype(np.float64 if array.dtype.kind == "f" else np.complex128)
        if array.nbytes + self._offset > MAX_BINARY:
            raise TooLarge(f"an array of shape {array.shape}, {array.nbytes / 2**20:.0f} MB")
        if _is_monstrous_nothing(array.shape):
            raise TooLarge(f"an empty array of shape {array.shape}")
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(array.shape)
        blob = array.tobytes()
        node: ArrayNode = {"t": tag, "d": array.dtype.str, "s": list(array.shape), "o": self._offset}
        self.blobs.append(blob)
        self._offset += len(blob)
        return node


def _is_monstrous_nothing(shape: Sequence[int]) -> bool:
    """Whether a sum over the empty axes would have too many entries: a gigabyte, for the shape (2**27, 0)."""
    return 0 in shape and math.prod(length or 1 for length in shape) > MAX_EMPTY


class Decoder:
    """Rebuilds a value from a tree and its binary part. ``resolve(node)`` is asked for references."""

    def __init__(self, binary: bytes, resolve: Callable[[dict[str, Any]], Any]) -> None:
        self.binary = binary
        self.resolve = resolve
        self._nodes = 0

    def decode(self, node: Any, depth: int = 0) -> Any:
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
        return self.resolve(node)

    def _dict(self, pairs: Any, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for pair in _list(pairs):
            key, item = (self.decode(part, depth + 1) for part in _list(pair, 2))
            try:
                result[key] = item
            except TypeError as error:
                raise Malformed("a key that cannot be hashed") from error
        return result

    def _array(self, node: dict[str, Any]) -> Any:
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
        if _is_monstrous_nothing(shape):
            raise Malformed("an empty array of monstrous shape")
        try:
            if not size:
                return np.zeros(shape, dtype)
            # A copy: the result owns its memory, and is writable like any array.
            return np.frombuffer(self.binary, dtype, math.prod(shape), offset).reshape(shape).copy()
        except ValueError as error:
            raise Malformed("an array with an impossible shape") from error


def _plain(value: bool | str | None) -> bool | str | None:
    """None, True, False or a string, freed from what a subclass may have added."""
    if isinstance(value, str):
        return str.__str__(value)
    return value


def _float(value: float) -> float | TextNode:
    return value if math.isfinite(value) else {"t": "f", "v": repr(value)}


def _list(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise Malformed("a list was expected")
    return value


def _one_of(value: Any, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in choices:
        raise Malformed("an unknown constant")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed("a number was expected")
    return value


def _big_integer(value: Any) -> int:
    if not isinstance(value, str) or len(value) > 2000:
        raise Malformed("a large integer was expected")
    try:
        return int(value, 16)
    except ValueError as error:
        raise Malformed("a large integer was expected") from error

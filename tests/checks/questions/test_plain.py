"""Answers and cases as plain data, and in files."""

import json
from typing import NamedTuple

import numpy as np
import pytest

from grader.checks.questions.plain import Opaque, own, pack, plain, unpack
from grader.judge.connection import _opaque
from grader.sandbox.inside.helper import _name_of
from grader.sandbox.protocol.values import Decoder, Encoder


class Layer:
    """Something of a student's."""


class Step(NamedTuple):
    """What a step of a student's gives."""

    w: np.ndarray
    velocity: np.ndarray


class MyArray(np.ndarray):
    """A kind of array of a student's."""


VALUES = {
    "array": np.arange(6.0).reshape(2, 3),
    "float32": np.ones(3, np.float32),
    "integers": np.arange(4),
    "booleans": np.array([True, False]),
    "complex": np.array([1 + 2j]),
    "empty": np.zeros((0, 3)),
    "no dimension": np.array(2.5),
    "strided": np.arange(12.0).reshape(3, 4)[::2, ::-1].T,
    "number of numpy's": np.float64(0.1),
    "long double": np.longdouble(0.1),
    "numbers": [1, 2.5, True, None, 2**70, -0.0, float("inf"), 1 + 2j],
    "texts": ("a", ["ä", ""]),
    "dictionary": {"a": np.ones(2), 3: [4]},
    "range": range(3),
    "set": {5},
}


def alike(one, other):
    """Equal in structure, types and every bit."""
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, dict):
        return type(other) is dict and one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, (np.ndarray, np.generic)):
        same = type(one) is type(other) and one.dtype == other.dtype and one.shape == other.shape
        return same and one.tobytes() == other.tobytes()
    return type(one) is type(other) and repr(one) == repr(other)


@pytest.mark.parametrize("name", VALUES)
def test_at_home_as_in_the_sandbox(name):
    """What `plain` makes of an answer goes through the protocol and comes out as it was."""
    answer = plain(VALUES[name])
    encoder = Encoder(_name_of)
    node = json.loads(json.dumps(encoder.encode(answer)))
    assert alike(answer, Decoder(b"".join(encoder.blobs), _opaque).decode(node))


@pytest.mark.parametrize("name", VALUES)
def test_a_file_gives_back_what_was_put_into_it(name):
    """To the last bit."""
    value = plain(VALUES[name])
    assert alike(unpack(json.loads(json.dumps(pack(value)))), value)


def test_what_is_no_data_is_named_only():
    """By its class; and it keeps that name on its way out of the sandbox."""
    found = plain([Layer(), Layer, print, np.array([object()]), np.array(["a"])])
    assert all(isinstance(one, Opaque) for one in found)
    assert [type(one).__name__ for one in found][:2] == ["Layer", "type"]
    encoder = Encoder(_name_of)
    back = Decoder(b"", _opaque).decode(encoder.encode(found))
    assert [type(one).__name__ for one in back] == [type(one).__name__ for one in found]
    with pytest.raises(TypeError, match="cannot be recorded"):
        pack(Layer())


def test_nothing_is_shared():
    """A later change of an array changes no answer, and a change of a case's array no case."""
    array = np.ones(3)
    kept, copy = plain([array]), own({"X": [array]})
    array[:] = 2
    assert kept[0].tolist() == copy["X"][0].tolist() == [1, 1, 1]
    assert type(plain(array.view(MyArray))) is np.ndarray


def test_what_is_nested_without_end_is_refused():
    """A list that holds itself."""
    endless = []
    endless.append(endless)
    with pytest.raises(ValueError, match="deep"):
        plain(endless)


def test_a_copy_is_of_the_same_kind():
    """Also of a namedtuple of a student's, which is asked for its parts by name later."""
    step = Step(np.ones(2), np.zeros(2))
    copied = own(step)
    assert isinstance(copied, Step) and np.array_equal(copied.velocity, step.velocity) and copied.w is not step.w
    assert own([(1, [2])]) == [(1, [2])]

"""A connection: what crosses between the judge and the sandbox, and what must not."""

import json
import linecache
import marshal
import socket
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from grader.checks.questions.plain import Opaque
from grader.judge.authoring.verdicts import Lost, NotDefined, NotWritten, StudentError, TooSlow
from grader.judge.connection import Connection
from grader.sandbox.inside.helper import Responder, prepare
from grader.sandbox.protocol.channel import HEADER, Frames, Malformed
from grader.sandbox.protocol.judge_messages import read_done, read_hello

CODE = """
import numpy as np
class Doubler:
    pass
def descend(grad, w, steps):
    for _ in range(steps): w = w - 0.1 * grad(w)
    return w
def broken(a, b): return a @ b
def stub(): raise NotImplementedError("stub")
def uses_helper(x): return helper(x=x) + 1
def helper(x): return 100
def dice():
    import random
    return [random.random(), float(np.random.random())]
def nested(): return {"a": (1, [2.5, None, "x"]), 3: np.float32(1.5), "i": 2**70, "n": float("nan"), "c": 1 + 2j}
def deep():
    value = []
    for _ in range(100): value = [value]
    return value
def huge(): return np.zeros((30000, 1000))
def nothing(): return np.zeros((2**27, 0))
def objects(): return [Doubler(), np.array([1, "a", None], dtype=object), slice(1, 2), helper]
def sleep():
    import time
    time.sleep(5)
"""
QUESTIONS = '''
from grader.checks.questions import lent, question

@lent
def helper(x):
    """A number."""

@question("test", points=1, lends=(helper,))
def calls(student, name, arguments):
    """calls"""
    return getattr(student, name)(*arguments)

@question("test", points=1)
def in_place(student, x):
    """changes its argument"""
    x *= 2
    return x
'''


@pytest.fixture
def connection():
    ours, theirs = socket.socketpair()
    namespace = {}
    linecache.cache["<student>"] = (len(CODE), None, CODE.splitlines(keepends=True), "<student>")
    exec(compile(CODE, "<student>", "exec"), namespace)
    prepare([("weekX.asked_questions", marshal.dumps(compile(QUESTIONS, "<questions>", "exec")))])
    thread = threading.Thread(target=Responder(Frames(theirs), namespace).answer_all, daemon=True)
    thread.start()
    connection = Connection(Frames(ours))
    connection.start(10)
    yield connection
    ours.close()
    theirs.close()


@pytest.fixture
def call(connection):
    """Calls a function of the student's, in a question."""

    def call(name, *arguments, lent=None):
        return connection.ask(
            "weekX.asked_questions", "calls", {"name": name, "arguments": list(arguments)}, lent or {}
        )

    return call


def test_nested_plain_data_arrives_as_it_was(call):
    value = call("nested")
    assert value["a"] == (1, [2.5, None, "x"])
    assert value[3] == 1.5 and value[3].dtype == np.float32
    assert value["i"] == 2**70 and np.isnan(value["n"]) and value["c"] == 1 + 2j


def test_what_is_no_plain_data_is_named_only(call):
    """By its class: an object, an array of objects, a slice, a function."""
    found = call("objects")
    assert all(isinstance(one, Opaque) for one in found)
    assert [type(one).__name__ for one in found] == ["Doubler", "array of object", "slice", "function"]


def test_every_question_is_seeded_as_its_test(connection, call):
    def thrown(seed):
        connection.start(10, seed)
        first, again = call("dice"), call("dice")
        assert first == again
        return first

    assert thrown(1) == thrown(1) != thrown(2)
    assert len(set(thrown(1))) == 2


def test_a_case_is_the_question_s_own(connection):
    """What it does to its arrays is in its answer, and not in the case that is kept."""
    x = np.ones(3)
    assert connection.ask("weekX.asked_questions", "in_place", {"x": x}, {}).tolist() == [2, 2, 2]
    assert x.tolist() == [1, 1, 1]


def test_a_function_in_a_case_is_answered_by_the_judge(call):
    """It sees what it is called with, and nothing of it but its results goes in."""
    seen = []
    w = call("descend", lambda w: seen.append(w) or 2 * w, np.ones(2), 3)
    np.testing.assert_allclose(w, 0.8**3)
    assert len(seen) == 3 and all(isinstance(one, np.ndarray) for one in seen)


def test_what_a_function_cannot_take_is_told_to_its_caller(call):
    def refuses(w):
        raise KeyError("the secret")

    with pytest.raises(StudentError, match="cannot take these arguments .KeyError.") as caught:
        call("descend", refuses, np.ones(2), 1)
    assert "secret" not in str(caught.value)


def test_too_many_calls_are_a_loop(call, monkeypatch):
    monkeypatch.setattr("grader.judge.connection.MAX_CALLS", 10)
    with pytest.raises(TooSlow):
        call("descend", lambda w: w, np.ones(2), 11)


def test_a_lent_function_stands_for_the_student_s_own_and_takes_its_names(call):
    assert call("uses_helper", 1) == 101
    assert call("uses_helper", 1, lent={"helper": lambda x: x}) == 2
    assert call("uses_helper", 1) == 101


def test_errors_are_told_with_the_shapes_of_their_line(call):
    with pytest.raises(StudentError, match=r"return a @ b.*a has shape \(2, 3\)") as caught:
        call("broken", np.ones((2, 3)), np.ones((2, 3)))
    assert caught.value.kind == "ValueError"


def test_stub_and_missing_name_have_their_own_kinds(call):
    with pytest.raises(NotWritten):
        call("stub")
    with pytest.raises(NotDefined, match="Missing"):
        call("Missing")


@pytest.mark.parametrize("name", ["deep", "huge", "nothing"])
def test_monstrous_values_are_a_mistake_not_a_crash(call, name):
    with pytest.raises(StudentError, match="too large|nested"):
        call(name)


def test_what_is_neither_data_nor_function_cannot_be_sent(call):
    with pytest.raises(TypeError, match="a slice cannot be sent"):
        call("stub", slice(1))


def test_no_answer_in_time(connection, call):
    connection.start(0.2)
    started = time.monotonic()
    with pytest.raises(TooSlow):
        call("sleep")
    assert time.monotonic() - started < 2
    with pytest.raises(Lost):
        call("dice")


def array_node(**other):
    return {"ok": {"t": "a", "d": "<f8", "s": [1], "o": 0, **other}}


def error(**other):
    return {"error": {"type": "ValueError", "message": "", **other}}


LINE = {"line": 1, "function": "f", "source": "x"}
OBJECT = {"t": "r", "c": "Dense"}
FORGED = {
    "not json": b"}{",
    "no object": [1, 2],
    "nothing": {},
    "an unknown kind": {"fine": 1},
    "a value and more": {"ok": 1, "passed": True},
    "a value and an error": {"ok": 1, **error()},
    "unknown tag": {"ok": {"t": "pickle", "v": "x"}},
    "untagged": {"ok": [1]},
    "array without bytes": array_node(s=[1000000, 1000000]),
    "negative shape": array_node(s=[-1, -8]),
    "impossible shape of nothing": array_node(s=[0, 2**40, 2**40]),
    "nothing at all of a monstrous shape": array_node(s=[2**27, 0]),
    "object dtype": array_node(d="|O"),
    "strange dtype": array_node(d="V9,f8"),
    "bool offset": array_node(s=[0], o=None),
    "deep": b'{"ok":' + b'{"t":"l","v":[' * 5000 + b"]}" * 5000 + b"}",
    "object without a class": {"ok": {"t": "r"}},
    "class that is no text": {"ok": {**OBJECT, "c": 1}},
    "object with more": {"ok": {**OBJECT, "score": 1}},
    "unhashable key": {"ok": {"t": "d", "v": [[{"t": "l", "v": []}, 1]]}},
    "slice": {"ok": {"t": "s", "v": [1, 2, None]}},
    "function": {"ok": {"t": "k", "v": 1}},
    "callback of names without end": {"callback": 1, "args": [], "kwargs": [["f", 1]] * 2000},
    "callback with a long name": {"callback": 1, "args": [], "kwargs": [["f" * 2000, 1]]},
    "constant": {"ok": {"t": "f", "v": "__import__"}},
    "unhashable constant": {"ok": {"t": "f", "v": [1]}},
    "list that is none": {"ok": {"t": "l", "v": "abc"}},
    "error that is text": {"error": "ValueError"},
    "error without a message": {"error": {"type": "ValueError"}},
    "error of no type": error(type=None),
    "error with more": error(points=1),
    "trace that is no list": error(trace=LINE),
    "trace of something else": error(trace=[LINE, "line"]),
    "trace without a source": error(trace=[{"line": 1, "function": "f"}]),
    "trace of true": error(trace=[{**LINE, "line": True}]),
    "shapes that are a list": error(shapes=[]),
    "shape without a type": error(shapes={"x": [[1]]}),
    "more shapes than names": error(shapes={f"x{number}": [[1], "f8"] for number in range(160_000)}),
    "a trace without end": error(trace=[LINE] * 1000),
    "lists without end": b'{"ok":[' + b"[]," * 600_000 + b"[]]}",
    "numbers without end": b'{"ok":[' + b"1," * 1_100_000 + b"1]}",
    "shape of text": error(shapes={"x": [["a"], ""]}),
    "callback of nobody": {"callback": 77, "args": [], "kwargs": []},
    "callback with rubbish": {"callback": [1], "args": 3},
    "callback of true": {"callback": True, "args": [], "kwargs": []},
    "callback with more": {"callback": 1, "args": [], "kwargs": [], "ok": 1},
    "callback with a keyword of three": {"callback": 1, "args": [], "kwargs": [["a", 1, 2]]},
    "callback with a keyword that is no name": {"callback": 1, "args": [], "kwargs": [[1, 1]]},
    "callback with an argument that is no value": {"callback": 1, "args": [[]], "kwargs": []},
}


@contextmanager
def answered_by(reply):
    """A connection whose other end says ``reply``, whatever it is asked. Function 1 is the judge's ``abs``."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = Connection(Frames(ours))
        connection.start(5)
        connection._functions[1] = abs
        text = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        # In a thread: a long reply waits until it is read.
        said = threading.Thread(target=theirs.sendall, args=(HEADER.pack(len(text), 0) + text,), daemon=True)
        said.start()
        yield connection
        said.join(5)


@pytest.mark.parametrize("name", FORGED)
def test_forged_replies_lose_the_test_and_nothing_else(name):
    with answered_by(FORGED[name]) as connection:
        with pytest.raises(Lost, match="no proper answer"):
            connection.ask("weekX.asked_questions", "calls", {}, {})
        assert not connection.alive


HELLOS = [
    {},
    {"hello": "control"},
    {"hello": "control", "pid": "1"},
    {"hello": "judge", "pid": 1},
    {"hello": "control", "pid": 1, "number": 1},
    {"hello": "connection", "number": True},
    {"hello": "connection"},
    {"hello": "connection", "number": 1, "functions": []},
]


@pytest.mark.parametrize("message", HELLOS)
def test_a_hello_of_nobody_is_refused(message):
    with pytest.raises(Malformed):
        read_hello(message)


@pytest.mark.parametrize("message", [{}, {"done": False}, {"done": 1}, {"done": True, "ok": 1}])
def test_what_is_no_reply_to_an_order_is_refused(message):
    with pytest.raises(Malformed):
        read_done(message)


def test_a_header_that_promises_gigabytes_is_refused_before_memory_is_used():
    ours, theirs = socket.socketpair()
    connection = Connection(Frames(ours))
    connection.start(5)
    theirs.sendall(HEADER.pack(10, 2**40))
    with pytest.raises(Lost, match="too large"):
        connection.ask("weekX.asked_questions", "calls", {}, {})
    ours.close(), theirs.close()

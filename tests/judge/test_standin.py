"""Stand-ins: what crosses between the judge and the sandbox, and what must not."""

import json
import linecache
import operator
import socket
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from grader.judge.authoring.verdicts import Lost, NotDefined, NotWritten, StudentError, TooSlow
from grader.judge.standin import Connection, Standin, Student, drain, kept, prop, repeat
from grader.sandbox.inside.helper import MAX_NAMES, Responder, functions_in
from grader.sandbox.protocol.channel import HEADER, Frames, Malformed
from grader.sandbox.protocol.judge_messages import read_done, read_hello

CODE = """
import numpy as np
class Doubler:
    def __init__(self, factor=2): self.factor = factor; self.seen = []
    def forward(self, x): self.seen.append(x); return self.factor * x
    def in_place(self, x): x *= 2; return x
def chain(layers, x): return [x := layer.forward(x) for layer in layers]
def batches():
    yield from (np.arange(n) for n in range(3))
def forever():
    while True: yield 1
def descend(grad, w, steps):
    for _ in range(steps): w = w - 0.1 * grad(w)
    return w
def broken(a, b): return a @ b
def stub(): raise NotImplementedError("stub")
def uses_helper(x): return helper(x) + 1
def helper(x): return 100
def apply(f, x): return f(x)
class Shadowed(Doubler):
    def __init__(self): self.forward = 7
counter = np.zeros(2)
def counts(step):
    counter[:] += step
    step[:] = 100
    return counter
def dice():
    import random
    return [random.random(), float(np.random.random())]
def nested(): return {"a": (1, [2.5, None, "x"]), 3: np.float32(1.5), "i": 2**70, "n": float("nan"), "c": 1 + 2j}
def deep():
    value = []
    for _ in range(100): value = [value]
    return value
def huge(): return np.zeros((30000, 1000))
def objects(): return np.array([1, "a", None], dtype=object)
def sleep():
    import time
    time.sleep(5)
"""


@pytest.fixture
def connection():
    ours, theirs = socket.socketpair()
    namespace = {}
    linecache.cache["<student>"] = (len(CODE), None, CODE.splitlines(keepends=True), "<student>")
    exec(compile(CODE, "<student>", "exec"), namespace)
    thread = threading.Thread(target=Responder(Frames(theirs), namespace).answer_all, daemon=True)
    thread.start()
    connection = Connection(Frames(ours))
    connection.start(10)
    yield connection
    ours.close()
    theirs.close()


@pytest.fixture
def student(connection):
    return Student(connection)


def test_objects_stay_and_numbers_cross(student):
    layer = student.Doubler(3)
    assert isinstance(layer, Standin)
    np.testing.assert_array_equal(layer.forward(np.eye(2)), 3 * np.eye(2))
    layer.factor = 5
    assert layer.factor == 5
    assert len(layer.seen) == 1


def test_lists_mix_standins_and_numbers(student):
    activations = student.chain([student.Doubler(2), student.Doubler(3)], np.ones(2))
    np.testing.assert_array_equal(activations[-1], [6, 6])


def test_nested_plain_data_arrives_as_it_was(student):
    value = student.nested()
    assert value["a"] == (1, [2.5, None, "x"])
    assert value[3] == 1.5 and value[3].dtype == np.float32
    assert value["i"] == 2**70 and np.isnan(value["n"]) and value["c"] == 1 + 2j


def test_generators_are_drained_up_to_a_limit(student):
    assert [len(batch) for batch in student.batches()] == [0, 1, 2]
    with pytest.raises(TooSlow):
        drain(student.forever(), limit=5)


def test_a_call_is_repeated_in_one_question(connection, student):
    """With arguments that are new each time, and each result as it was then: the buffer is overwritten by the next."""
    counts, questions = student.counts, connection.questions
    results = repeat(counts, 3, np.ones(2))
    assert connection.questions == questions + 1
    np.testing.assert_array_equal(results, [[1, 1], [2, 2], [3, 3]])
    with pytest.raises(StudentError):
        repeat(counts, 3)


def test_the_first_question_seeds_the_sandbox(connection, student):
    def thrown(seed):
        connection.start(10, seed)
        return student.dice() + student.dice()

    assert thrown(1) == thrown(1) != thrown(2)
    assert len(set(thrown(1))) == 4


def test_a_change_in_place_is_seen(student):
    array = student.put(np.ones(3))
    student.Doubler().in_place(array)
    np.testing.assert_array_equal(array.value(), [2, 2, 2])


def test_python_functions_become_callbacks(student):
    seen = []
    w = student.descend(lambda w: seen.append(w) or 2 * w, np.ones(2), 3)
    np.testing.assert_allclose(w, 0.8**3)
    assert len(seen) == 3


def test_a_callback_may_ask_the_student_in_turn(student):
    layer = student.Doubler(4)
    np.testing.assert_allclose(student.descend(lambda w: layer.forward(w), np.ones(1), 1), 0.6)


def test_a_name_is_replaced_and_comes_back(student):
    with student.replacing(helper=lambda x: x):
        assert student.uses_helper(1) == 2
    assert student.uses_helper(1) == 101


@prop
class Tripler:
    def forward(self, x):
        return 3 * np.asarray(x)


def test_props_are_sent_as_source(student):
    layer = student.prop(Tripler)()
    np.testing.assert_array_equal(student.chain([layer], np.ones(1))[0], [3])


def test_a_prop_is_sent_once(student, connection):
    """Its objects are new each time; the tests asked after it find it there."""
    first = student.prop(Tripler)()
    connection.start(10)
    before = connection.questions
    assert student.prop(Tripler)() != first
    assert connection.questions == before + 1


def test_two_standins_of_one_object_are_equal(student):
    layer = student.Doubler()
    first, second = student.chain, student.chain
    assert first == second and first != layer


def test_errors_are_told_with_the_shapes_of_their_line(student):
    with pytest.raises(StudentError, match=r"return a @ b.*a has shape \(2, 3\)") as caught:
        student.broken(np.ones((2, 3)), np.ones((2, 3)))
    assert caught.value.kind == "ValueError"


def test_stub_and_missing_name_have_their_own_kinds(student):
    with pytest.raises(NotWritten):
        student.stub()
    with pytest.raises(NotDefined, match="Missing"):
        _ = student.Missing
    assert not student.has("Missing") and student.has("Doubler")


def test_object_arrays_never_cross_by_value(student):
    assert isinstance(student.objects(), Standin)


@pytest.mark.parametrize("name", ["deep", "huge"])
def test_monstrous_values_are_a_mistake_not_a_crash(student, name):
    with pytest.raises(StudentError, match="too large"):
        getattr(student, name)()


def test_a_call_by_name_is_one_question(student):
    """Of a function, of a class, of a method; what else is done with one finds the same function."""
    connection = object.__getattribute__(student, "_connection")
    connection.functions |= {"Doubler", "chain", "broken"}
    before = connection.questions
    assert student.Doubler(3).forward(2) == 6 and connection.questions == before + 2
    layers = [student.Doubler(2), student.Doubler(5)]
    assert student.chain(layers, 1) == [2, 10]
    assert student.chain == student.chain and student.chain != student.broken
    assert student.has("chain") and repeat(student.Doubler().forward, 2, 4) == [8, 8]
    with pytest.raises(StudentError):
        student.broken(np.zeros(2), np.zeros(3))


def test_a_function_of_the_students_can_be_handed_on(student):
    """As an argument, and by the name of the object it belongs to."""
    connection = object.__getattribute__(student, "_connection")
    connection.functions |= {"helper", "apply", "gone"}
    doubler, before = student.Doubler(), connection.questions
    assert student.apply(student.helper, 5) == 100
    assert student.apply(doubler.forward, 5) == 10
    assert connection.questions == before + 2
    with pytest.raises(NotDefined):
        student.apply(student.gone, 5)


def test_attributes_of_the_object_come_before_methods_of_its_class(student):
    """An array under the name of a method is an array; what the judge puts in place of a function is what counts."""
    assert student.Shadowed().forward == 7 and student.Doubler().factor == 2
    connection = object.__getattribute__(student, "_connection")
    connection.functions.add("helper")
    with student.replacing(helper=3):
        assert student.helper == 3
    assert student.helper(1) == 100


def test_names_of_functions_are_public_text_and_not_too_many():
    """Whatever a student's code has put among the names."""
    names = {"f": print_nothing, "C": Connection, "_hidden": print_nothing, 1: print_nothing, "x": 3, "p": print}
    assert functions_in(names) == ["f", "C"]
    assert len(functions_in({f"f{number}": print_nothing for number in range(2 * MAX_NAMES)})) == MAX_NAMES


def print_nothing():
    pass


def test_what_is_kept_does_not_cross(connection, student):
    """A result that is only to be passed on is named, whatever it is; a mistake is told as ever."""
    array = kept(student.Doubler(3).forward, np.ones(2))
    assert isinstance(array, Standin) and array.value().tolist() == [3, 3]
    assert student.Doubler(2).forward(array).tolist() == [6, 6]
    nothing = kept(student.apply, lambda value: None, 1)
    assert isinstance(nothing, Standin) and nothing.value() is None
    with pytest.raises(StudentError):
        kept(student.broken, np.zeros(2), np.zeros(3))


def test_no_answer_in_time(connection):
    connection.start(0.2)
    started = time.monotonic()
    with pytest.raises(TooSlow):
        Student(connection).sleep()
    assert time.monotonic() - started < 2
    with pytest.raises(Lost):
        Student(connection).helper(1)


def array_node(**other):
    return {"ok": {"t": "a", "d": "<f8", "s": [1], "o": 0, **other}}


def error(**other):
    return {"error": {"type": "ValueError", "message": "", **other}}


LINE = {"line": 1, "function": "f", "source": "x"}
OBJECT = {"t": "r", "h": 1, "c": "Dense", "m": []}
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
    "handle that is no number": {"ok": {**OBJECT, "h": "x"}},
    "handle that is true": {"ok": {**OBJECT, "h": True}},
    "object without methods": {"ok": {"t": "r", "h": 1, "c": "Dense"}},
    "methods that are no names": {"ok": {**OBJECT, "m": ["forward", 1]}},
    "object with more": {"ok": {**OBJECT, "score": 1}},
    "unhashable key": {"ok": {"t": "d", "v": [[{"t": "l", "v": []}, 1]]}},
    "slice": {"ok": {"t": "s", "v": [1]}},
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
    "methods without end": {"ok": {**OBJECT, "m": ["f"] * 2000}},
    "a method of a long name": {"ok": {**OBJECT, "m": ["f" * 2000]}},
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
        connection.callbacks[1] = abs
        text = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
        theirs.sendall(HEADER.pack(len(text), 0) + text)
        yield connection


@pytest.mark.parametrize("name", FORGED)
def test_forged_replies_lose_the_test_and_nothing_else(name):
    with answered_by(FORGED[name]) as connection:
        with pytest.raises(Lost, match="no proper answer"):
            connection.ask("get", name="x")
        assert not connection.alive


NO_ANSWERS = {
    "keep": (lambda connection: connection.keep(1), [None, 1]),
    "define": (lambda connection: connection.define("f = 1", "f"), [None, "f"]),
    "kept": (lambda connection: kept(Standin(connection, 1, "f")), [None, 1]),
    "set": (lambda connection: setattr(Standin(connection, 1, "f"), "x", 1), [1, OBJECT]),
    "set_item": (lambda connection: operator.setitem(Standin(connection, 1, "f"), 0, 1), [1]),
    "bind": (lambda connection: connection.ask("bind", v={}), [1]),
    "unbind": (lambda connection: connection.ask("unbind"), [1]),
    "length": (lambda connection: len(Standin(connection, 1, "f")), [None, True, -1, 2**31, 1.0, OBJECT]),
    "repeat": (lambda connection: repeat(Standin(connection, 1, "f"), 2), [None, OBJECT, {"t": "l", "v": [1]}]),
    "drain": (
        lambda connection: drain(Standin(connection, 1, "f"), 2),
        [
            {"t": "l", "v": []},
            {"t": "d", "v": [["items", {"t": "l", "v": []}]]},
            {"t": "d", "v": [["items", {"t": "l", "v": []}], ["more", 1]]},
            {"t": "d", "v": [["items", 1], ["more", False]]},
            {"t": "d", "v": [["items", {"t": "l", "v": [1, 2, 3]}], ["more", False]]},
        ],
    ),
}


@pytest.mark.parametrize(("asked", "node"), [(name, node) for name, (_, nodes) in NO_ANSWERS.items() for node in nodes])
def test_a_value_that_answers_another_question_loses_the_test(asked, node):
    with answered_by({"ok": node}) as connection, pytest.raises(Lost, match="no proper answer"):
        NO_ANSWERS[asked][0](connection)


HELLOS = [
    {},
    {"hello": "control"},
    {"hello": "control", "pid": "1"},
    {"hello": "judge", "pid": 1},
    {"hello": "control", "pid": 1, "functions": []},
    {"hello": "connection", "number": True, "functions": []},
    {"hello": "connection", "number": 1},
    *({"hello": "connection", "number": 1, "functions": found} for found in (None, "Dense", {"Dense": 1}, [1, None])),
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
        connection.ask("get", name="x")
    ours.close(), theirs.close()

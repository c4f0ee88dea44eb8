"""The messages between the judge and the helper beside student code: their types, and the check of what comes out.

The judge listens; the helper connects and says who it is (``Hello``). On the first connection, to the student's process
itself, the judge gives *orders*: for each connection that it wants, a copy of the process makes it. Over such a
connection it asks *questions*, one at a time, and gets a *reply* to each; before that, student code may call functions
of the judge's, and each such ``Callback`` gets an ``Answer``.

What goes in is ours. What comes out is written beside student code, by it perhaps: ``read_reply`` and ``read_hello``
let nothing through that is not declared here, and ``Decoder`` (see ``values``) no value that is none.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, TypedDict, cast, final, get_args, get_origin, get_type_hints

from grader.sandbox.protocol.channel import Malformed
from grader.sandbox.protocol.values import Node, ObjectNode

# What an honest helper keeps well within.
MAX_NAMES, MAX_NAME = 1000, 1000
MAX_TRACE, MAX_SHAPES = 20, 100


# From the judge


class Order(TypedDict, total=False):
    """``connect``: have a copy of the process connect, as ``number``; ``dismiss``: end the copies.

    ``prepare``: load modules of questions, each after those that it imports: their names and the sizes of their
    compiled code, which is the binary part.
    """

    order: Literal["connect", "dismiss", "prepare"]
    number: int
    modules: list[tuple[str, int]]


class Ask(TypedDict):
    """Ask a question of a module that was prepared, about a case.

    In case and ``lent``, by name, functions of the judge's are ``FunctionNode``. ``seed``: for the generators that
    student code shares, before the question.
    """

    module: str
    name: str
    case: Node
    lent: dict[str, Node]
    seed: int | None


class Answer(TypedDict, total=False):
    """To a callback: its result, or in a sentence why there is none."""

    ok: Node
    error: str


# From the helper


class Hello(TypedDict, total=False):
    """``control``: this is the process itself; ``connection``: a copy, and its number."""

    hello: Literal["control", "connection"]
    pid: int
    number: int


class Done(TypedDict):
    """The copies are gone."""

    done: bool


class TraceLine(TypedDict):
    line: int
    function: str
    source: str


class _ErrorReport(TypedDict):
    type: str
    message: str


class ErrorReport(_ErrorReport, total=False):
    """An exception: the lines of the student's on its way, the last one last, and what that saw.

    ``shapes``: of the arrays by name, ``[shape, data type]``, and lengths of lists, ``[[length], type]``.
    """

    trace: list[TraceLine]
    shapes: dict[str, tuple[list[int], str]]


@final
class Value(TypedDict):
    ok: Node


@final
class Raised(TypedDict):
    error: ErrorReport


@final
class Callback(TypedDict):
    """A call of the judge's function of that number; ``kwargs`` as pairs."""

    callback: int
    args: list[Node]
    kwargs: list[tuple[str, Node]]


Reply: TypeAlias = Value | Raised | Callback


def _kinds(declared: type) -> dict[str, type]:
    """The types of a message's fields, as JSON has them: of a list, that it is one."""
    return {name: _kind(hint) for name, hint in get_type_hints(declared).items()}


def _kind(hint: Any) -> Any:
    origin = get_origin(hint)
    return type(get_args(hint)[0]) if origin is Literal else origin or hint


_CALLBACK, _DONE, _LINE, _REPORT, _OBJECT = map(_kinds, (Callback, Done, TraceLine, _ErrorReport, ObjectNode))
_CONTROL, _CONNECTION = (
    {name: kind for name, kind in _kinds(Hello).items() if name in names}
    for names in (("hello", "pid"), ("hello", "number"))
)


def read_reply(message: dict[str, Any]) -> Reply:
    """The reply in a message. Raises ``Malformed`` for what is none."""
    if message.keys() == {"ok"}:
        return cast(Value, message)  # whether that is a value, the decoder says
    if message.keys() == {"error"} and _is_report(message["error"]):
        return cast(Raised, message)
    if _fits(message, _CALLBACK) and all(type(pair) is list and len(pair) == 2 for pair in message["kwargs"]):
        if _is_text(name for name, _ in message["kwargs"]):
            return cast(Callback, message)
    raise Malformed("no reply that we know")


def read_hello(message: dict[str, Any]) -> Hello:
    """The first message on a connection. Raises ``Malformed`` for what is none."""
    control = _fits(message, _CONTROL) and message["hello"] == "control"
    connection = _fits(message, _CONNECTION) and message["hello"] == "connection"
    if not (control or connection):
        raise Malformed("nobody that we know")
    return cast(Hello, message)


def read_done(message: dict[str, Any]) -> Done:
    """The reply to an order. Raises ``Malformed`` for what is none."""
    if not _fits(message, _DONE) or not message["done"]:
        raise Malformed("no reply to an order")
    return cast(Done, message)


def read_object(node: dict[str, Any]) -> ObjectNode:
    """An object that the helper names. Raises ``Malformed`` for what is none."""
    if not (_fits(node, _OBJECT) and node["t"] == "r"):
        raise Malformed("an unknown value")
    return cast(ObjectNode, node)


def _fits(found: Any, kinds: Mapping[str, type]) -> bool:
    """Whether it is an object with these names and no other, and values of exactly these types."""
    return (
        type(found) is dict
        and found.keys() == kinds.keys()
        and all(type(found[name]) is kind for name, kind in kinds.items())
    )


def _is_text(items: Iterable[Any]) -> bool:
    """Whether all are names: text, and neither too long nor too many."""
    items = list(items)
    return len(items) <= MAX_NAMES and all(type(item) is str and len(item) <= MAX_NAME for item in items)


def _is_report(report: Any) -> bool:
    if type(report) is not dict:
        return False
    fixed = {name: value for name, value in report.items() if name not in ("trace", "shapes")}
    trace, shapes = report.get("trace", []), report.get("shapes", {})
    return (
        _fits(fixed, _REPORT)
        and type(trace) is list
        and len(trace) <= MAX_TRACE
        and all(_fits(line, _LINE) for line in trace)
        and type(shapes) is dict
        and len(shapes) <= MAX_SHAPES
        and all(map(_is_shape, shapes.values()))
    )


def _is_shape(entry: Any) -> bool:
    if not (type(entry) is list and [type(part) for part in entry] == [list, str]):
        return False
    return all(type(size) is int for size in entry[0])

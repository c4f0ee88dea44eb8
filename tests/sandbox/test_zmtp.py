"""Reading ZeroMQ's protocol from somebody who may send anything."""

import socket
import struct
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.protocol.jupyter_messages import Received, make
from grader.sandbox.protocol.zmtp import _GREETING, MAX_FRAME, MAX_FRAMES, Wire, WireError
from tests.sandbox.tools import own_memory_mb

READY = bytes([4, 6]) + b"\x05READY"


@pytest.fixture
def peer(tmp_path):
    """``connect()`` gives our end and the other end of a connection."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "s"))
    listener.listen()
    opened = [listener]

    def connect():
        wire = Wire(str(tmp_path / "s"), "DEALER")
        other, _ = listener.accept()
        opened.extend([wire, other])
        return wire, other

    yield connect
    for each in opened:
        each.close()


def send(other, data):
    """Send without waiting for the reader."""
    thread = threading.Thread(target=lambda: other.sendall(data), daemon=True)
    thread.start()
    return thread


def frame(body, more=False, command=False):
    return struct.pack(">BQ", 2 | more | (4 * command), len(body)) + body


def receive_all(wire, other):
    other.shutdown(socket.SHUT_WR)
    messages = []
    with pytest.raises(WireError):
        while True:
            messages += wire.receive()
    return messages


def test_it_speaks_with_libzmq(tmp_path):
    """A real ROUTER socket gets what we send, and we get what it sends, whole and in order."""
    import zmq

    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.bind(f"ipc://{tmp_path}/z")
        router.rcvtimeo = 10_000
        wire = Wire(f"{tmp_path}/z", "DEALER")
        while not wire.ready:
            assert wire.receive() == []
        wire.send([b"one", b"", b"x" * 70_000])
        identity, *frames = router.recv_multipart()
        assert frames == [b"one", b"", b"x" * 70_000]
        for number in range(50):
            router.send_multipart([identity, b"%d" % number, b"y" * number * 100])
        got = []
        while len(got) < 50:
            got += [message.frames for message in wire.receive()]
        assert got == [[b"%d" % number, b"y" * number * 100] for number in range(50)]
        wire.close()


def test_large_frames_are_dropped_and_counted(peer):
    """A frame above the limit is skipped; the message around it and the next one are kept."""
    wire, other = peer()
    large = frame(b"a", more=True) + frame(bytes(MAX_FRAME + 1), more=True) + frame(b"c")
    thread = send(other, _GREETING + READY + large + frame(b"next"))
    messages = []
    while len(messages) < 2:
        messages += wire.receive()
    thread.join()
    assert [message.frames for message in messages] == [[b"a", None, b"c"], [b"next"]]
    assert messages[0].size == MAX_FRAME + 3


def test_a_message_without_end_takes_no_memory(peer):
    """Two hundred megabytes in frames of one message leave memory where it was."""
    wire, other = peer()
    other.sendall(_GREETING + READY)
    before = own_memory_mb()
    piece = frame(bytes(2**20), more=True)
    for _ in range(200):
        thread = send(other, piece)
        start = wire.received
        while wire.received - start < len(piece) and thread.is_alive():
            assert wire.receive() == []
        thread.join()
    assert own_memory_mb() - before < 30
    assert len(wire._message.frames) <= MAX_FRAMES


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(100),
        _GREETING[:20] + b"PLAIN" + _GREETING[25:],
        _GREETING + frame(b"before the handshake"),
        _GREETING + READY + b"\xff",
        _GREETING + READY + bytes([8, 0]),
        _GREETING + struct.pack(">BQ", 6, 2**40),
    ],
)
def test_what_is_not_the_protocol_is_an_error(peer, data):
    """Anything else than a greeting, a handshake and frames is refused."""
    wire, other = peer()
    other.sendall(data + bytes(50))
    with pytest.raises(WireError):
        for _ in range(10):
            wire.receive()


def test_a_reader_that_does_not_read_is_an_error(peer, monkeypatch):
    """Sending gives up in bounded time."""
    import grader.sandbox.protocol.zmtp

    monkeypatch.setattr(grader.sandbox.protocol.zmtp, "SEND_SECONDS", 0.2)
    wire, _ = peer()
    with pytest.raises(WireError):
        wire.send([bytes(10 * 2**20)])


def test_nobody_there_is_an_error(tmp_path):
    """A path without a listener is refused at once."""
    with pytest.raises(WireError):
        Wire(str(tmp_path / "nobody"), "DEALER")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_never_raise_anything_else(data):
    """Whatever arrives after the handshake gives messages or ``WireError``."""
    ours, other = socket.socketpair()
    wire = Wire.__new__(Wire)
    wire.socket, wire._buffer, wire._skip, wire._flags = ours, bytearray(), 0, 0
    from grader.sandbox.protocol.zmtp import Message

    wire._message, wire._greeted, wire.ready, wire.received = Message([], 0), False, False, 0
    with ours, other:
        other.sendall(_GREETING + READY + data)
        for message in receive_all(wire, other):
            Received(message.frames).content()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(st.none(), st.just(b"<IDS|MSG>"), st.binary(max_size=40), st.text(max_size=20)), max_size=10))
def test_random_frames_are_messages_of_no_kind(parts):
    """A message is read from any frames without an error."""
    frames = [part.encode() if isinstance(part, str) else part for part in parts]
    message = Received(frames)
    assert isinstance(message.kind, str) and isinstance(message.parent, str)
    assert isinstance(message.content(), dict)


@pytest.mark.parametrize(
    "content", [b"[" * 10**6, b'{"a":' * 10**5, b'{"a": 1' + b"0" * 10**5 + b"}", b"\xff\xfe", b""]
)
def test_content_that_breaks_parsers(content):
    """Deep nesting, huge numbers and bad text are empty content."""
    header = b'{"msg_type": "stream"}'
    assert Received([b"<IDS|MSG>", b"", header, b"{}", b"{}", content]).content() == {}


def test_what_we_make_jupyter_reads():
    """A request we make is accepted by Jupyter's own session, signature included."""
    from jupyter_client.session import Session

    identity, frames = make("execute_request", {"code": "1"}, b"key", "us")
    session = Session(key=b"key")
    _, rest = session.feed_identities(frames)
    message = session.deserialize(rest)
    assert message["header"]["msg_id"] == identity and message["content"] == {"code": "1"}

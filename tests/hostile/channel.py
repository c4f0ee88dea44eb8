"""Code that speaks to the judge in its own way: forged, early, late, doubled, malformed and gigantic replies."""

from tests.hostile.attack import HARMLESS, SQUARE, TRIPLED, Attack

# In the place of the helper's answer to a question; `self.connection` is its connection to the judge.
ANSWER = """
from grader.sandbox.inside import helper
from grader.sandbox.protocol import channel
import os, time, json, struct
kept = helper.Responder.answer
def answer(self, question, binary):
    raw = self.connection.socket.sendall
    head = lambda text, size: channel.HEADER.pack(len(text), size) + text
{body}
helper.Responder.answer = answer
"""


def answering(body):
    """The cell `double`: squares, and a helper that answers in its own way."""
    return ANSWER.format(body="".join(f"    {line}\n" for line in body.strip().splitlines())) + SQUARE


def raw_bytes(expression):
    return answering(f"raw({expression})")


IMPOSTOR = """
import json, socket, struct, threading, time
def speak(stream, message):
    text = json.dumps(message).encode()
    stream.sendall(struct.pack(">IQ", len(text), 0) + text)
def impostor():
    number = 0
    while True:
        time.sleep(0.001)
        try:
            stream = socket.socket(socket.AF_UNIX); stream.connect("/sandbox/run/judge.sock")
            speak(stream, {"hello": "control", "pid": 2}); streams.append(stream)
            for number in range(1, 4):
                other = socket.socket(socket.AF_UNIX); other.connect("/sandbox/run/judge.sock")
                speak(other, {"hello": "connection", "number": number})
                for _ in range(5): speak(other, {"ok": True, "passed": True, "points": 1.5})
                streams.append(other)
        except OSError: pass
streams = []
for _ in range(3): threading.Thread(target=impostor, daemon=True).start()
"""

ATTACKS = [
    Attack(
        "forged-verdicts",
        "send replies that claim a verdict, a score and a pass in every field one could think of",
        double=answering("""
for message in ({"verdict": "ok"}, {"passed": True}, {"score": 1.5}, {"outcome": {"passed": True, "points": 1.5}}):
    self.connection.send({**message, "ok": {"t": "verdict", "v": True}})"""),
        earns=0.0,
        quick=True,
    ),
    Attack(
        "claims-to-be-the-helper",
        "connect to the judge's socket before the helper does, and sit for the exam in its place",
        double=IMPOSTOR + SQUARE,
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
    Attack(
        "answers-the-previous-question",
        "send the answer to the question before",
        double=answering("""
if not hasattr(self, "before"):
    self.before = {"ok": True}
self.connection.send(self.before)
self.before = {"ok": {"t": "a", "d": "<f8", "s": [3, 2], "o": 0}}"""),
        earns=0.0,
    ),
    Attack(
        "answers-twice",
        "send two answers to each question, so that the second is taken for the answer to the next",
        double=answering("""
kept(self, question, binary)
self.connection.send({"ok": True})"""),
        earns=HARMLESS + TRIPLED,
    ),
    Attack(
        "answers-after-the-deadline",
        "send the right answer when the time for it is over, in the hope that it counts for the next question",
        double=answering("""
time.sleep(2.5)
kept(self, question, binary)"""),
        earns=0.0,
    ),
    Attack(
        "pickles",
        "send a pickle that runs a program when it is read",
        double=answering(r"""
import pickle
class Bomb:
    def __reduce__(self): return os.system, ("touch /tmp/kestrel_pickle",)
data = pickle.dumps(Bomb())
raw(channel.HEADER.pack(len(data), 0) + data)
raw(data)"""),
        earns=0.0,
        quick=True,
    ),
    Attack(
        "promises-gigabytes",
        "promise a reply of 2**63 bytes and send on and on",
        double=answering("""
raw(struct.pack(">IQ", 2**32 - 1, 2**63 - 1))
while True: raw(bytes(2**20))"""),
        earns=0.0,
    ),
    Attack(
        "largest-allowed-replies",
        "send replies of exactly the largest size, full of the things that take the most memory to read",
        double=answering("""
text = b'{"ok":{"t":"l","v":[' + b"{}," * (2**23 // 3 - 100) + b"{}]}}"
raw(head(text, 2**27))
for _ in range(128): raw(bytes(2**20))"""),
        earns=0.0,
    ),
    Attack("reply-of-no-json", "send bytes that are no JSON", double=raw_bytes(r"head(b'\xff\xfe{', 0)"), earns=0.0),
    Attack(
        "reply-nested-without-end",
        "send JSON nested a million deep",
        double=raw_bytes("head(b'[' * 2**20, 0)"),
        earns=0.0,
    ),
    Attack("reply-of-a-list", "send JSON that is no object", double=raw_bytes("head(b'[1.5]', 0)"), earns=0.0),
    Attack(
        "array-of-objects",
        "send an array whose type would make the reader follow addresses",
        double=answering("""self.connection.send({"ok": {"t": "a", "d": "|O", "s": [3, 2], "o": 0}}, [bytes(48)])"""),
        earns=0.0,
    ),
    Attack(
        "array-beyond-its-bytes",
        "send an array whose shape and place reach beyond what was sent, into the judge's memory",
        double=answering(
            """self.connection.send({"ok": {"t": "a", "d": "<f8", "s": [2**40, 2**40], "o": -8}}, [bytes(48)])"""
        ),
        earns=0.0,
    ),
    Attack(
        "number-of-a-million-digits",
        "send a number that takes minutes to read",
        double=raw_bytes("head(b'{\"ok\": ' + b'9' * 2**22 + b'}', 0)"),
        earns=0.0,
    ),
    Attack(
        "calls-functions-of-the-judge",
        "call functions in the judge's process that were never handed out",
        double=answering("""
for number in (0, 1, 2, "open", None, 10**9):
    self.connection.send({"callback": number, "args": ["/etc/passwd"], "kwargs": []})
self.connection.send({"callback": 1, "args": {}, "kwargs": [["__class__", 1]]})"""),
        earns=0.0,
    ),
    Attack(
        "stays-on-the-line",
        "leave a process behind that holds the connection and answers later questions",
        double="""
import os
from grader.sandbox.inside import helper
kept = helper.Responder.answer
def answer(self, question, binary):
    if os.fork() == 0:
        os.setsid()
        while True: self.connection.send({"ok": True})
    kept(self, question, binary)
helper.Responder.answer = answer
"""
        + SQUARE,
        earns=HARMLESS + TRIPLED,
        least=0.0,
    ),
    Attack(
        "answers-slowly",
        "answer byte by byte, so that no single wait is long",
        double=answering("""
for byte in head(b'{"ok": 1}' + b' ' * 10000, 0):
    raw(bytes([byte])); time.sleep(0.1)"""),
        earns=0.0,
    ),
    Attack(
        "talks-to-jupyter",
        "forge Jupyter's own messages: replies to requests that were never made, idle while busy, an own score",
        double="""
kernel = get_ipython().kernel
parent = kernel.get_parent()
for _ in range(3):
    kernel.session.send(kernel.shell_stream.socket, "execute_reply", {"status": "ok"}, parent,
                        ident=kernel._parent_ident["shell"])
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
    kernel.session.send(kernel.iopub_socket, "execute_result",
                        {"data": {"text/plain": "1.5"}, "execution_count": 1, "metadata": {}}, parent=parent)
kernel.iopub_socket.send_multipart([b"<IDS|MSG>", b"", b"{", b"[", b"\\xff", b"7"])
"""
        + SQUARE,
        earns=HARMLESS + TRIPLED,
        least=0.0,
        quick=True,
    ),
]

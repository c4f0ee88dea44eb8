"""Collects the outputs of one cell, as nbformat has them, from messages that may be anything.

Kept is what a page can show: streams, errors, and display data whose values are text (images are text too, in base64).
Widgets and other structured data are left out, lone surrogates replaced, sizes bounded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat.notebooknode import NotebookNode

from grader.sandbox.protocol.jupyter_messages import Received

ERROR_BYTES = 2**16  # a traceback is kept although the cell has printed too much before
MAX_OUTPUTS = 500
MAX_ERRORS = 3
MAX_STOPS = 20
PICTURE, MAX_WORDS = "image/png", 1000  # characters that a picture says in words


@dataclass(frozen=True)
class Stop:
    """A statement of a cell that raised: the line (from 1), the exception's name and text. ``whole``: the cell could
    not be compiled, so nothing of it was run. The process with the student's code says so, and may say anything."""

    line: int
    name: str
    text: str
    whole: bool = False


class CellOutputs:
    """``limit``: bytes to keep; ``used``: kept so far. ``outputs``: as nbformat has them. ``cut``: some are lost.
    ``stops``: the first statements that raised.

    ``limited_to`` names the limit for the student.
    """

    def __init__(self, limit: int, limited_to: str) -> None:
        self.limit, self.limited_to = limit, limited_to
        self.outputs: list[NotebookNode] = []
        self.stops: list[Stop] = []
        self.cut = False
        self.used = 0
        self._clear_next = False

    def add(self, message: Received) -> None:
        """Take in one message of the iopub channel."""
        if message.kind == "clear_output":
            self._clear(message.content())
        elif message.kind == "update_display_data":
            self._update(message.content())
        elif message.kind == "stopped":
            self._stopped(message.content())
        elif message.kind in _HANDLERS:
            if self._clear_next:
                self._clear_now()
            if message.too_large or (self.cut and message.kind == "stream"):
                self.cut = True
            else:
                _HANDLERS[message.kind](self, message.content())

    def note(self, name: str, text: str) -> None:
        """Add an error output of our own, such as a time limit that was hit."""
        self.outputs.append(NotebookNode(output_type="error", ename=name, evalue=text, traceback=[f"{name}: {text}"]))

    def finish(self) -> list[NotebookNode]:
        """The outputs, with a line that says so where some were cut."""
        for output in self.outputs:
            output.pop("display_id", None)
        if self.cut:
            text = f"\n[the rest of the output is not shown: {self.limited_to} is the most that is kept]\n"
            self.outputs.append(NotebookNode(output_type="stream", name="stdout", text=text))
        return self.outputs

    def _stream(self, content: dict[str, Any]) -> None:
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        text = _clean(content.get("text"))
        space = max(0, self.limit - self.used)
        if len(text) > space:
            self.cut = True
            text = text[:space]
        self.used += len(text)
        last = self.outputs[-1] if self.outputs else None
        if last and last.output_type == "stream" and last.name == name:
            last.text += text
        elif text:
            self._append(NotebookNode(output_type="stream", name=name, text=text))

    def _display(self, content: dict[str, Any]) -> None:
        data = self._fitting(content.get("data"), self.used)
        if data:
            output = NotebookNode(output_type="display_data", data=data, metadata=_words(content))
            output.display_id = _display_id(content)
            self._append(output)

    def _result(self, content: dict[str, Any]) -> None:
        data = self._fitting(content.get("data"), self.used)
        if data:
            count = content.get("execution_count")
            count = count if type(count) is int and 0 <= count < 2**31 else None
            self._append(
                NotebookNode(output_type="execute_result", data=data, metadata=NotebookNode(), execution_count=count)
            )

    def _update(self, content: dict[str, Any]) -> None:
        wanted = _display_id(content)
        for output in self.outputs if wanted else []:
            if output.get("display_id") == wanted:
                data = self._fitting(content.get("data"), self.used - _size(output.data))
                if data:
                    self.used -= _size(output.data)
                    output.data, output.metadata = data, _words(content)

    def _error(self, content: dict[str, Any]) -> None:
        if sum(output.output_type == "error" for output in self.outputs) >= MAX_ERRORS:
            return
        lines = content.get("traceback")
        lines = [_clean(line) for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        if sum(map(len, lines)) > ERROR_BYTES:
            lines = [line[: ERROR_BYTES // 40] for line in lines[-20:]]
        name, text = _clean(content.get("ename"))[:200], _clean(content.get("evalue"))[:2000]
        self._append(NotebookNode(output_type="error", ename=name, evalue=text, traceback=lines))

    def _stopped(self, content: dict[str, Any]) -> None:
        line, name = content.get("line"), _clean(content.get("name"))[:80]
        if type(line) is int and 0 < line < 2**20 and name and len(self.stops) < MAX_STOPS:
            self.stops.append(Stop(line, name, _clean(content.get("text"))[:200], content.get("whole") is True))

    def _clear(self, content: dict[str, Any]) -> None:
        if content.get("wait"):
            self._clear_next = True
        else:
            self._clear_now()

    def _clear_now(self) -> None:
        self.outputs.clear()
        self.used, self._clear_next, self.cut = 0, False, False

    def _append(self, output: NotebookNode) -> None:
        if len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append(output)
        else:
            self.cut = True

    def _fitting(self, data: Any, used: int) -> NotebookNode | None:
        """The text values of a MIME bundle, or None where they do not fit beside ``used`` bytes."""
        kept = NotebookNode()
        for kind, value in list(data.items())[:20] if isinstance(data, dict) else []:
            value = "".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
            if isinstance(value, str) and "widget" not in kind and len(kind) < 100:
                kept[_clean(kind)] = _clean(value)
        if used + _size(kept) > self.limit:
            self.cut = True
            return None
        self.used += _size(kept)
        return kept


_HANDLERS: dict[str, Callable[[CellOutputs, dict[str, Any]], None]] = {
    "stream": CellOutputs._stream,
    "display_data": CellOutputs._display,
    "execute_result": CellOutputs._result,
    "error": CellOutputs._error,
}


def _display_id(content: dict[str, Any]) -> str | None:
    transient = content.get("transient")
    wanted = transient.get("display_id") if isinstance(transient, dict) else None
    return wanted[:100] if isinstance(wanted, str) else None


def _size(data: Mapping[str, str]) -> int:
    return sum(len(value) for value in data.values())


def _clean(text: Any) -> str:
    """``text`` without what cannot be written as UTF-8; "" for what is no text."""
    return text.encode("utf-8", "replace").decode("utf-8") if isinstance(text, str) else ""


def _words(content: dict[str, Any]) -> NotebookNode:
    """Of the metadata of an output only what a picture says in words."""
    metadata = content.get("metadata")
    about = metadata.get(PICTURE) if isinstance(metadata, dict) else None
    words = _clean(about.get("alt"))[:MAX_WORDS] if isinstance(about, dict) else ""
    return NotebookNode({PICTURE: NotebookNode(alt=words)} if words else {})

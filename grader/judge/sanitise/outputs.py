"""Outputs of cells: known types only, of bounded length, with nothing active in them."""

from nbformat.notebooknode import NotebookNode

from grader.judge.sanitise.html import MAX_IMAGE, clean_html
from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.markdown import inert_markdown
from grader.judge.sanitise.tex import inert_tex
from grader.judge.sanitise.text import plain, plain_within

MAX_OUTPUTS = 100
MAX_TEXT = 20_000  # characters of one text
MAX_ALT = 1_000  # characters of what a figure says in words
MAX_HTML = 200_000
MAX_TRACEBACK = 100  # lines
MAX_HEAVY = 30_000_000  # characters of all pictures and markup of one notebook
MAX_MARKUP = 2_000_000  # of them HTML and Markdown, which each page has to read again
MARKUP = ("text/html", "text/markdown")
HEAVY = (*MARKUP, "image/png", "image/jpeg")
OMITTED = "[An output of the type {} was left out.]"


class Budget:
    """How much pictures and HTML of one notebook may still weigh. Plain text is limited output by output instead,
    so that nothing a student prints can push a score out of its test cell."""

    def __init__(self) -> None:
        self.left, self.markup = MAX_HEAVY, MAX_MARKUP

    def allows(self, value: str, markup: bool) -> bool:
        if len(value) > min(self.left, self.markup if markup else self.left):
            return False
        self.left -= len(value)
        self.markup -= len(value) if markup else 0
        return True


def safe_outputs(outputs: object, budget: Budget) -> list[NotebookNode]:
    """The outputs of one cell made safe; streams that follow each other are joined first."""
    joined = _joined(outputs if isinstance(outputs, list) else [])
    made = list(filter(None, (_safe_output(output, budget) for output in joined[:MAX_OUTPUTS])))
    if len(joined) > MAX_OUTPUTS:
        made.append(_stream("stdout", "[More outputs were left out.]\n"))
    return made


def _joined(outputs: list) -> list[dict]:
    """Outputs in order, neighbouring pieces of one stream as one."""
    joined: list[dict] = []
    for output in filter(lambda output: isinstance(output, dict), outputs):
        if output.get("output_type") == "stream":
            output = {"output_type": "stream", "name": output.get("name"), "pieces": [_text(output.get("text"))]}
            last = joined[-1] if joined else {}
            if last.get("output_type") == "stream" and last["name"] == output["name"]:
                last["pieces"] += output["pieces"]
                continue
        joined.append(output)
    return joined


def _safe_output(output: dict, budget: Budget) -> NotebookNode | None:
    """One output, or None when nothing of it can be shown."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output["name"] == "stderr" else "stdout"
        return _stream(name, "".join(output["pieces"]))
    if kind == "error":
        return _error(output)
    if kind not in ("display_data", "execute_result"):
        return None
    made = NotebookNode(output_type=kind, data=_safe_data(output.get("data"), budget), metadata=NotebookNode())
    _keep_sizes(made, output)
    if kind == "execute_result":
        made.execution_count = whole_number(output.get("execution_count"))
    return made


def _stream(name: str, text: str) -> NotebookNode:
    return NotebookNode(output_type="stream", name=name, text=plain_within(text, MAX_TEXT))


def _error(output: dict) -> NotebookNode:
    """An error keeps its text; of a long traceback the beginning and the end."""
    lines = output.get("traceback")
    lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
    if len(lines) > MAX_TRACEBACK:
        half = MAX_TRACEBACK // 2
        lines = [*lines[:half], f"... {len(lines) - 2 * half} lines left out ...", *lines[-half:]]
    return NotebookNode(
        output_type="error",
        ename=plain_within(_text(output.get("ename")), 200),
        evalue=plain_within(_text(output.get("evalue")), MAX_TEXT),
        traceback=[plain_within(line, MAX_TEXT) for line in lines],
    )


def _safe_data(data: object, budget: Budget) -> NotebookNode:
    """What of a mime bundle may be shown. If nothing is left, a line that says so."""
    data = data if isinstance(data, dict) else {}
    safe = NotebookNode()
    for mime, value in data.items():
        text, markup = _text(value), mime in MARKUP
        if markup and len(text) > budget.markup:
            continue
        shown = _safe_value(mime, text)
        if shown is not None and (mime not in HEAVY or budget.allows(shown, markup)):
            safe[mime] = shown
    if not safe:
        names = ", ".join(sorted(str(mime)[:60] for mime in data)[:5]) or "unknown"
        safe["text/plain"] = OMITTED.format(plain(names))
    return safe


def _safe_value(mime: object, value: str) -> str | None:
    """One representation made safe, or None for a type that is never shown."""
    if mime == "text/plain":
        return plain_within(value, MAX_TEXT)
    if mime == "text/html":
        return clean_html(value) if len(value) <= MAX_HTML else None
    if mime == "text/markdown":
        return inert_markdown(value)
    if mime == "text/latex":
        return inert_tex(plain_within(value, MAX_TEXT).replace("\x1b", ""))
    if mime in ("image/png", "image/jpeg"):
        return value if valid_image(mime, value, MAX_IMAGE) else None
    return None


def _keep_sizes(made: NotebookNode, output: dict) -> None:
    """Width and height at which a picture is shown, if they are sensible numbers; and its words."""
    metadata = output.get("metadata")
    for mime in ("image/png", "image/jpeg"):
        sizes = metadata.get(mime) if isinstance(metadata, dict) and mime in made.data else None
        if isinstance(sizes, dict):
            good = {key: sizes[key] for key in ("width", "height") if _is_size(sizes.get(key))}
            if isinstance(sizes.get("alt"), str):
                good["alt"] = plain_within(sizes["alt"], MAX_ALT).replace("\x1b", "")
            made.metadata[mime] = NotebookNode(good)


def _is_size(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= 4000


def whole_number(value: object) -> int | None:
    """`value` if it is an int, as an execution count must be."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _text(value: object) -> str:
    """Text, or a list of lines joined; anything else is empty."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""

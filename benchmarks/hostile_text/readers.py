"""The functions that read text of students, found by their form, so that a new one is measured without being listed.

In the rooms where such text is read, that is every public function of a module whose first argument is a text, bytes or
texts. One that needs more arguments is in `MORE`, with how it is called; one that reads no student's text is in
`OTHERS`, with whose it reads. `tests/repo/test_patterns.py` calls each once: what is in neither fails there.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from grader.desk.feedback.exercises import MAX_LINES
from grader.judge.repair.json_object import Unreadable
from grader.judge.sanitise.markdown import inert_markdown

ROOT = Path(__file__).resolve().parents[2] / "grader"
ROOMS = (
    "judge/repair judge/sanitise judge/bounds.py judge/authoring/exceptions.py desk/feedback desk/collect"
    " desk/nbgrader/clean_html.py desk/gradebook/timestamps.py"
    " desk/course/roster.py desk/course/safe_names.py desk/course/csv_files.py"
    " checks/exercise checks/quiz/quiz.py checks/quiz/personal_numbers.py"
).split()
NAME = 255  # bytes of a file's name that a file system gives, and that archives are cut down to
AS = {
    "str": lambda text: text,
    "str | None": lambda text: text,
    "object": lambda text: text,
    "bytes": lambda text: text.encode("utf-8", "replace"),
    "Sequence[str]": lambda text: text.split("\n"),
    "Iterable[str]": lambda text: text.split("\n"),
}
Reader = Callable[[str], object]
MORE: dict[str, Callable[[Callable, str], object]] = {
    # Of what a graded notebook holds, which is made inert when it is graded.
    "desk/feedback/shown.py: text_with_formulas": lambda f, text: f(inert_markdown(text)),
    "desk/feedback/markdown.py: rendered": lambda f, text: f(inert_markdown(text), {}),
    "judge/sanitise/html.py: rebuilt": lambda f, text: f(text, frozenset({"a", "b", "p"}), lambda *_: True),
    "judge/sanitise/html.py: is_harmless": lambda f, text: [f("a", "href", text), f("b", "style", text)],
    "judge/sanitise/images.py: valid_image": lambda f, text: f("image/png", text, len(text)),
    "judge/sanitise/text.py: plain_within": lambda f, text: f(text, len(text) // 2),
    "judge/sanitise/text.py: shortened": lambda f, text: f(text, len(text) // 2),
    "desk/feedback/shown.py: code_lines": lambda f, text: f("\n".join(text.split("\n")[:MAX_LINES])),
    "desk/collect/file_names.py: of_disk": lambda f, text: f(text.replace("\ud800", "\udcff")),
    "desk/collect/notebook_names.py: normalised": lambda f, text: f(text[:NAME]),
    "desk/collect/notebook_names.py: rank": lambda f, text: f(text[:NAME], ["backprop", "regression"]),
    "desk/collect/senders.py: is_of_platform": lambda f, text: f(text[:NAME]),
    "desk/collect/senders.py: folder_sender": lambda f, text: f(text[:NAME]),
    "desk/course/safe_names.py: is_unprintable": lambda f, text: f(text[:1]),
    "checks/exercise/exceptions.py: in_students_words": lambda f, text: f(text, "grader.checks.questions.names"),
    "judge/authoring/exceptions.py: in_students_words": lambda f, text: f(text, "grader.checks.questions.names"),
    "checks/exercise/numpy_errors.py: meaning_of_report": lambda f, text: f("ValueError", text),
    "checks/exercise/numpy_errors.py: self_is_missing": lambda f, text: f(text, lambda name: True),
    "checks/exercise/shape_products.py: wrong_product": lambda f, text: f(text, lambda name: (2, 3)),
    "checks/exercise/shape_products.py: with_meaning": lambda f, text: f(text, text),
}
OTHERS = {
    "judge/repair/__init__.py: repair": "measured as `repair`",
    "judge/repair/__init__.py: read_notebook": "within `repair`",
    "judge/sanitise/outputs.py: safe_outputs": "within `sanitise`",
    "checks/exercise/exercise.py: exercise": "the course's own name of an exercise",
    "checks/exercise/heat_map.py: error_map": "arrays",
    "checks/exercise/model_answers.py: read": "the course's own file",
    "checks/exercise/needs.py: note_check": "the course's own name of an exercise",
    "checks/exercise/results.py: not_written": "the course's own name of an exercise",
    "checks/quiz/personal_numbers.py: personal_question": "the course's own key of a question",
    "checks/quiz/personal_numbers.py: greet": "prints; what it reads is `normalised`",
}


def readers() -> Iterator[tuple[str, Reader]]:
    """`(file: function, what reads a text)` of every reader."""
    for name, kind in found():
        if name not in OTHERS:
            yield name, _reader(name, kind)


def found() -> Iterator[tuple[str, str]]:
    """`(file: function, the kind of its first argument)`."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")) or [ROOT / room]:
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
                    kind = ast.unparse(first.annotation) if first and first.annotation else ""
                    if kind in AS:
                        yield f"{path.relative_to(ROOT).as_posix()}: {node.name}", kind


def _reader(name: str, kind: str) -> Reader:
    file, _, function = name.partition(": ")
    module = importlib.import_module("grader." + file.removesuffix(".py").removesuffix("/__init__").replace("/", "."))
    called = getattr(module, function)
    if name in MORE:
        return lambda text: MORE[name](called, text)
    return lambda text: called(AS[kind](text))


def read(reader: Reader, text: str) -> None:
    """Have the text read; that it is refused with a reason is an answer, too."""
    with suppress(ValueError, Unreadable, NotImplementedError):
        reader(text)

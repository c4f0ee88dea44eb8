"""Every regular expression of the grader takes time in proportion to the text, as `tests.patterns` reads off it."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks.hostile_text import readers
from grader.checks.exercise.numpy_errors import MEANINGS
from tests.patterns import slow

ROOT = Path(__file__).resolve().parents[2]
SEARCHES = ("search", "sub", "subn", "findall", "finditer", "split")
# Files whose patterns see nothing of a student's but, at most, a name that is bounded.
NOT_STUDENTS = {
    "grader/checks/figures/computation_graphs.py": "labels of the course's own graphs",
    "grader/checks/quiz/tex.py": "worked steps of the course's own quizzes",
    "grader/desk/demo/demo_class.py": "the demonstration's own notebook",
    "grader/desk/paper/mathml.py": "the course's own notebooks",
    "grader/desk/release/leaks.py": "the course's own files",
    "grader/desk/release/links.py": "the course's own notebooks",
    "grader/desk/release/totals.py": "the course's own course.toml",
    "grader/desk/nbgrader/rubric.py": "the course's own rubrics",
    "grader/desk/collect/senders.py": "names of files, of at most 255 bytes",
    "grader/desk/collect/notebook_names.py": "names of files, of at most 255 bytes",
    "grader/desk/addresses.py": "the instructor's own address of a database",
    "grader/desk/course/canvas_file.py": "a heading of the instructor's own gradebook",
    "grader/desk/course/csv_files.py": "every try begins behind a separator, which no repeat reads",
    "grader/desk/course/toml_file.py": "messages about course.toml",
    "grader/desk/decisions/rename.py": "the instructor's own course.toml",
    "grader/judge/authoring/topics.py": "codes and hints of tests",
    "grader/checks/diagnosis/verdict.py": "what a check calls a value",
}
# Patterns made while the program runs, with what is checked in their stead.
MADE = {
    "grader/checks/exercise/exceptions.py": "the name of a class, without a repeat",
    "grader/checks/exercise/numpy_errors.py": "`MEANINGS`, below",
    "grader/judge/authoring/exceptions.py": "one name between two \\b",
    "grader/judge/sanitise/html.py": "a few letters, without a repeat",
}


def compiled_patterns():
    """(file, line, pattern, flags, how it is used) of every pattern that stands in `grader/`."""
    for path in sorted((ROOT / "grader").rglob("*.py")):
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if name in NOT_STUDENTS or "import re\n" not in text:
            continue
        module = importlib.import_module(name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        tree = ast.parse(text)
        targets = {
            id(node.value): node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(tree):
            function = _function_of_re(node)
            if not function:
                continue
            try:
                pattern, flags = _evaluated(node, function, vars(module))
            except NameError:
                assert name in MADE, f"{name}:{node.lineno} makes a pattern: say in MADE what holds it"
                continue
            how = _used(targets.get(id(node)), text) if function == "compile" else function
            yield name, node.lineno, pattern, flags, how if how in ("match", "fullmatch") else "search"


def _function_of_re(node):
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
        return called.attr if called.attr in ("compile", "match", "fullmatch", *SEARCHES) else ""
    return ""


def _evaluated(node, function, names):
    def value(part):
        return eval(compile(ast.Expression(part), "pattern", "eval"), dict(names))

    flags = [keyword.value for keyword in node.keywords if keyword.arg == "flags"]
    at = {"compile": 1, "sub": 4, "subn": 4, "split": 3}.get(function, 2)
    flags += node.args[at : at + 1]
    return value(node.args[0]), value(flags[0]) if flags else 0


@cache
def _sources():
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "grader").rglob("*.py")))


def _used(name, text):
    """`fullmatch` or `match` if the pattern is used in that way only, once on a text; else `search`."""
    where = text if name and name.startswith("_") else _sources()
    uses = re.findall(rf"\b{name}\.(\w+)(?:\((?:[^(),]|\([^()]*\))*(,|\)))?", where) if name else []
    kinds = {"search" if function == "match" and more == "," else function for function, more in uses}
    return kinds.pop() if len(kinds) == 1 else "search"


PATTERNS = list(compiled_patterns())


@pytest.mark.parametrize(("name", "line", "pattern", "flags", "how"), PATTERNS)
def test_no_pattern_has_repeats_that_overlap(name, line, pattern, flags, how):
    assert slow(pattern, flags, how) == "", f"{name}:{line}: {pattern!r} by {how}"


@pytest.mark.parametrize("pattern", sorted({pattern for _, pattern, _ in MEANINGS}))
def test_messages_are_explained_in_linear_time(pattern):
    assert slow(pattern) == "", pattern


def test_the_exceptions_are_files_of_the_grader():
    assert all((ROOT / name).is_file() for name in {*NOT_STUDENTS, *MADE})


@pytest.mark.parametrize(
    ("pattern", "flags", "how"),
    [
        (r"(a+)+b", 0, "match"),
        (r"(?:a|a)*b", 0, "match"),
        (r"a*a*b", 0, "match"),
        (r"<[^>]*>", 0, "search"),
        (r"\s+$", 0, "search"),
        (r"import[ \t]+([\w., \t]+)$", re.MULTILINE, "search"),
        (r"^[ \t]*[^\n#]*\?[ \t]*$", re.MULTILINE, "search"),
        (r"([a-z-]+)\s*=\s*x", 0, "search"),
        (r"(?:a*b)?", 0, "search"),
        (r"x(?!\w*;)", 0, "search"),
    ],
)
def test_the_test_sees_slow_patterns(pattern, flags, how):
    assert slow(pattern, flags, how)


@pytest.mark.parametrize(
    ("pattern", "flags", "how"),
    [
        (r"\w+", 0, "search"),
        (r"a+b", 0, "match"),
        (r"<[^<>]*>", 0, "search"),
        (r"(?<!\s)\s++$", 0, "search"),
        (r"^[ \t]*+[%!?].*$", re.MULTILINE, "search"),
        (r"[a-z]{1,64}x", 0, "search"),
        (r"a*b", 0, "fullmatch"),
        (r"\\(?:href|url)(?![A-Za-z])", 0, "search"),
    ],
)
def test_the_test_lets_fast_patterns_pass(pattern, flags, how):
    assert slow(pattern, flags, how) == ""


def test_a_new_function_that_reads_what_students_write_is_measured():
    """Found by its form, and called; one that needs more than a text stands in a table, and no other name does."""
    assert {*readers.MORE, *readers.OTHERS} <= {name for name, _ in readers.found()}
    for _, reader in readers.readers():
        readers.read(reader, "a [b](c)")

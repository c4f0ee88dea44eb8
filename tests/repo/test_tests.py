"""What must hold of the tests themselves: they share helpers, not each other, and every one of them can fail."""

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FILES = sorted(path for path in TESTS.rglob("*.py") if "right_solutions/week" not in path.as_posix())
# Calls that fail a test by themselves, besides those that numpy and unittest.mock name `assert_...`.
CHECKING = {"raises", "warns", "fail"}


def imported_tests(tree: ast.AST) -> list[str]:
    """The test files that a module imports, or takes something from, as it names them."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return [name for name in names if any(part.startswith("test_") for part in name.split("."))]


def defined(tree: ast.AST) -> dict[str, ast.AST]:
    """The functions of a module by name: its own, and those that it imports from the tests' helpers."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tests."):
            theirs = of_helpers(node.module)
            found |= {alias.asname or alias.name: theirs[alias.name] for alias in node.names if alias.name in theirs}
        elif isinstance(node, ast.FunctionDef):
            found[node.name] = node
    return found


@cache
def of_helpers(module: str) -> dict[str, ast.AST]:
    path = TESTS.parent / f"{module.replace('.', '/')}.py"
    return defined(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def can_fail(function: ast.AST, known: dict[str, ast.AST], seen: frozenset[str] = frozenset()) -> bool:
    """Whether it asserts something or expects an exception, itself or in a function that it calls."""
    inside = list(ast.walk(function))
    calls = [node.func for node in inside if isinstance(node, ast.Call)]
    names = {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "") for func in calls}
    asserts = any(name.startswith("assert_") for name in names) or any(isinstance(node, ast.Assert) for node in inside)
    if asserts or names & CHECKING:
        return True
    helpers = (names & known.keys()) - seen
    return any(can_fail(known[name], known, seen | helpers) for name in helpers)


def idle_tests(tree: ast.AST) -> list[str]:
    """The tests of a module that pass whatever their subject does, unless it raises."""
    known = defined(tree)
    own = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [node.name for node in own if node.name.startswith("test_") and not can_fail(node, known)]


@pytest.mark.parametrize("look", [imported_tests, idle_tests])
def test_no_test_file_has_any(look):
    """What two test files need stands in a helper module or in conftest.py; a test that asserts nothing is mended."""
    files = [path for path in FILES if look is imported_tests or path.name.startswith("test_")]
    found = {str(path.relative_to(TESTS)): look(ast.parse(path.read_text(encoding="utf-8"))) for path in files}
    assert len(found) > 100 and not {name: names for name, names in found.items() if names}


@pytest.mark.parametrize(
    ("look", "source"),
    [
        (imported_tests, "from tests.desk.commands.test_cli import run"),
        (imported_tests, "from tests.hostile import catalogue, test_catalogue"),
        (imported_tests, "def test_it():\n    import tests.desk.commands.test_cli as cli\n    assert cli"),
        (idle_tests, "def test_it():\n    write(None)"),
        (idle_tests, "def write():\n    pass\ndef test_it():\n    write()"),
        (idle_tests, "def write():\n    write()\ndef test_it():\n    write()"),
        (idle_tests, "class TestIt:\n    def test_it(self):\n        1 == 2"),
    ],
)
def test_a_planted_one_is_found(look, source):
    assert look(ast.parse(source))


@pytest.mark.parametrize(
    ("look", "source"),
    [
        (imported_tests, "from tests.desk.tools import run\nfrom tests.desk import tiny\nimport json"),
        (idle_tests, "def test_it():\n    assert 1"),
        (idle_tests, "def test_it():\n    with pytest.raises(KeyError):\n        {}[0]"),
        (idle_tests, "def same(a, b):\n    assert a == b\ndef test_it():\n    same(1, 1)"),
        (idle_tests, "from tests.desk.tools import run\ndef test_it():\n    run('doctor')"),
    ],
)
def test_a_right_one_is_not(look, source):
    assert not look(ast.parse(source))

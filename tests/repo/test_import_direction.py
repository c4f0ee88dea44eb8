"""One direction: desk -> judge -> sandbox, checks. What a room may import, held against its sources."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Rooms of ours that a room may import, besides itself.
MAY_IMPORT = {
    "grader": set(),
    "grader.checks": set(),
    "grader.sandbox": set(),
    "grader.judge": {"grader.sandbox", "grader.checks"},
    "grader.desk": {"grader", "grader.sandbox", "grader.checks", "grader.judge"},
    "solutions": {"grader.judge", "grader.checks"},
}
# What a student's notebook needs at once, and what it may need later, inside a function.
CHECKS_AT_IMPORT = {"numpy", "matplotlib"}
CHECKS_LATER = CHECKS_AT_IMPORT | {"sklearn", "tqdm", "ipywidgets", "IPython"}


def room_of(module: str) -> str | None:
    """The room a dotted name lies in; None when it is not ours."""
    if module in ("grader", "grader.__version__"):
        return "grader"
    if module.startswith("grader."):
        return ".".join(module.split(".")[:2])
    return "solutions" if module.split(".")[0] == "solutions" else None


def imports(tree: ast.AST, package: str):
    """(dotted name, line, at the top level?) of every import in a module of `package`."""
    at_top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno, id(node) in at_top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (base, node.module)))
            # `from grader import checks` names a room by its last word.
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "grader" else [base]
            yield from ((name, node.lineno, id(node) in at_top) for name in names)


def wrong_imports(source: str, package: str) -> list[str]:
    """What a module with this source, in this package, imports against the rules."""
    room = room_of(package)
    wrong = []
    for name, line, at_top in imports(ast.parse(source), package):
        target = room_of(name)
        if target is not None and target != room and target not in MAY_IMPORT[room]:
            wrong.append(f"line {line}: {room} imports {name}")
        top = name.split(".")[0]
        if room == "grader.checks" and target is None and top not in sys.stdlib_module_names:
            if top not in (CHECKS_AT_IMPORT if at_top else CHECKS_LATER):
                wrong.append(f"line {line}: {room} imports {name}{' at its top level' if at_top else ''}")
    return wrong


def package_of(path: Path) -> str:
    """The dotted name of the package that a source file lies in."""
    return ".".join(path.parent.parts)


def test_every_import_goes_one_way(repo):
    """No module of grader/ or solutions/ imports a room it may not know."""
    sources = [path for folder in ("grader", "solutions") for path in (repo / folder).rglob("*.py")]
    found = {
        str(path.relative_to(repo)): wrong
        for path in sources
        if path.name != "reference.py"  # cells of a notebook, not a module
        and (wrong := wrong_imports(path.read_text(), package_of(path.relative_to(repo))))
    }
    assert sources and not found


@pytest.mark.parametrize(
    "package, source",
    [
        ("grader", "import grader.desk"),
        ("grader.checks", "from grader import judge"),
        ("grader.checks", "import jupyter_client"),
        ("grader.checks", "import sklearn.datasets"),
        ("grader.checks", "def f():\n    import nbformat"),
        ("grader.sandbox", "from grader.checks import diagnosis"),
        ("grader.sandbox", "def f():\n    from ..judge import spec"),
        ("grader.judge", "import grader.desk.course.facts"),
        ("grader.judge", "from solutions.week01_backprop import backprop"),
        ("solutions.week01_backprop.backprop", "from grader.desk import report"),
    ],
)
def test_a_planted_import_is_found(package, source):
    """Each rule catches the import it is there for."""
    assert wrong_imports(source, package)


@pytest.mark.parametrize(
    "package, source",
    [
        ("grader.checks", "import numpy as np\nfrom .diagnosis import diagnose"),
        ("grader.checks", "def digits():\n    from sklearn import datasets"),
        ("grader.judge", "from grader.checks.diagnosis.diagnose import diagnose\nfrom grader import sandbox"),
        ("grader.desk", "from grader.judge import grading\nimport grader"),
    ],
)
def test_a_right_import_is_not(package, source):
    """The rules leave alone what the rooms are built on."""
    assert not wrong_imports(source, package)


def loaded(statement: str, names: list[str]) -> list[str]:
    """Which of these modules a fresh process has after a statement; without what our tests give to every process."""
    code = f"import sys; {statement}; print(*[name for name in {names} if sys.modules.get(name)])"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split()


def test_a_notebooks_import_is_light():
    """`from grader import checks` loads no Jupyter, no nbgrader, no scikit-learn and no other room."""
    heavy = ["jupyter_client", "nbformat", "nbgrader", "IPython", "zmq", "sklearn", "grader.judge", "grader.desk"]
    assert loaded("from grader import checks", heavy) == []


def test_a_command_builds_no_grammars():
    """Every process of `grader` would otherwise begin with a second of them; see grader/desk/__init__.py."""
    assert loaded("import grader.desk.grade.run", ["lark", "rfc3987_syntax"]) == []

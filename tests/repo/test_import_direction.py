"""One direction: desk -> judge -> sandbox, checks; weeks -> checks; no circle. Held against the sources, functions too.

Sources are given as {dotted name: text}; that of a package's own file ends in `__init__`.
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

# Rooms of ours that a room may import, besides itself. A week, and what is secret of it: see `may_import`.
MAY_IMPORT = {
    "grader": set(),
    "grader.checks": set(),
    "grader.sandbox": set(),
    "grader.judge": {"grader.sandbox", "grader.checks"},
    "grader.desk": {"grader", "grader.sandbox", "grader.checks", "grader.judge"},
    "solutions": {"grader.judge", "grader.checks"},
}
# What a student's notebook needs at once, and what it may need later, inside a function.
AT_IMPORT = {"numpy", "matplotlib"}
LATER = AT_IMPORT | {"sklearn", "tqdm", "ipywidgets", "IPython"}
USE_EVERYTHING = {"tools", "benchmarks", "tests", "nbgrader_config.py"}
A_WEEK = re.compile(r"\bweek\d")
NAME_A_WEEK = {"grader.desk.demo.demo_class"}  # the demonstration grades homework 1, and has to find it


def room_of(module: str) -> str | None:
    """The room of a dotted name: `grader.judge`, `week01_backprop`, `solutions.week01_backprop`. None: not ours."""
    top, *rest = module.removesuffix(".__init__").split(".")
    if top == "grader":
        return f"grader.{rest[0]}" if rest and rest[0] != "__version__" else "grader"
    if top == "solutions":
        return f"solutions.{rest[0]}" if rest and A_WEEK.match(rest[0]) else "solutions"
    return top if A_WEEK.match(top) else None


def may_import(room: str) -> set[str]:
    """The rooms that a room may import."""
    kind, _, week = room.partition(".")
    if kind == "solutions" and week:
        return MAY_IMPORT["solutions"] | {week}
    return {"grader.checks"} if A_WEEK.match(room) else MAY_IMPORT[room]


def imports(tree: ast.AST, module: str) -> Iterator[tuple[str, str, int, bool]]:
    """(module named, name taken from it or "", line, at the top level?) of every import, those in functions too."""
    at_top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "", node.lineno, id(node) in at_top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.rsplit(".", node.level)[0] if node.level else ""
            base = ".".join(filter(None, (base, node.module)))
            yield from ((base, alias.name, node.lineno, id(node) in at_top) for alias in node.names)


def wrong_imports(source: str, module: str) -> list[str]:
    """What a module with this source imports against the rules."""
    room, wrong = room_of(module), []
    for base, name, line, at_top in imports(ast.parse(source), module):
        # `from grader import checks` names a room by its last word.
        target = room_of(f"{base}.{name}" if name and base in ("grader", "solutions") else base)
        if target is not None and target != room and target not in may_import(room):
            wrong.append(f"line {line}: {room} imports {base} {name}")
        top = base.split(".")[0]
        used_by_students = room == "grader.checks" or A_WEEK.match(room)
        if used_by_students and target is None and top not in sys.stdlib_module_names:
            if top not in (AT_IMPORT if at_top else LATER):
                wrong.append(f"line {line}: {room} imports {base}{' at its top level' if at_top else ''}")
    return wrong


def arrows(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """{module: modules that it imports} among these; a name that is no module of its own belongs to its package."""
    found = {}
    for module, source in sources.items():
        taken = [(base, name) for base, name, *_ in imports(ast.parse(source), module)]
        named = [(f"{base}.{name}", f"{base}.{name}.__init__", base, f"{base}.__init__") for base, name in taken]
        found[module] = {next((name for name in names if name in sources), "") for names in named} - {""}
    return found


def circle(sources: Mapping[str, str]) -> list[str]:
    """Modules that import each other in a round, or []."""
    try:
        TopologicalSorter(arrows(sources)).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def weeks_named(source: str) -> list[str]:
    """Where a source names a week: in a string or an identifier. Docstrings and the examples of commands may."""
    tree = ast.parse(source)
    examples = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "command"]
    prose = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    passed = {id(node) for part in (*examples, *prose) for node in ast.walk(part)}
    words = [
        (node.lineno, word)
        for node in ast.walk(tree)
        if id(node) not in passed
        for word in (getattr(node, field, None) for field in ("value", "id", "attr", "module", "arg", "name"))
        if isinstance(word, str)
    ]
    aliases = [(node.lineno, node.name) for node in ast.walk(tree) if isinstance(node, ast.alias)]
    return [f"line {line}: {word!r}" for line, word in sorted({*words, *aliases}) if A_WEEK.search(word)]


@pytest.fixture(scope="module")
def sources(repo) -> dict[str, str]:
    """The sources of grader/, solutions/ and the weeks; references are cells of a notebook, not modules."""
    folders = [repo / "grader", repo / "solutions", *repo.glob("week*")]
    paths = [
        path for folder in folders for path in folder.rglob("*.py") if path.name not in ("reference.py", "notice.py")
    ]
    return {".".join(path.relative_to(repo).with_suffix("").parts): path.read_text() for path in paths}


def test_every_import_goes_one_way(sources):
    """No module of grader/, solutions/ or a week imports a room it may not know."""
    found = {module: wrong for module, source in sources.items() if (wrong := wrong_imports(source, module))}
    assert sources and not found


def test_notebooks_import_checks_and_their_own_week(repo):
    """What a notebook imports of ours is in the student's package."""
    for path in repo.glob("week*/*.ipynb"):
        cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
        source = "\n".join("".join(cell["source"]) for cell in cells)
        ours = "\n".join(re.findall(r"^ *((?:from|import) (?:grader|solutions|week\d)[^#\n]*)", source, re.MULTILINE))
        assert ours and not wrong_imports(ours, f"{path.parent.name}.{path.stem}"), path


def test_nothing_else_imports_the_desk(repo):
    """Only tools, benchmarks, tests and nbgrader's configuration do, besides what has rules of its own above."""
    others = [path for path in repo.iterdir() if path.name not in USE_EVERYTHING and path.name[0] != "."]
    for path in (path for path in others if path.suffix == ".py" or path.name == "docs"):
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            assert not [base for base, *_ in imports(ast.parse(file.read_text()), file.stem) if "grader" in base], file


def test_no_modules_import_each_other_in_a_round(sources):
    """Not inside functions, and not by way of a package that hands on what its modules define."""
    assert circle(sources) == []


def test_nothing_in_grader_names_a_week(sources):
    """A fourth week needs no line in grader/."""
    ours = {module: source for module, source in sources.items() if module.startswith("grader.")}
    found = {module: named for module, source in ours.items() if (named := weeks_named(source))}
    assert set(found) == NAME_A_WEEK, found


@pytest.mark.parametrize(
    "module, source",
    [
        ("grader.__init__", "import grader.desk"),
        ("grader.checks.data", "from grader import judge"),
        ("grader.checks.data", "import jupyter_client"),
        ("grader.checks.data", "import sklearn.datasets"),
        ("grader.checks.data", "def f():\n    import nbformat"),
        ("grader.checks.data", "def f():\n    from week03_adaptive_sgd import objectives"),
        ("grader.sandbox.accounts", "from grader.checks import diagnosis"),
        ("grader.sandbox.walls.accounts", "def f():\n    from ...judge import spec"),
        ("grader.judge.spec", "import grader.desk.course.facts"),
        ("grader.judge.spec", "from solutions.week01_backprop import backprop"),
        ("grader.desk.demo.demo", "import week01_backprop.net_questions"),
        ("solutions.week01_backprop.backprop.mistakes", "from grader.desk import report"),
        ("solutions.week01_backprop.backprop.mistakes", "from solutions import week02_matrix_diff"),
        ("solutions.week01_backprop.backprop.mistakes", "from week02_matrix_diff import backprop_graph"),
        ("week01_backprop.net_questions", "from week02_matrix_diff import backprop_graph"),
        ("week01_backprop.net_questions", "from grader.judge import expect"),
        ("week01_backprop.net_questions", "def f():\n    import solutions"),
        ("week01_backprop.net_questions", "import IPython"),
    ],
)
def test_a_planted_import_is_found(module, source):
    """Each rule catches the import it is there for."""
    assert wrong_imports(source, module)


@pytest.mark.parametrize(
    "module, source",
    [
        ("grader.checks.data", "import numpy as np\nfrom .diagnosis import diagnose"),
        ("grader.checks.data", "def digits():\n    from sklearn import datasets"),
        ("grader.judge.spec", "from grader.checks.diagnosis.diagnose import diagnose\nfrom grader import sandbox"),
        ("grader.desk.cli", "from grader.judge import grading\nimport grader"),
        ("week03_adaptive_sgd.comparison", "from week03_adaptive_sgd import trajectories\nfrom grader import checks"),
        ("solutions.week03_adaptive_sgd.answers", "import week03_adaptive_sgd.objectives\nfrom grader import judge"),
    ],
)
def test_a_right_import_is_not(module, source):
    """The rules leave alone what the rooms are built on."""
    assert not wrong_imports(source, module)


ROUNDS = {
    "inside a function": {"a.b": "def f():\n    import a.c", "a.c": "from a.b import f"},
    "of three": {"a.b": "import a.c", "a.c": "from a import d", "a.d": "class D:\n    from a import b"},
    "relative": {"a.__init__": "", "a.b.__init__": "", "a.b.c": "from ..d import x", "a.d": "from .b import c"},
    "by a package": {"a.__init__": "from a.b import f", "a.b": "import a.c", "a.c": "from a import f"},
}


@pytest.mark.parametrize("planted", ROUNDS)
def test_a_planted_round_is_found(planted):
    """In a function, of three modules, written with dots, and through a package that hands a name on."""
    assert circle(ROUNDS[planted])


def test_a_package_may_hand_on_what_its_modules_define():
    """They import each other by their own names."""
    assert circle({"a.__init__": "from a.b import f", "a.b": "import a.c", "a.c": "from os import path"}) == []


@pytest.mark.parametrize(
    "source",
    [
        'FOLDER = "week01_backprop"',
        'def f(course):\n    return f"{course}/week02"',
        "def f():\n    import week01_backprop.net_questions",
        "def f():\n    from week03_adaptive_sgd import objectives",
        "def f(week01):\n    return week01.points",
    ],
)
def test_a_planted_week_is_found(source):
    """As a string, a part of one, an import and a name."""
    assert weeks_named(source)


def test_prose_and_patterns_name_weeks():
    """What is read by people, and the pattern of every week."""
    source = '"""Grade week01."""\n@command("grade", "grader grade week01")\ndef f():\n    return glob("week*")'
    assert weeks_named(source) == []


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


def test_the_commands_import_is_light():
    """`grader --help` answers at once: what a command needs is loaded when it runs."""
    heavy = [
        "pydantic",
        "nbgrader.api",
        "nbformat.validator",
        "numpy",
        "sqlalchemy",
        "jupyter_client",
        "IPython",
        "dask",
        "jinja2",
    ]
    assert loaded("import grader.desk.cli", [*heavy, "nh3", "bleach", "matplotlib", "copydetect"]) == []


def test_a_command_builds_no_grammars():
    """Every process of `grader` would otherwise begin with a second of them; see grader/desk/quick_imports.py."""
    assert loaded("import grader.desk.grade.run", ["lark", "rfc3987_syntax"]) == []

"""docs/security.md and the tests agree: every attack has its row, every test it names exists."""

import ast
import importlib
import re

from tests.hostile import catalogue
from tests.hostile.attack import Attack
from tests.hostile.table import PAGE, TEST, with_table


def test_every_attack_has_its_row_and_every_row_its_attack():
    """The table is the one that the catalogue gives; `python -m tests.hostile.table` writes it anew."""
    text = PAGE.read_text(encoding="utf-8")
    assert with_table(text) == text
    rows = re.findall(r"^\| ([\w-]+) \| .+\[\1\]`", text, re.MULTILINE)
    assert rows == [attack.name for family in catalogue.FAMILIES for attack in family.ATTACKS]


def test_every_test_that_the_page_names_exists(repo):
    text = PAGE.read_text(encoding="utf-8")
    catalogue_tests = (repo / "tests/hostile" / TEST).read_text(encoding="utf-8")
    for name in set(re.findall(r"`(test_\w+)\[", text)):
        assert f"\ndef {name}(" in catalogue_tests, name
    for path in set(re.findall(r"`(tests/[\w/]+(?:\.py)?)/?`", text)):
        assert (repo / path).exists(), path


def test_what_the_page_says_of_limits_is_what_students_read(repo):
    """The sentences quoted are those of the grader."""
    from grader.judge.grading.grade import DEATHS

    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    facts = {"submission_seconds": 300, "memory_mb": 2048, "tmp_mb": 256, "cell_seconds": 60}
    assert DEATHS["time"].format(**facts) in text and DEATHS["memory"].format(**facts) in text


BOUND = re.compile(
    r"^\| [^|]+ \| ([^|]+) \| ((?:`grader[\w.]+`(?:, )?)+) \| `(tests/[\w/.]+)(?:::(\w+))?` \|$", re.MULTILINE
)
BOUNDED = ("grader.judge.bounds", "grader.judge.sanitise", "grader.sandbox.protocol")


def bounds_of_the_page():
    section = PAGE.read_text(encoding="utf-8").partition("## Bounds of our own work")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("| ") and not row.startswith(("| bound", "| ---"))]
    found = BOUND.findall(section)
    assert len(found) == len(rows) > 20
    return [(values, re.findall("`(.+?)`", names), file, test) for values, names, file, test in found]


def test_every_bound_of_the_page_is_what_the_code_has_and_its_test_exists(repo):
    for values, names, file, test in bounds_of_the_page():
        has = []
        for name in names:
            module, _, constant = name.rpartition(".")
            value = getattr(importlib.import_module(module), constant)
            has.append(f"{value:,g}" if isinstance(value, float) else f"{value:,}")
        assert re.findall(r"\d[\d,]*", values) == has, f"docs/security.md says {values} of {names}, which are {has}"
        assert f"\ndef {test}(" in (repo / file).read_text(encoding="utf-8") if test else (repo / file).exists(), test


def test_every_bound_of_these_packages_is_on_the_page(repo):
    told = {name for _, names, *_ in bounds_of_the_page() for name in names}
    for package in BOUNDED:
        place = repo / package.replace(".", "/")
        for path in [*place.glob("*.py")] or [place.with_suffix(".py")]:
            module = path.relative_to(repo).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = [name for node in tree.body if isinstance(node, ast.Assign) for name in ast.walk(node.targets[0])]
            bounds = {f"{module}.{name.id}" for name in names if isinstance(name, ast.Name) and "MAX_" in name.id}
            assert bounds <= told, bounds - told


def test_an_attack_says_what_it_tries():
    assert all(isinstance(one, Attack) and len(one.tries.split()) > 2 for one in catalogue.ATTACKS.values())

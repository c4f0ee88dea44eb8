"""docs/security.md and the tests agree: every attack has its row, every test it names exists."""

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


def test_an_attack_says_what_it_tries():
    assert all(isinstance(one, Attack) and len(one.tries.split()) > 2 for one in catalogue.ATTACKS.values())

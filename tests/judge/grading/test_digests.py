"""A verdict's digest changes with what the verdict depends on, and with nothing else."""

import pytest

from grader.judge.grading.spec import load_notebook
from tests.judge import toy

HELPED = """
from solutions.weekX.toy.asking import double_of, settings
from solutions.weekX import shared
from functools import cache, partial
from dataclasses import dataclass, replace
import numpy as np
from grader.judge import expect, expect_that, hidden_test

LIMIT = {"far": [1.0, 2.0]}

@dataclass(frozen=True)
class Case:
    size: int = 3
    def points(self, rng):
        return rng.normal(size=self.size)

def declare(factor, cell):
    @hidden_test(cell, points=1.5 if factor == 2 else 1)
    def multiplies(student, rng):
        '''multiplies'''
        x = Case().points(rng)
        expect(student.double(x) if factor == 2 else student.triple(x), factor * x, what="it")
    multiplies.hidden_test = replace(multiplies.hidden_test, name=f"by_{factor}")
    return multiplies

by_2 = declare(2, "test_double")

@hidden_test("test_triple", points=1)
def triples(student, rng):
    '''triples'''
    x = rng.normal(size=3)
    expect(student.triple(x), double_of(x) + x, what="it", mistakes={"far": x + LIMIT["far"][0]})
    expect_that(shared.THREE == 3 and settings()["a"] == 1, "no")
"""
ASKING = """
from functools import cache

def double_of(x):
    return _twice(x)

def _twice(x):
    return 2 * x

@cache
def settings():
    return {"a": 1}

def nobody_calls_this():
    return 1
"""


@pytest.fixture
def folder(course):
    folder = course / "solutions" / "weekX" / "toy"
    (folder / "hidden_tests.py").write_text(HELPED)
    (folder / "asking.py").write_text(ASKING)
    (folder.parent / "shared.py").write_text("THREE = 3\n")
    return folder


def changed(course, path, old, new):
    before = load_notebook(course, "weekX", "toy").verdicts
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    after = load_notebook(course, "weekX", "toy").verdicts
    return {cell for cell in before if before[cell] != after[cell]}


def test_two_readings_agree(course, folder):
    assert load_notebook(course, "weekX", "toy").verdicts == load_notebook(course, "weekX", "toy").verdicts


@pytest.mark.parametrize(
    ("file", "old", "new", "cells"),
    [
        ("hidden_tests.py", "double_of(x) + x", "double_of(x) + 1 * x", {"test_triple"}),  # the test itself
        ("hidden_tests.py", "'''triples'''", "'''three times'''", {"test_triple"}),  # what students read
        ("hidden_tests.py", "[1.0, 2.0]", "[1.5, 2.0]", {"test_triple"}),  # a constant inside a constant
        ("hidden_tests.py", "size: int = 3", "size: int = 4", {"test_double"}),  # a class
        ("hidden_tests.py", "declare(2,", "declare(2.0,", {"test_double"}),  # what a function closes over
        ("asking.py", "return 2 * x", "return x + x", {"test_triple"}),  # a helper of a helper
        ("asking.py", '{"a": 1}', '{"a": 1, "b": 2}', {"test_triple"}),  # a cached helper
        ("asking.py", "    return 1\n", "    return 2\n", set()),  # what no test uses
        ("../shared.py", "THREE = 3", "THREE = 3.0", {"test_triple"}),  # a module of the week
        ("hidden_tests.py", "by_2 = declare", "# a remark\nby_2 = declare", set()),  # where it stands
        ("mistakes.py", "squares", "squared", set()),  # the catalogue
    ],
)
def test_a_change_reaches_exactly_the_verdicts_it_decides(course, folder, file, old, new, cells):
    assert changed(course, folder / file, old, new) == cells


def test_what_cannot_be_followed_depends_on_the_whole_folder(course, folder):
    path = folder / "hidden_tests.py"
    path.write_text(path.read_text().replace('LIMIT = {"far"', 'LIMIT = {"odd": object(), "far"'))
    assert changed(course, folder / "mistakes.py", "squares", "squared") == {"test_triple"}


def test_the_toys_own_tests_have_one_digest_a_cell(course):
    assert set(load_notebook(course, "weekX", "toy").verdicts) == {"test_double", "test_triple"}
    assert toy.TESTS.count("@hidden_test") == 3

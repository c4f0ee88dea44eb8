"""Random damage: every submission gives a result, and a repaired notebook is canonical and needs no second repair."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from grader.judge.repair import repair
from tests.judge.damage import CELL, JSON, damaged_files, damaged_notebooks
from tests.judge.handed_in import SOLUTIONS, assert_canonical, released

RELEASED = released()


def assert_survives(submitted):
    """The property: a status, and a canonical notebook whose repair is itself."""
    result = repair(submitted, RELEASED)
    event(result.status)
    assert result.status in ("ok", "repaired", "broken", "empty", "wrong_notebook")
    assert (result.nb is None) == (result.status not in ("ok", "repaired"))
    assert (result.status == "ok") == (not result.notes)
    for note in result.notes:
        assert len(note) < 500 and note.endswith(".")
        note.encode()
    assert set(result.missing) <= {*SOLUTIONS, "why"}
    if result.nb is None:
        return
    assert_canonical(result.nb, RELEASED)
    again = repair(nbformat.writes(result.nb).encode(), RELEASED)
    assert again.notes == []
    assert [cell.source for cell in again.nb.cells] == [cell.source for cell in result.nb.cells]
    assert set(again.missing) == set(result.missing) - {"why"}


MANY = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=400, **MANY)
@given(damaged_notebooks())
def test_damaged_notebooks(submitted):
    """Any change of structure, marks, ids and sources is survived."""
    assert_survives(submitted)


@settings(max_examples=150, **MANY)
@given(damaged_files() | st.binary(max_size=200))
def test_damaged_files(submitted):
    """Any change of the bytes is survived."""
    assert_survives(submitted)


@settings(max_examples=100, **MANY)
@given(JSON | st.fixed_dictionaries({"cells": st.lists(CELL | JSON, max_size=6) | JSON}))
def test_other_json(value):
    """Any JSON is survived."""
    assert_survives(json.dumps(value).encode())


@pytest.mark.long
@settings(max_examples=2000, **MANY)
@given(damaged_notebooks())
def test_two_thousand(submitted):
    """Two thousand damaged submissions give two thousand results."""
    assert_survives(submitted)

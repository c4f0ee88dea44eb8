"""What our own work on one submission may take: memory, processor time, notes; and that points outlive it."""

import resource
import time

import nbformat
import numpy as np
import pytest

from grader.checks.diagnosis.diagnose import diagnose
from grader.judge.bounds import MAX_NOTE, MAX_NOTES, TakesTooLong, bounded, few
from grader.judge.grading import grade as grading
from grader.judge.grading.annotate import annotate
from grader.judge.grading.examiner import examine
from grader.judge.grading.result import NOT_SHOWN
from grader.judge.grading.spec import load_notebook
from grader.judge.hidden import HiddenTest, expect_verdict
from grader.judge.memo import CHARACTERS, ENTRIES, remembered
from grader.judge.sanitise.outputs import MAX_MARKUP, Budget, safe_outputs
from grader.sandbox.protocol.channel import MAX_BINARY
from tests.judge import toy


def test_memory_beyond_the_bound_is_an_error_and_the_limit_is_put_back():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with pytest.raises(MemoryError), bounded(10, 64):
        np.ones(2**27)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert np.ones(2**24).size


def test_processor_time_beyond_the_bound_is_an_error_and_waiting_is_none():
    with pytest.raises(TakesTooLong), bounded(0.05):
        while True:
            pass
    with bounded(0.05):
        time.sleep(0.2)
    end = time.process_time() + 0.2  # the clock has been stopped
    while time.process_time() < end:
        pass


def test_broadcasting_in_a_hidden_test_costs_that_test_only():
    """9000 x 1 against 1 x 9000 is 650 MB; the worker has less, and the next test its chance."""

    def broadcasts(student, rng):
        expect_verdict(diagnose(np.ones((9000, 1)) - np.ones((1, 9000)), 1, what="x"))

    def passes(student, rng):
        pass

    tests = [HiddenTest("c", name, name, 1, function) for name, function in vars_of(broadcasts, passes)]
    found = examine(NoRunner(), tests, seed="", seconds=5)
    assert [outcome.code for outcome in found] == ["undigested:MemoryError", "ok"]


def test_a_hidden_test_that_thinks_without_end_is_stopped():
    def thinks(student, rng):
        while True:
            pass

    (found,) = examine(NoRunner(), [HiddenTest("c", "t", "t", 1, thinks)], seed="", seconds=0.2)
    assert found.code == "undigested:TakesTooLong" and not found.passed


def test_the_largest_answer_is_diagnosed_within_the_memory_of_a_worker():
    """An answer of the most bytes that may arrive, of the right shape or not, of one byte an entry or eight."""
    doubles = np.ones((MAX_BINARY // 8 // 1024, 1024))
    with bounded(30):
        assert not diagnose(doubles, np.ones((3, 2)), mistakes={"a": np.ones((3, 2))}).ok
        assert not diagnose(np.ones((MAX_BINARY // 1024, 1024), dtype="u1"), np.ones((3, 2))).ok


class NoRunner:
    """In place of a sandbox: nothing is asked."""

    def prepare(self, modules):
        pass

    def connection(self):
        class Nobody:
            alive = True

            def start(self, *_):
                pass

        return Nobody()


def vars_of(*functions):
    return [(function.__name__, function) for function in functions]


def test_notes_are_few_and_short():
    told = few([f"“{number}” was left out." for number in range(100_000)] + ["x" * 10_000])
    assert len(told) == MAX_NOTES + 1 and told[-1] == "... and 99961 more such notes."
    assert len(few(["x" * 10_000])[0]) == MAX_NOTE and few(["a", "b"]) == ["a", "b"]
    nb = toy.notebook()
    annotate(nb, {}, ["note"] * 100_000)
    assert len(nb.cells[0].source) < 2000


@pytest.mark.parametrize("error", [TakesTooLong("..."), MemoryError()])
def test_what_was_earned_is_kept_whatever_sanitising_does(course, monkeypatch, error):
    """The page has the released notebook, the scores and the reason; the status asks a person to look."""

    def fails(nb):
        raise error

    monkeypatch.setattr(grading, "sanitise", fails)
    spec = load_notebook(course, "weekX", "toy")
    nb = toy.notebook()
    for cell in nb.cells:
        cell.source = {"double": toy.RIGHT, "triple": "def triple(x): return 3 * x"}.get(cell.id, cell.source)
    result = grading.grade_notebook(spec, nbformat.writes(nb).encode(), isolation="trusted")
    assert result.points == result.max_points and result.status == NOT_SHOWN
    assert "cannot be shown" in result.notes[-1] and "cannot be shown" in result.nb.cells[0].source


def test_a_notebook_that_cannot_be_repaired_in_time_says_so(course, monkeypatch):
    def thinks(*_):
        while True:
            pass

    monkeypatch.setattr(grading, "repair", thinks)
    monkeypatch.setattr(grading, "REPAIR_SECONDS", 0.1)
    result = grading.grade_notebook(load_notebook(course, "weekX", "toy"), b"{}")
    assert result.status == "broken" and "takes more time or memory" in result.notes[0]


def test_markup_of_a_notebook_is_bounded_in_all():
    """Each page reads it again: 30 MB of Markdown would take minutes."""
    output = {"output_type": "display_data", "data": {"text/html": "<b>x</b>" * 20_000}}
    budget = Budget()
    made = [made for _ in range(20) for made in safe_outputs([output], budget)]
    kept = [len(one.data.get("text/html", "")) for one in made]
    assert 0 < sum(kept) <= MAX_MARKUP and kept[-1] == 0 and "left out" in made[-1].data["text/plain"]


def test_only_short_texts_are_remembered():
    """What a class hands in again and again is kept; what one submission may hold of the rest is not."""
    calls = []
    twice = remembered(lambda text: calls.append(text) or text)
    for text in ("a", "a", "b" * (CHARACTERS + 1), "b" * (CHARACTERS + 1)):
        twice(text)
    assert len(calls) == 3 and 2 * ENTRIES * CHARACTERS * 4 < 100 * 2**20

"""Grading a submission of the toy course in the real sandbox: what is earned, what is said, what cannot end the run."""

import json

import nbformat
import pytest

from grader.judge.grading.grade import DEATHS, grade_notebook
from grader.judge.grading.result import NotebookResult
from grader.judge.grading.spec import load_notebook
from grader.sandbox.walls.limits import Limits
from tests.judge import toy

TRIPLE = "def triple(x): return 3 * x"
LIMITS = Limits(cell_seconds=5, question_seconds=3, submission_seconds=40)


def submission(double=toy.RIGHT, triple=TRIPLE, change=None):
    nb = toy.notebook()
    sources = {"double": double, "triple": triple}
    for cell in nb.cells:
        cell.source = sources.get(cell.id, cell.source)
    if change:
        change(nb)
    return nbformat.writes(nb).encode()


@pytest.fixture
def grade(course):
    spec = load_notebook(course, "weekX", "toy")
    return lambda *args, **kwargs: grade_notebook(spec, submission(*args, **kwargs), limits=LIMITS)


def points(result):
    return {name: part.points for name, part in result.parts.items()}


def score_in(nb, grade_id):
    """The number that nbgrader reads from a test cell."""
    (cell,) = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    (output,) = [output for output in cell.outputs if output.output_type == "execute_result"]
    return float(output.data["text/plain"])


def test_a_right_submission_gets_everything_and_the_score_stands_in_the_notebook(grade):
    result = grade()
    assert result.status == "graded" and result.points == result.max_points == 2.5
    assert score_in(result.nb, "test_double") == 1.5 and not result.notes


def test_partial_credit_and_its_reason_are_written_together(grade):
    result = grade(double="def double(x): return x**2")
    assert points(result) == {"test_double": 0.5, "test_triple": 1}
    assert "squares in place of doubling" in nbformat.writes(result.nb)
    assert score_in(result.nb, "test_double") == 0.5


def test_no_name_is_needed_to_be_asked(grade):
    """A notebook may use any name for something else, those of builtins too, and still be asked."""
    taken = "globals = locals = __import__ = getattr = __builtins__ = open = 0"
    assert grade(double=f"{toy.RIGHT}\n{taken}").points == 2.5


def test_what_was_earned_before_a_crash_stays_earned(grade):
    result = grade(triple="import os; os._exit(3)")
    assert points(result) == {"test_double": 1.5, "test_triple": 0}
    assert any("ended" in note for note in result.notes)


def test_a_loop_in_a_cell_costs_that_cell_only(grade):
    result = grade(double="while True: pass", triple=TRIPLE)
    assert points(result) == {"test_double": 0, "test_triple": 1}
    assert any("longer than 5 s" in note for note in result.notes)


def test_a_loop_and_a_segfault_under_a_question_cost_that_question_only(grade):
    loop = "def double(x):\n    while True: pass"
    assert points(grade(double=loop)) == {"test_double": 0, "test_triple": 1}
    crash = "import ctypes\ndef double(x): return ctypes.string_at(0)"
    assert points(grade(double=crash)) == {"test_double": 0, "test_triple": 1}


def test_warnings_and_prints_cost_nothing(grade):
    noisy = "import sys, warnings\ndef double(x):\n    warnings.warn('x'); print(1, file=sys.stderr); return 2 * x"
    assert grade(double=noisy).points == 2.5


def test_demonstration_cells_are_not_run_and_students_cannot_tag_theirs(grade):
    def tag(nb):
        nb.cells[2].metadata["tags"] = ["skip-grading"]

    assert grade(change=tag).points == 2.5


def test_the_same_input_gives_the_same_result(grade):
    first, second = (grade(double="def double(x): return x**2").to_json() for _ in range(2))
    for result in (first, second):
        result.pop("timings")
        for part in result["parts"].values():
            for outcome in part["outcomes"]:
                outcome.pop("seconds")
    assert first == second


def test_a_result_survives_json(grade):
    result = grade(double="")
    again = NotebookResult.from_json(json.loads(json.dumps(result.to_json())))
    assert again.parts == result.parts and again.nb == result.nb


@pytest.mark.parametrize("rubbish", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"cells": 3}'])
def test_what_is_no_notebook_scores_nothing_and_says_why(course, rubbish):
    result = grade_notebook(load_notebook(course, "weekX", "toy"), rubbish, limits=LIMITS)
    assert result.status != "graded" and result.points == 0 and result.max_points == 2.5 and result.notes


def test_nothing_secret_is_in_the_process_that_runs_student_code(grade, course):
    """Walks every object and the environment of the kernel for the toy's hidden tests."""
    spy = (
        "import gc, os, glob\n"
        "def double(x):\n"
        "    seen = [o for o in gc.get_objects() if isinstance(o, str)] + [str(os.environ)]\n"
        "    seen += [open(p, errors='replace').read() for p in glob.glob('/proc/*/cmdline')]\n"
        "    assert not any('squares ' + 'in place' in s for s in seen)\n"
        f"    assert not os.path.exists({str(course)!r})\n"
        "    return 2 * x"
    )
    assert grade(double=spy).points == 2.5


def test_too_many_files_beside_the_notebook_are_left_out_and_said(course, tmp_path):
    for number in range(1100):
        (tmp_path / f"{number}.txt").write_text("")
    spec = load_notebook(course, "weekX", "toy")
    result = grade_notebook(spec, submission(), files=tmp_path, limits=LIMITS)
    assert result.points == 2.5 and any("left out" in note for note in result.notes)


def test_every_way_to_die_is_told_in_words():
    assert set(DEATHS) >= {"memory", "time", "stuck", "output", "files", "exit", "crash"}
    assert all(sentence.format(**vars(LIMITS)).endswith(".") for sentence in DEATHS.values())


def test_untouched_answers_are_told_apart(grade):
    """As data, for nbgrader's "No response."."""
    assert grade(double=toy.STUB).unanswered == ("double",) and grade().unanswered == ()


def test_a_reworded_hint_keeps_its_code(course):
    """What the report groups by: neither code nor place of a wrong answer depends on the words of its key."""

    def found():
        spec = load_notebook(course, "weekX", "toy")
        result = grade_notebook(spec, submission(double="def double(x): return x**2"), limits=LIMITS)
        (outcome,) = [outcome for outcome in result.parts["test_double"].outcomes if not outcome.passed]
        return outcome.code, outcome.place, outcome.mistake

    path = course / "solutions" / "weekX" / "toy" / "keys.py"
    before = found()
    path.write_text(toy.KEYS.replace("squares in place of doubling", "a power in place of a product"))
    after = found()
    assert before == ("named:0", "", "squares in place of doubling")
    assert after == (*before[:2], "a power in place of a product")

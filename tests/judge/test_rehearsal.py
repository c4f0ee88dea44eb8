"""A rehearsal gives each test cell what its hidden tests give, and nothing that cells do can end it."""

import contextlib
import os
import time

import pytest

from grader.judge.grading.spec import SpecError, load_mistakes, load_notebook, read_cells, reference_cells
from grader.judge.rehearsal.rehearsal import Checkpoints, mistake_problems, rehearse
from grader.sandbox.walls.accounts import is_alive
from tests.judge import toy


def run(course, double, triple="def triple(x): return 3 * x"):
    return rehearse("weekX", "toy", {"double": double, "triple": triple}, repo=course, question_seconds=1)


def test_the_reference_gets_everything(course):
    result = rehearse("weekX", "toy", reference_cells(course, "weekX", "toy"), repo=course)
    assert result.total == result.max == 2.5 and not any(result.hints.values())


def importing(course, module):
    """The course, with a key that imports a module of the week only when it is asked."""
    path = course / "solutions/weekX/toy/keys.py"
    path.write_text(
        path.read_text().replace("        return Right(6.0", f"        import {module}\n        return Right(6.0")
    )
    return course


def test_what_a_hidden_test_imports_when_it_is_asked_is_found(course):
    (course / "weekX" / "asked_late.py").write_text("")
    assert run(importing(course, "weekX.asked_late"), toy.RIGHT).total == 2.5


def test_an_import_that_a_hidden_test_has_lost_is_no_wrong_answer(course):
    """It stops the grading of the notebook, so that a person learns of it; a right solution does not pay."""
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        run(importing(course, "no_such_module"), toy.RIGHT)


def test_the_stub_gets_nothing_and_is_called_unwritten(course):
    result = rehearse("weekX", "toy", repo=course)
    assert result.total == 0 and set(result.hints["test_double"]) == {"not written yet"}


def test_points_are_split_over_properties(course):
    result = run(course, "def double(x):\n    x *= 2\n    return x")
    assert result.points == {"test_double": 1, "test_triple": 1}
    assert result.hints["test_double"] == ["does not change its argument: x was changed in place: work on a copy"]


def test_a_catalogued_mistake_gets_its_hint(course):
    (mistake,) = load_mistakes(course, "weekX", "toy")
    assert not mistake_problems(mistake, run(course, mistake.apply({"double": toy.RIGHT})))
    assert mistake_problems(mistake, run(course, toy.RIGHT))


def test_a_name_is_judged_as_it_stands_at_its_test_cell(course):
    cells = {"double": toy.RIGHT, "triple": "del double\ndef triple(x): return 3 * x"}
    assert rehearse("weekX", "toy", cells, repo=course).total == 2.5


def test_a_loop_a_crash_and_an_exit_cost_only_their_own_points(course):
    assert run(course, "def double(x):\n    while True: pass").points == {"test_double": 0, "test_triple": 1}
    assert run(course, "import os\ndef double(x): os._exit(0)").points == {"test_double": 0, "test_triple": 1}
    died = run(course, "import os; os._exit(0)")
    assert died.total == 0 and "ended before" in died.hints["test_triple"][0]


def test_a_test_changes_nothing_that_later_cells_see(course):
    result = run(
        course,
        "calls = []\ndef double(x):\n    calls.append(1)\n    return 2 * x",
        "def triple(x):\n    assert not calls; return 3 * x",
    )
    assert result.total == 2.5


def test_hidden_tests_must_add_up_to_the_cells_points(course):
    path = course / "weekX" / "toy_questions.py"
    path.write_text(toy.QUESTIONS.replace("points=0.5", "points=0.75"))
    with pytest.raises(SpecError, match="1.75 points, the cell 1.5"):
        load_notebook(course, "weekX", "toy")


def test_extra_cells_of_a_percent_script_are_found(tmp_path):
    path = tmp_path / "s.py"
    path.write_text(
        "# preamble\n# %% dense\nx = 1\n\n# %% after dense\ny = 2\n# %% [markdown] why\n# Because.\n#\n# So.\n"
    )
    cells, extra = read_cells(path)
    assert cells == {"dense": "x = 1", "why": "Because.\n\nSo."} and extra == [("after", "dense", "y = 2")]


TRIPLE = "def triple(x): return 3 * x"
VARIANTS = [
    {},
    {"triple": "def triple(x): return 2 * x"},
    {"double": "def double(x):\n    x *= 2\n    return x"},
    {"double": "1 / 0"},
    {"double": "import os; os._exit(0)"},
    {"double": toy.RIGHT, "triple": "del double\ndef triple(x): return 3 * x"},
]


def plain(result):
    outcomes = {cell: [(o.name, o.points, o.hint, o.code) for o in found] for cell, found in result.outcomes.items()}
    return outcomes, result.errors


def test_checkpoints_say_what_a_rehearsal_from_the_start_says_in_any_order(course):
    cells = {"double": toy.RIGHT, "triple": TRIPLE}
    with Checkpoints("weekX", "toy", cells, repo=course) as checkpoints:
        for changed in VARIANTS + VARIANTS[::-1]:
            assert plain(checkpoints.rehearse(changed)) == plain(
                rehearse("weekX", "toy", {**cells, **changed}, repo=course)
            )


def running_members(group):
    """Processes of the group that have not ended; when init takes note of one that has is init's affair."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(ProcessLookupError):
            found += [process] if os.getpgid(int(process)) == group and is_alive(process) else []
    return found


def test_closed_checkpoints_leave_no_process_and_no_folder(course):
    with Checkpoints("weekX", "toy", {"double": toy.RIGHT, "triple": TRIPLE}, repo=course) as checkpoints:
        checkpoints.rehearse()
        group, folder = checkpoints._process.pid, checkpoints._folder.name
        os.killpg(group, 0)
    until = time.monotonic() + 10
    while (left := running_members(group)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []
    assert not os.path.exists(folder)

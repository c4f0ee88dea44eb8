"""What a notebook may expect: its cells run in order, its outputs are kept, limits hit one cell and not the next."""

import nbformat
import pytest

from tests.sandbox.tools import notebook, run, shown, start_silently, statuses


def test_cells_run_and_outputs_are_kept():
    """Streams, results, errors and figures come back as a valid notebook, and an error does not end the run."""
    execution = run(
        "import sys; print('to stdout'); print('to stderr', file=sys.stderr)",
        "40 + 2",
        "1 / 0",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]);",
        "%%bash\necho from a shell",
        "!echo from a program",
    )
    nbformat.validate(execution.nb)
    assert statuses(execution) == ["ok", "ok", "error", "ok", "ok", "ok"]
    assert [output.name for output in execution.nb.cells[0].outputs] == ["stdout", "stderr"]
    assert shown(execution, 1) == "42"
    assert "ZeroDivisionError" in shown(execution, 2)
    assert "image/png" in execution.nb.cells[3].outputs[0].data
    assert "from a shell" in shown(execution, 4) and "from a program" in shown(execution, 5)
    assert execution.death is None


def test_the_submitted_notebook_is_not_changed():
    """Outputs go into a copy."""
    from grader.sandbox.run.notebook import run_notebook

    nb = notebook("1")
    before = nbformat.writes(nb)
    run_notebook(nb)
    assert nbformat.writes(nb) == before


def test_random_numbers_repeat():
    """Two runs draw the same numbers, seeded or not, and hash alike."""
    cell = (
        "import random, numpy as np\n"
        "print(random.random(), np.random.rand(), np.random.default_rng().random(), np.random.RandomState().rand(),\n"
        "      hash('text'), np.random.default_rng().random())"
    )
    first, second = shown(run(cell)), shown(run(cell))
    assert first == second
    drawn = first.split()
    assert len(set(drawn)) == len(drawn)


def test_display_updates_and_clearing():
    """Live figures: an updated display is replaced, cleared output is gone."""
    execution = run(
        "from IPython.display import display, clear_output\n"
        "handle = display('first', display_id=True); handle.update('second')",
        "print('gone'); clear_output(wait=True); print('stays')",
    )
    assert shown(execution, 0) == "'second'"
    assert shown(execution, 1) == "stays\n"


def test_input_is_refused():
    """input() fails instead of waiting for ever."""
    execution = run("input('?')", "1")
    assert statuses(execution) == ["error", "ok"]


def test_widgets_are_ignored():
    """A widget's messages do no harm and leave its text."""
    execution = run("import ipywidgets; ipywidgets.IntSlider()", "1")
    nbformat.validate(execution.nb)
    assert statuses(execution) == ["ok", "ok"]


def test_skipped_cells_do_not_run():
    """`skip` keeps a cell from running, and says so."""
    execution = run("a = 1", "a = 2", "a", skip=lambda cell: cell.id == "c1")
    assert statuses(execution) == ["ok", "skipped", "ok"]
    assert shown(execution) == "1"


def test_at_cell_is_called_in_place_of_the_cell():
    """The function sees the kernel as it stands at its cell and can run code silently."""
    seen = {}

    def ask(session):
        code = f"import os, socket; s = socket.socket(socket.AF_UNIX); s.connect('{session.inner_run_dir}/line');"
        import socket

        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(session.run_dir / "line"))
            (session.run_dir / "line").chmod(0o777)
            listener.listen()
            handle = start_silently(session, code + "s.sendall(str(a).encode()); s.close(); print('unseen')")
            connection, _ = listener.accept()
            with connection:
                seen["a"] = connection.recv(100)
            seen["status"] = session.wait(handle, 10)
        seen["error"] = session.wait(start_silently(session, "1/0"), 10)
        seen["alive"] = session.alive()

    execution = run("a = 41", "a = 0", "a", "In[-2:]", at_cell={"c1": ask})
    assert seen == {"a": b"41", "status": "ok", "error": "error", "alive": True}
    assert statuses(execution) == ["ok"] * 4
    assert shown(execution, 2) == "41"
    assert execution.nb.cells[1].outputs == []


def test_what_was_started_silently_does_not_go_on():
    """A function at a cell that leaves code running costs the next cell nothing."""
    execution = run(
        "a = 1", "", "a", at_cell={"c1": lambda session: start_silently(session, "import time; time.sleep(60)")}
    )
    assert statuses(execution) == ["ok"] * 3 and shown(execution) == "1"
    assert execution.seconds < 15


def test_a_kernel_that_dies_at_a_cell_of_the_callers():
    """The caller is told by `wait` and `alive`, the run ends with what came before."""
    seen = []

    def ask(session):
        seen.append(session.wait(start_silently(session, "import os; os._exit(1)"), 10))
        seen.append(session.alive())

    execution = run("print('earned')", "", "1", at_cell={"c1": ask})
    assert seen == ["dead", False]
    assert statuses(execution) == ["ok", "error", "not_run"] and execution.death == "exit"


def test_an_error_of_the_callers_function_is_raised():
    """A mistake in the judge is not taken for the student's."""

    def ask(session):
        raise LookupError("ours")

    with pytest.raises(LookupError):
        run("1", at_cell={"c0": ask})


def test_an_endless_loop_is_interrupted():
    """The cell is stopped, what it printed stays, and later cells run in the same kernel."""
    execution = run("a = 1", "print('before', flush=True)\nwhile True: pass", "a", cell_seconds=2)
    assert statuses(execution) == ["ok", "timeout", "ok"]
    assert "before" in shown(execution, 1) and "2 seconds" in execution.cells["c1"].detail
    assert shown(execution) == "1"
    assert execution.death is None


def test_a_deadlock_is_interrupted():
    """Waiting for a lock that nobody releases ends at the limit."""
    execution = run("import threading; lock = threading.Lock(); lock.acquire(); lock.acquire()", "1", cell_seconds=2)
    assert statuses(execution) == ["timeout", "ok"]


def test_the_whole_notebook_has_a_time_limit():
    """Many cells, each within its limit, are stopped at the submission's limit; what ran before stays."""
    execution = run(*["print('ran'); import time; time.sleep(1)"] * 6, cell_seconds=5, submission_seconds=3)
    assert statuses(execution)[0] == "ok" and statuses(execution)[-1] == "not_run"
    assert "ran" in shown(execution, 0)
    assert execution.death == "time"


def test_trusted_code_runs_without_the_sandbox():
    """The same outputs come from a plain kernel when the caller says that the code is trusted."""
    execution = run("print('plain')", "from grader import checks", isolation="trusted")
    assert statuses(execution) == ["ok", "ok"]
    assert shown(execution, 0) == "plain\n"


def test_an_unknown_isolation_is_refused():
    """A typing error never means 'no isolation'."""
    with pytest.raises(ValueError):
        run("1", isolation="none")

"""Run All in a real kernel: solved notebooks print what they should (nbval), stubs run to their end (nbclient)."""

import os
import subprocess
import sys

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook, new_output

from tools import solved

EVERY = pytest.mark.parametrize(("week", "name"), solved.notebooks())


def nbval(notebook, folder):
    """What nbval says of a notebook with stored outputs: (exit code, its report)."""
    path = folder / "notebook.ipynb"
    nbformat.write(notebook, path)
    env = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"} | {"GRADER_QUIET": "1"}
    # Without a limit nbval waits half an hour for a kernel that died.
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout", str(solved.CELL_SECONDS), "-q"]
    quiet = ["-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest", "--rootdir", str(folder)]
    done = subprocess.run([*command, *quiet, str(path)], cwd=folder, env=env, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def ran_to_the_end(notebook):
    """Whether every code cell was run, in order, and none ended in an exception."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    raised = [output for cell in cells for output in cell.outputs if output.output_type == "error"]
    return [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1)) and not raised


@EVERY
def test_a_solved_notebook_prints_what_it_should(week, name, tmp_path):
    """nbval: every text output equals the stored one (`make outputs` stores them anew)."""
    code, report = nbval(solved.build(week, name), tmp_path)
    assert code == 0, report[-6000:]


@EVERY
def test_a_solved_notebook_is_solved(week, name):
    """What is stored is the output of right code: nothing is unwritten or wrong, experiments show what they should."""
    printed = [output.get("text", "") for cell in solved.build(week, name).cells for output in cell.get("outputs", [])]
    assert printed
    signs = ("not written yet", "✗", "this does not show what the text says", "not seen here")
    assert not [text for text in printed if any(sign in text for sign in signs)]


@EVERY
def test_run_all_of_the_stub_reaches_the_end(week, name):
    """Nothing that is not written yet raises, and no demonstration needs it."""
    assert ran_to_the_end(solved.run(solved.released(week, name)))


@pytest.mark.long
@EVERY
def test_run_all_of_the_solved_notebook_reaches_the_end(week, name):
    """nbclient sees what nbval misses: a magic that does not exist, a kernel that dies."""
    assert ran_to_the_end(solved.run(solved.build(week, name)))


def one_cell(source, printed):
    """A notebook of one cell that is said to print a text."""
    cell = new_code_cell(source, id="a", execution_count=1, outputs=[new_output("stream", text=printed)])
    return new_notebook(cells=[cell])


def test_nbval_compares_text(tmp_path):
    """A stored output that no longer holds fails, and one that holds passes."""
    assert nbval(one_cell("print(1 / 4)", "0.25\n"), tmp_path)[0] == 0
    assert nbval(one_cell("print(1 / 4)", "0.5\n"), tmp_path)[0] == 1


def test_an_unknown_magic_is_seen():
    """nbval takes this cell for right; running the notebook does not."""
    with pytest.raises(CellExecutionError):
        solved.run(one_cell("%no_such_magic\n1 / 0", ""))

"""Notebooks from plain text, run in the sandbox."""

import resource

from nbformat.v4 import new_code_cell, new_notebook

from grader.sandbox.run.notebook import run_notebook
from grader.sandbox.run.session import execution_of
from grader.sandbox.walls.limits import Limits

QUICK = {"cell_seconds": 20, "submission_seconds": 60}


def notebook(*sources):
    """A notebook of code cells with the ids c0, c1, ..."""
    return new_notebook(cells=[new_code_cell(source, id=f"c{number}") for number, source in enumerate(sources)])


def run(*sources, files=None, isolation="bubblewrap", at_cell=None, skip=None, **limits):
    """Run cells with these sources. Limits are short unless given."""
    nb, limits = notebook(*sources), Limits(**{**QUICK, **limits})
    return run_notebook(nb, limits=limits, isolation=isolation, files=files, at_cell=at_cell, skip=skip)


def shown(execution, number=-1):
    """All text that a cell printed or showed, errors included."""
    texts = []
    for output in execution.nb.cells[number].outputs:
        texts += [output.get("text", ""), output.get("evalue", ""), output.get("ename", "")]
        texts.append(output.get("data", {}).get("text/plain", ""))
    return "".join(texts)


def statuses(execution):
    return [run.status for run in execution.cells.values()]


def start_silently(session, code):
    """Start ``code`` in the kernel of a session, as if a message of the judge's did what it does."""
    return session.start("execute_request", {**execution_of(code), "silent": True, "store_history": False})


def own_memory_mb():
    """The most memory this process has used so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

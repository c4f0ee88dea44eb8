"""Notebooks from plain text, run in the sandbox, and what a run leaves on the machine."""

import os
import resource
import threading
from pathlib import Path

from nbformat.v4 import new_code_cell, new_notebook

from grader.sandbox.run.notebook import run_notebook
from grader.sandbox.run.session import execution_of
from grader.sandbox.walls import accounts, cgroups
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


def state():
    """What a run could leave behind, as comparable values."""
    home = accounts._home()
    groups = Path("/sys/fs/cgroup").glob(f"*/{cgroups.NAME}/*/")
    # A folder is made when an account is taken; a lock also where its number was found to be somebody else's.
    uids = {int(folder.name) for folder in home.iterdir() if folder.is_dir()} if os.geteuid() == 0 else set()
    return {
        "folders": {str(path): sorted(os.listdir(path)) for path in home.iterdir() if path.is_dir()},
        # Those below our accounts: other tests beside this one have mounts of their own.
        "mounts": [place for place in mounted() if place.startswith(f"{home}/")],
        "processes": [pid for pid in os.listdir("/proc") if pid.isdigit() and user_of(pid) in uids],
        "descriptors": len(os.listdir("/proc/self/fd")),
        "threads": threading.active_count(),
        "groups": [str(group) for group in groups],
        "children": _children(os.getpid()),
    }


def mounted():
    """Where something is mounted, as this process sees it."""
    return [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]


def user_of(pid):
    """The user of a process that lives; one that has ended waits for the machine's first process, not for us."""
    return accounts._owner(pid) if accounts.is_alive(pid) else None


def _children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()

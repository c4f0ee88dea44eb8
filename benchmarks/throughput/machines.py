"""A class graded by the workers of a Dask cluster on this machine, beside as many processes of the local pool."""

import os
import signal
import threading
import time
from collections import Counter

from benchmarks.throughput.measuring import measure
from tests.desk.machines import pids, scheduler, workers

LOST_AFTER = 1 / 3  # of the class
LINE = "{:34} {:>8} {:>9} {:>10} {:>10}".format


def compare(command, made):
    """A table: one and two workers of either kind, then two workers of which one is killed. `command` grades anew."""
    print(f"{made.students} submissions of the reference, {len(os.sched_getaffinity(0))} cores\n")
    print(LINE("", "seconds", "overhead", "CPU s", "overhead"), flush=True)
    for number in (1, 2):
        local = measure([*command, "--jobs", str(number)], cwd=[made.root])
        _tell(f"local pool, {number}", local, local)
        with scheduler() as (address, _), workers(address, number):
            _tell(f"cluster, {number}", measure([*command, "--scheduler", address], cwd=[made.root]), local)
    with scheduler() as (address, _), workers(address, 2):
        measured, (again, jobs) = _with_a_loss(command, made, address)
    _tell("cluster, 2, one of them killed", measured, local)
    print(f"\n{again} of {jobs} jobs were begun a second time because a worker was killed.")


def _tell(what, measured, local):
    seconds, processor = measured.seconds / local.seconds - 1, measured.processor / local.processor - 1
    print(
        LINE(what, f"{measured.seconds:.1f}", f"{seconds:+.0%}", f"{measured.processor:.1f}", f"{processor:+.0%}"),
        flush=True,
    )


def _with_a_loss(command, made, address):
    """What a run takes of which a worker is killed, and `(jobs that were begun twice, jobs)`."""
    from distributed import Client

    log = made.root.parent / "graded.log"
    log.write_text("")
    with Client(address) as client:
        victim = next(iter(pids(client).values()))

        def kill():
            while len(log.read_text().splitlines()) < LOST_AFTER * made.students:
                time.sleep(0.05)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        measured = measure([*command, "--scheduler", address, "--log-file", str(log)], cwd=[made.root])
        return measured, client.run_on_scheduler(_begun)


def _begun(dask_scheduler):
    """Runs in the scheduler: how many tasks were given to a worker more than once, of how many."""
    begun = Counter(entry[0] for entry in dask_scheduler.transition_log if entry[2] == "processing")
    return sum(times > 1 for times in begun.values()), len(begun)

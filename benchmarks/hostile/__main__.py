"""`python -m benchmarks.hostile`: which attacks earn points, leak or stop the run, in three graders.

Needs bubblewrap and prlimit; makes an environment of its own for otter-grader, which pip fetches.
"""

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from benchmarks.hostile import confined
from benchmarks.hostile.rivals import Otter, Stock
from tests.hostile import hostile_class
from tests.hostile.catalogue import ATTACKS

OTTER = ["otter-grader==7.0.0", "ipykernel", "numpy"]
TRIPLE = 1.0  # honestly solved in all of them; `double`, 1.5 points, is not
EARN = [
    "numpy-comparisons-patched", "numpy-testing-silenced", "builtins-patched", "assert-removed", "shell-patched",
    "bytecode-patched", "ndarray-subclass", "an-object-that-agrees", "masked-array", "recognises-the-judge",
    "stored-outputs", "test-cells-removed", "redefined-later",
]  # fmt: skip
LEAK = [
    "looks-into-frames", "looks-into-gc", "looks-into-history", "looks-into-the-environment",
    "leads-outside-by-links", "copies-from-a-neighbour",
]  # fmt: skip
MARKUP = ["markup-in-an-answer", "html-outputs", "svg-outputs"]
STOP = [
    "exits",
    "loops-and-ignores-interrupts",
    "test-cells-doubled",
    "millions-of-cells",
    "names-that-are-no-text",
    "special-files",
]


def stock(place):
    """`{attack: verdict}` of stock nbgrader: those that only gain in one class, those that stop each in its own."""
    verdicts = {}
    together = [ATTACKS[name] for name in (*EARN, *LEAK, *MARKUP)]
    found, honest, told = Stock(place / "stock").grade(together)
    for attack in together:
        points, leaks, scripts = found[attack.name]
        verdicts[attack.name] = verdict(attack, points, leaks, scripts)
    if honest is None:
        print("stock nbgrader did not get to the honest student:", told[-2000:])
    for name in STOP:
        found, honest, _ = Stock(place / f"stock-{name}").grade([ATTACKS[name]])
        points, leaks, scripts = found[name]
        verdicts[name] = verdict(ATTACKS[name], points, leaks, scripts, others=honest == 2.5)
    return verdicts


def otter(place):
    """The same of otter, which grades one submission a run: nobody else is touched, and folders are not its matter."""
    environment = place / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    done = subprocess.run([python, "-m", "pip", "install", "--quiet", *OTTER], capture_output=True, text=True)
    if done.returncode:
        print("otter-grader cannot be installed here:", done.stderr.strip()[-300:])
        return {}
    released = Stock(place / "release").released
    rival, verdicts = Otter(place / "otter", python, released), {}
    for name in (*EARN, *LEAK, *STOP):
        if ATTACKS[name].beside or name in ("stored-outputs", "test-cells-doubled"):
            continue
        points, leaks, finished = rival.grade(ATTACKS[name])
        verdicts[name] = verdict(ATTACKS[name], points, leaks, False, finished=finished)
    return verdicts


def ours(place):
    """This grader, everybody in one class."""
    course = hostile_class.make_course(place)
    hostile_class.hand_in_honest(course)
    chosen = [ATTACKS[name] for name in (*EARN, *LEAK, *MARKUP, *STOP)]
    for attack in chosen:
        hostile_class.hand_in(course, attack)
    graded, verdicts = hostile_class.grade(course, "--jobs", "2"), {}
    honest = all(graded.points.get(student) == points for student, points in hostile_class.HONEST_POINTS.items())
    for attack in chosen:
        text = "".join(hostile_class.shown_to(course, attack.student).values())
        leaks = sorted(what for what, secret in hostile_class.SECRETS.items() if secret in text)
        gained = max(0.0, graded.points[attack.student] - attack.earns)
        verdicts[attack.name] = words(gained, leaks, False, honest, True)
    return verdicts


def verdict(attack, points, leaks, scripts, others=True, finished=True):
    """What came of one attack in a grader that gives a test cell all or nothing."""
    right = attack.earns >= 2 or attack.earns == 1.5 and "def double(x):\n    return 2 * x" in attack.double
    honest = TRIPLE + (1.5 if right and attack.name not in EARN else 0)
    return words(max(0.0, (points or 0) - honest), leaks, scripts, others, finished and points is not None)


def words(gained, leaks, scripts, others, finished):
    found = [f"+{gained:g} points"] if gained > 1e-9 else []
    found += [f"leaks {', '.join(leaks)}"] if leaks else []
    found += ["script on the page"] if scripts else []
    found += [] if others else ["others not graded"]
    found += [] if finished else ["no result"]
    return "; ".join(found) or "nothing"


def show(columns):
    print("| attack | " + " | ".join(columns) + " |\n|" + " --- |" * (len(columns) + 1))
    for name in (*EARN, *LEAK, *MARKUP, *STOP):
        print(f"| {name} | " + " | ".join(column.get(name, "not tried") for column in columns.values()) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["nbgrader", "otter", "ours"], action="append")
    chosen = parser.parse_args().only or ["nbgrader", "otter", "ours"]
    if not confined.possible():
        sys.exit("bubblewrap and prlimit are needed: hostile work is not run in the open")
    with tempfile.TemporaryDirectory(prefix="hb-", ignore_cleanup_errors=True) as folder:
        place, graders = Path(folder), {"nbgrader": stock, "otter": otter, "ours": ours}
        show({name: graders[name](place / name) for name in chosen})


if __name__ == "__main__":
    main()

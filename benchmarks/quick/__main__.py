"""`python -m benchmarks.quick`: what a person waits for, in two minutes, beside what was recorded.

Each command is run some times and the least processor time counts, as a multiple of the calibration's: a fixed piece of
work in Python, run in between. So machines compare, and busy ones with idle ones, to about a tenth. `--record` writes
the multiples into the repository; `--beside DIR` runs another checkout's version in turns with this one.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.pages.__main__ import MEASURE, make, name
from benchmarks.throughput.made_course import REPO, WEEK

RECORDED = Path(__file__).with_name("recorded.json")
MOVED = 0.25  # of a recorded figure
CALIBRATION = """\
import hashlib, json
words = {str(n): [n, str(n * n)] for n in range(60_000)}
for _ in range(3):
    text = json.dumps(words, indent=1)
    hashlib.sha256(text.encode()).hexdigest()
    sorted(text.split(), key=lambda word: word[::-1])
    json.loads(text)
"""


def commands(course):
    """{what it is: arguments of Python}; those that change something leave it as it was."""
    here = ["--course", str(course)]

    def grader(*words):
        return ["-m", "grader.desk.cli", *words, *here]

    return {
        "grader --help": ["-m", "grader.desk.cli", "--help"],
        "todo": grader("todo"),
        "export": grader("export", "--dry-run"),
        "doctor, with its trial of the sandbox": grader("doctor"),
        "report": grader("report"),
        "feedback, nothing changed": grader("feedback"),
        "grade, nothing changed": grader("grade", WEEK),
        "grade, one student, nothing changed": grader("grade", WEEK, "--student", name(0)),
        "grade, one student, anew": grader("grade", WEEK, "--student", name(0), "--force"),
        "import numpy": ["-c", "import numpy"],
        "import grader.checks": ["-c", "import grader.checks"],
    }


def measured(arguments, checkout):
    """(seconds, processor seconds) of Python with these arguments, the modules being those of `checkout`.

    Processes behind walls are nobody's children, so what runs in the sandbox counts in the first alone.
    """
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        cwd=checkout,
        check=True,
    )
    return tuple(json.loads(done.stdout)[:2])


def least(runs):
    """The least of each figure: what else the machine did can only add."""
    return tuple(map(min, zip(*runs, strict=True)))


def figures(course, versions, turns, only):
    """{version: {what: (seconds, processor seconds, times the calibration)}}, versions and calibration in turns.

    Another version grades again what this one has graded, so that "nothing changed" can be had of one alone.
    """
    found = {version: {} for version in versions}
    for what, arguments in commands(course).items():
        if not any(word in what for word in only) or ("grade, " in what and "nothing" in what and len(versions) > 1):
            continue
        runs = {version: [] for version in versions}
        calibrated = []
        for _ in range(turns):
            calibrated.append(measured(["-c", CALIBRATION], REPO))
            for version, checkout in versions.items():
                runs[version].append(measured(arguments, checkout))
        unit = least(calibrated)[1]
        for version in versions:
            seconds, used = least(runs[version])
            found[version][what] = seconds, used, used / unit
    return found


def moved(ratio, recorded):
    """By which part of it a figure differs from the recorded one; None where nothing was recorded."""
    return ratio / recorded - 1 if recorded else None


def told(change):
    """A cell of the table: nothing for what is within the bounds."""
    if change is None:
        return "new"
    return f"{change:+.0%}" if abs(change) > MOVED else ""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    arguments.add_argument("--students", type=int, default=100)
    arguments.add_argument("--turns", type=int, default=3)
    arguments.add_argument("--only", nargs="+", default=[""], metavar="WORD", help="what has one of these in its name")
    arguments.add_argument("--record", action="store_true", help="write what is measured into the repository")
    arguments.add_argument("--beside", type=Path, metavar="DIR", help="another checkout, whose version is run as well")
    arguments.add_argument("--class", dest="place", type=Path, metavar="DIR", help="keep the class there, to use again")
    chosen = arguments.parse_args()
    versions = {"this version": REPO} | ({"beside": chosen.beside.resolve()} if chosen.beside else {})
    place = chosen.place or Path(tempfile.mkdtemp(prefix="quick-"))
    try:
        course = place / "class"
        if not course.exists():
            make(course, chosen.students)
        found = figures(course, versions, chosen.turns, chosen.only)
    finally:
        if chosen.place is None:
            shutil.rmtree(place)
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    row = "| {:38} | {:13} | {:>7} | {:>11} | {:>11} | {:>8} | {:>6} |".format
    print(row("what", "version", "seconds", "processor s", "calibration", "recorded", "moved"))
    print(row(*["---"] * 7))
    changes = {}
    for what in found["this version"]:
        for version, its in found.items():
            seconds, used, ratio = its[what]
            known = recorded.get(what) if version == "this version" else None
            if version == "this version":
                changes[what] = moved(ratio, known)
            shown = (f"{known:.2f}", told(changes[what])) if known else ("", "")
            print(row(what, version, f"{seconds:.2f}", f"{used:.2f}", f"{ratio:.2f} x", *shown))
    for what, change in changes.items():
        if change is not None and abs(change) > MOVED:
            print(f"::warning::{what}: {change:+.0%} of processor time against the recorded figure")
    if chosen.record:
        ratios = recorded | {what: round(ratio, 3) for what, (_, _, ratio) in found["this version"].items()}
        RECORDED.write_text(json.dumps(ratios, indent=1) + "\n")


if __name__ == "__main__":
    main()

"""`python -m benchmarks.pages`: how long `grader feedback` takes for a class of homework 1, and the memory it takes.

The class hands in what `grader demo` makes up, right, wrong and damaged, again and again; results of the same file are
the same, so grading is done once for each. `--beside DIR` runs another checkout's version in turns on the same class.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from benchmarks.throughput.made_course import NOTEBOOK, REPO, WEEK, make_class
from grader.desk.course.facts import load_course
from grader.desk.demo.demo_class import made_up_class
from grader.desk.grade.run import grade

SLOW = ("abel", "victor", "wernher")  # endless loops and the like: the same page as the others
ALL, AGAIN = "all of them anew", "nothing has changed"
MB = 2**20
LARGE = 20  # MB of outputs of one submission
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
MEASURE = (
    "import json, resource, subprocess, sys, time\n"
    "began = time.monotonic()\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
    "print(json.dumps([time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))"
)


def make(root, students):
    """A graded class of `students` in the new folder `root`."""
    course = hand_in(root, students)
    grade(course, [course.week(WEEK)])
    return course


def hand_in(root, students):
    """A class of `students` in the new folder `root`, judged, but for most of them not in the gradebook."""
    make_class(root, 0)
    course = load_course(root)
    released = nbformat.read(course.step("release", WEEK, f"{NOTEBOOK}.ipynb"), as_version=4)
    pupils = [one for one in made_up_class(REPO, released) if one.student not in SLOW]
    for number, pupil in enumerate(pupils[:students]):
        place = course.step("submitted", name(number), WEEK, pupil.name)
        place.parent.mkdir(parents=True)
        place.write_bytes(pupil.content)
    grade(course, [course.week(WEEK)])
    results = course.desk_folder / "results" / WEEK
    for number in range(len(pupils), students):
        alike = name(number % len(pupils))
        shutil.copytree(course.step("submitted", alike), course.step("submitted", name(number)))
        shutil.copytree(results / alike, results / name(number), ignore=shutil.ignore_patterns("published"))
    return course


def name(number):
    return f"s{number:05}"


def measured(course, checkout):
    """(seconds, seconds of processor time, MB) of `grader feedback` as it is in `checkout`."""
    grader = [sys.executable, "-m", "grader.desk.cli", "feedback", "--course", str(course.root)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *grader], stdout=subprocess.PIPE, env=environment, cwd=checkout, check=True
    )
    return json.loads(done.stdout)


def enlarge(course):
    """Every graded notebook gets a cell of the student's with 20 MB of outputs."""
    picture = base64.b64encode(PNG + b"\0" * (2 * MB - 100)).decode()
    pictures = [
        nbformat.v4.new_output("display_data", {"image/png": picture}) for _ in range(LARGE * MB // len(picture))
    ]
    cell = nbformat.v4.new_code_cell("draw()", outputs=pictures)
    for path in course.step("autograded").glob("*/*/*.ipynb"):
        nb = json.loads(path.read_bytes())
        nb["cells"].append(cell)
        path.chmod(0o644)
        path.write_text(json.dumps(nb), encoding="utf-8")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    arguments.add_argument("--students", type=int, default=100)
    arguments.add_argument("--turns", type=int, default=2)
    arguments.add_argument("--beside", type=Path, metavar="DIR", help="another checkout, whose version is run as well")
    arguments.add_argument("--large", type=int, default=50, help="submissions of 20 MB, for the memory; 0: none")
    chosen = arguments.parse_args()
    versions = {"this version": REPO} | ({"beside": chosen.beside.resolve()} if chosen.beside else {})
    with tempfile.TemporaryDirectory(prefix="pages-") as place:
        began = time.monotonic()
        course = make(Path(place) / "class", chosen.students)
        pages = len(list(course.step("autograded").glob("*/*/*.ipynb")))
        print(f"{pages} notebooks, made and graded in {time.monotonic() - began:.0f} s\n")
        row = "{:14} {:22} {:>8} {:>11} {:>8}".format
        print(row("version", "pages", "seconds", "processor s", "peak MB"))
        for _ in range(chosen.turns):
            for version, checkout in versions.items():
                used = {}
                for what in (ALL, AGAIN):
                    if what == ALL:
                        shutil.rmtree(course.step("feedback"), ignore_errors=True)
                    seconds, used[what], peak = measured(course, checkout)
                    print(row(version, what, f"{seconds:.1f}", f"{used[what]:.1f}", f"{peak:.0f}"), flush=True)
                each = (used[ALL] - used[AGAIN]) / pages
                print(row(version, "1,000 would be", "", f"{used[AGAIN] + 1000 * each:.1f}", ""), flush=True)
        for students in (8, chosen.large) if chosen.large else ():
            large = make(Path(place) / f"large-{students}", students)
            enlarge(large)
            for version, checkout in versions.items():
                shutil.rmtree(large.step("feedback"), ignore_errors=True)
                seconds, used, peak = measured(large, checkout)
                told = f"{seconds:.1f}", f"{used:.1f}", f"{peak:.0f}"
                print(row(version, f"{students} of {LARGE} MB", *told), flush=True)
            shutil.rmtree(large.root)


if __name__ == "__main__":
    main()

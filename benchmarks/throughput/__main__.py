"""Submissions graded a minute: `grader grade` beside stock `nbgrader autograde`, and how its cost grows.

    python -m benchmarks.throughput side-by-side [--students 200] [--notebooks WEEK/NAME ...]
    python -m benchmarks.throughput scale [--sizes 100 1000 5000]
    python -m benchmarks.throughput overhead [--turns 20] [--notebooks week01_backprop/backprop]
    python -m benchmarks.throughput versions CHECKOUT [--turns 20] [--notebooks week01_backprop/backprop]
    python -m benchmarks.throughput dask [--students 60]
    python -m benchmarks.throughput desk [--sizes 100 1000 10000]

All make valid submissions of homework 1, or of the `--notebooks` named (a week's folder: all its notebooks with graded
cells), and need a machine that does nothing else. `side-by-side` hands in the reference and the right solutions written
differently, no two the same; the others the reference alone. The figures are ratios of runs made one after the other on
this machine; for `overhead` and `versions` two processes stay, and take turns submission by submission.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.throughput import desk, in_turns, machines
from benchmarks.throughput.made_course import HOMEWORK, NOTEBOOK, REPO, WEEK, chosen, make_class
from benchmarks.throughput.measuring import measure
from grader.desk.course.facts import load_course
from grader.desk.grade.pool import ONE_THREAD
from grader.desk.gradebook.book import Book

PROGRAMS = Path(sys.executable).parent
STOCK_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ExecutePreprocessor.timeout = 120
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    side = commands.add_parser("side-by-side", help="beside stock nbgrader")
    side.add_argument("--students", type=int, default=200)
    side.add_argument("--notebooks", nargs="+", default=[f"{WEEK}/{NOTEBOOK}"], metavar="WEEK[/NAME]")
    scale = commands.add_parser("scale", help="cost of classes of several sizes")
    scale.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000])
    beyond = commands.add_parser("overhead", help="processor time beyond what the student's own cells need")
    other = commands.add_parser("versions", help="one submission by this version and by another, in turns")
    other.add_argument("checkout", type=Path)
    for command in (beyond, other):
        command.add_argument("--turns", type=int, default=20)
        command.add_argument("--notebooks", nargs="+", default=[f"{WEEK}/{NOTEBOOK}"], metavar="WEEK[/NAME]")
    cluster = commands.add_parser("dask", help="a cluster of one and of two workers beside the local pool")
    cluster.add_argument("--students", type=int, default=60)
    around = commands.add_parser("desk", help="everything but judging, for classes of several sizes")
    around.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 10000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        if options.command == "side-by-side":
            side_by_side(Path(folder), options.students, chosen(options.notebooks))
        elif options.command == "overhead":
            overhead(options.turns, chosen(options.notebooks))
        elif options.command == "versions":
            versions(options.checkout, options.turns, chosen(options.notebooks))
        elif options.command == "dask":
            made = make_class(Path(folder) / "class", options.students, alike=True)
            command = [PROGRAMS / "grader", "grade", "--force", "--course", str(made.root)]
            machines.compare(command, made)
            _check(made)
        elif options.command == "desk":
            desk.compare(Path(folder), options.sizes)
        else:
            grow(Path(folder), options.sizes)


def side_by_side(folder, students, of=HOMEWORK):
    """One table: ours with and without the demonstrations, and nbgrader's autograde in one and in two processes."""
    print(f"{students} valid submissions of {of.week} ({', '.join(of.names)}), {len(os.sched_getaffinity(0))} cores\n")
    print(f"{'':58} {'seconds':>8} {'a minute':>9} {'ours is':>9} {'CPU s each':>10} {'peak MB':>8}", flush=True)
    seconds = []
    for name, measured in _sides(folder, students, of):
        seconds.append(measured.seconds)
        ratio, minute = f"{seconds[-1] / seconds[0]:.1f} x", 60 * students / seconds[-1]
        each = measured.processor / students
        line = f"{name:58} {seconds[-1]:8.0f} {minute:9.1f} {ratio:>9} {each:10.2f} {measured.peak_mb:8.0f}"
        print(line, flush=True)  # each as it ends: the whole takes hours
    print(
        f"\nWith every demonstration cell run by both: {seconds[2] / seconds[1]:.1f} x one process, "
        f"{seconds[3] / seconds[1]:.1f} x two."
    )


def _sides(folder, students, of):
    yield ours(folder / "ours", students, of)
    yield ours(folder / "all-cells", students, of, demonstrations=True)
    yield "nbgrader autograde, one process", stock(folder, students, 1, of)
    yield "nbgrader autograde, two processes, one BLAS thread each", stock(folder, students, 2, of)


def ours(folder, students, of=HOMEWORK, demonstrations=False):
    made = make_class(folder, students, demonstrations=demonstrations, of=of)
    measured = measure([PROGRAMS / "grader", "grade", "--course", str(folder)], cwd=[folder])
    _check(made)
    return f"grader grade{', demonstrations run too' if demonstrations else ''}", measured


def _check(made):
    """Everyone must have all points, in the gradebook, and a graded notebook."""
    course = load_course(made.root)
    (week,) = course.weeks
    with Book(course) as book:
        scores = book.scores(week.folder)
    for name, points in made.points.items():
        full = [one for one in scores.values() if abs(sum(x.points for x in one[name].values()) - points) < 1e-6]
        notebooks = list((made.root / "autograded").glob(f"*/{week.folder}/{name}.ipynb"))
        if len(full) != made.students or len(notebooks) != made.students:
            raise SystemExit(
                f"{name}: {len(full)} full scores and {len(notebooks)} notebooks of {made.students}: {made.root}"
            )


def stock(folder, students, processes, of=HOMEWORK):
    """nbgrader with a configuration of its own; each process has a course folder with its part of the class."""
    roots = []
    for number in range(processes):
        root = folder / f"stock-{processes}-{number}"
        share = students // processes
        made = make_class(folder / f"made-{processes}-{number}", share, first=number * share, of=of)
        for step in ("source", "submitted"):
            shutil.copytree(made.root / step, root / step)
        (root / "nbgrader_config.py").write_text(STOCK_CONFIG)
        subprocess.run(
            [PROGRAMS / "nbgrader", "generate_assignment", of.week], cwd=root, check=True, capture_output=True
        )
        roots.append(root)
    environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    if processes > 1:
        environment |= ONE_THREAD
    command = [PROGRAMS / "nbgrader", "autograde", of.week]
    measured = measure(*[command] * processes, cwd=roots, env=environment, log=folder / "stock.log")
    graded = [path for root in roots for path in (root / "autograded").glob(f"*/{of.week}/*.ipynb")]
    if len(graded) != students // processes * processes * len(of.names):
        raise SystemExit(f"nbgrader graded {len(graded)} notebooks of {students}; see {folder / 'stock.log'}")
    return measured


def grow(folder, sizes):
    """A row for each size: seconds and memory, for a submission and in all; then confirming the unchanged class.

    All hand in the reference with a cell of their own: classes of every size have the same work to do for each.
    """
    print(f"{'students':>8} {'seconds':>8} {'ms each':>8} {'CPU ms each':>12} {'peak MB':>8} {'confirmed in':>13}")
    for size in sizes:
        made = make_class(folder / str(size), size, alike=True)
        command = [PROGRAMS / "grader", "grade", "--course", str(made.root)]
        first = measure(command, cwd=[made.root])
        _check(made)
        again = measure(command, cwd=[made.root])
        each, worked = 1000 * first.seconds / size, 1000 * first.processor / size
        line = f"{size:8} {first.seconds:8.0f} {each:8.0f} {worked:12.0f} {first.peak_mb:8.0f} {again.seconds:11.1f} s"
        print(line, flush=True)
        shutil.rmtree(made.root)


def overhead(turns, of):
    """Processor seconds of a submission beyond its own cells, in turns with these cells alone."""
    for name in of.names:
        found = in_turns.compare({in_turns.CELLS: (REPO, True), "graded": (REPO, False)}, of.week, name, turns)
        beyond = median(turn["graded"][1] - turn[in_turns.CELLS][1] for turn in found)
        print(f"beyond its cells: {beyond:.2f} s of processor time\n", flush=True)


def versions(checkout, turns, of):
    """This version beside that of another checkout of the repository, in turns."""
    sides = {"the other": (checkout.resolve(), False), "this version": (REPO, False)}
    for name in of.names:
        in_turns.compare(sides, of.week, name, turns)
        print(flush=True)


if __name__ == "__main__":
    main()

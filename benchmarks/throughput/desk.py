"""What a class of each size costs around the judging: collecting, entering, pages, tables, and room on the disk.

The class hands in what `grader demo` makes up, again and again. It is judged once for each file, and what was found is
kept for all, as it is for whoever hands in the same: so ten thousand need no hours, and `grade` is what it costs to
enter them.
"""

import csv
import os
import shutil
import sys
import zipfile
from pathlib import Path

from benchmarks.pages.__main__ import hand_in, name
from benchmarks.throughput.made_course import WEEK
from benchmarks.throughput.measuring import measure

MB = 2**20


def compare(folder, sizes):
    """A table for each size: seconds, milliseconds a submission, peak memory; then what lies on the disk."""
    for size in sizes:
        course = hand_in(folder / str(size), size)
        kept = course.root / "kept"
        shutil.move(course.step("submitted"), kept)
        download = _download(course, kept, size)
        print(f"{size} students\n{'':28} {'seconds':>8} {'ms each':>8} {'peak MB':>8}", flush=True)
        for what, words in _commands(download).items():
            log = folder / "log"
            command = [sys.executable, "-m", "grader.desk.cli", *words, "--course", str(course.root)]
            measured = measure(command, cwd=[course.root], log=log, may_return=(0, 1))  # 1: a person is needed
            each = 1000 * measured.seconds / size
            print(f"{what:28} {measured.seconds:8.2f} {each:8.2f} {measured.peak_mb:8.0f}", flush=True)
        for place in (".grader", "gradebook.db", "submitted", "attempts", "autograded", "feedback", "reports"):
            bytes_ = _size(course.root / place)
            print(f"{place + ', MB; kB each':28} {bytes_ / MB:8.1f} {bytes_ / 1024 / size:8.1f}")
        print(flush=True)
        shutil.rmtree(course.root)


def _commands(download):
    return {
        "collect, one zip of all": ["collect", WEEK, str(download)],
        "collect, the same again": ["collect", WEEK, str(download)],
        "grade, all judged before": ["grade", WEEK],
        "grade, nothing changed": ["grade", WEEK],
        "feedback": ["feedback", WEEK],
        "feedback, nothing changed": ["feedback", WEEK],
        "report": ["report", WEEK],
        "todo": ["todo"],
        "export": ["export", "--dry-run"],
    }


def _download(course, kept, size):
    """The class as Moodle gives it, a folder a student, and its roster."""
    with open(course.root / "roster.csv", "w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["id", "first_name", "last_name"])
        rows.writerows([name(number), "Student", f"Number{number:05}"] for number in range(size))
    download = course.root / "download.zip"
    with zipfile.ZipFile(download, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(size):
            for path in sorted((kept / name(number) / WEEK).iterdir()):
                inside = f"Student Number{number:05}_{number + 1}_assignsubmission_file_/{path.name}"
                archive.write(path, inside)
    return download


def _size(place):
    """Bytes of a file, or of a folder's files."""
    if place.is_file():
        return place.stat().st_size
    return sum(os.lstat(Path(where, file)).st_size for where, _, files in os.walk(place) for file in files)

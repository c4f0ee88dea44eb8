"""How long Formgrader's pages take with a large class, and the static list in the report beside them.

    python -m benchmarks.formgrader [--students 1000]

One submission of homework 1 is graded and entered for every student; then each page is opened in Chromium on this
machine until its table has all rows (or the submission its scores). Needs a machine that does nothing else.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat

from benchmarks.throughput.made_course import NOTEBOOK, WEEK, make_class
from grader.desk.course.facts import load_course
from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from grader.desk.report.report import report
from tools.browser import open_browser

SECONDS = 300
# Each page with what is on it once it can be used: a row a student, a week, a notebook.
PAGES = (
    ("manage submissions of a week", f"manage_submissions/{WEEK}", "table tbody tr", True),
    ("manual grading: a notebook's submissions", f"gradebook/{WEEK}/{NOTEBOOK}", "table tbody tr", True),
    ("manual grading: a week's notebooks", f"gradebook/{WEEK}", "table tbody tr", False),
    ("students", "manage_students", "table tbody tr", True),
    ("weeks", "manage_assignments", "table tbody tr", False),
)


def fill(course, students):
    """Enter the one graded submission for everyone, as grading would."""
    week = course.weeks[0]
    grade(course, [week], jobs=1, trusted=True)
    first = next(course.step("autograded").iterdir())
    nb = nbformat.read(first / WEEK / f"{NOTEBOOK}.ipynb", as_version=4)
    with Book(course) as book:
        for number in range(1, students):
            name = f"copy-{number:05d}"
            for step in ("autograded", "submitted"):
                shutil.copytree(course.step(step, first.name), course.step(step, name), copy_function=os.link)
            book.write(name, WEEK, {NOTEBOOK: nb}, timestamp="2026-10-01 12:00:00 UTC")


@contextmanager
def server(root, folder):
    """A Jupyter server with nbgrader's pages, on this machine only."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={root}"]
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(folder / "run"), "PYTHONWARNINGS": "ignore"}
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=root, stdout=log, stderr=log, env=environment)
        try:
            _wait(f"http://127.0.0.1:{port}/formgrader", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait(address, process):
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


def seconds_for(browser, address, rows, at_least):
    """Seconds from asking for the page until it shows that many rows."""
    page = browser.new_page()
    page.route(lambda url: not url.startswith(("http://127.0.0.1", "file:")), lambda route: route.abort())
    started = time.monotonic()
    page.goto(address, wait_until="domcontentloaded", timeout=1000 * SECONDS)
    # A row of waiting pages says "Loading"; DataTables shows ten rows of all and counts the rest.
    ready = f"""() => document.querySelectorAll({rows!r}).length >= {min(at_least, 10)}
        && !document.querySelector({rows!r}).innerText.includes('Loading')"""
    page.wait_for_function(ready, timeout=1000 * SECONDS)
    taken = time.monotonic() - started
    page.close()
    return taken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--students", type=int, default=1000)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        folder = Path(folder)
        root = make_class(folder / "class", 1).root
        course = load_course(root)
        fill(course, students)
        started = time.monotonic()
        done = report(course, list(course.weeks))
        written = time.monotonic() - started
        print(f"{students} submissions, {len(os.sched_getaffinity(0))} cores; seconds until a page can be used\n")
        with server(root, folder) as address, open_browser() as browser:
            for name, path, rows, everyone in PAGES:
                taken = seconds_for(browser, f"{address}/formgrader/{path}", rows, students if everyone else 1)
                print(f"{name:45} {taken:7.1f}", flush=True)
            for name, page in (("report: list of submissions", done.lists[0]), ("report", done.page)):
                print(f"{name:45} {seconds_for(browser, page.as_uri(), 'table tbody tr', 1):7.1f}")
        print(f"\nwriting the report took {written:.1f} s")


if __name__ == "__main__":
    main()

"""A small course full of planted secrets, and a class in which hostile and honest students hand in together."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

from grader.desk.course.facts import load_course
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book
from grader.desk.release.release import release
from tests.desk import tiny
from tests.hostile.attack import DOUBLE, SQUARE, TRIPLE

WEEK = tiny.WEEK
# Planted in each place that is secret; none may be seen in anything made for a student or shown on a page.
SECRETS = {
    "name in a key": "kestrel_hidden_7141",
    "text of a key": "kestrel_comment_6022",
    "text of the reference": "kestrel_reference_2093",
    "expected value": "2469.1357802",
    "another student's work": "kestrel_neighbour_5512",
    "a file of the host": "kestrel_host_8830",
    "the grader's environment": "kestrel_environment_4417",
}
# Would be there if something of a student's had run on the host.
HOST_MARKS = ("kestrel_pickle", "kestrel_kernel", "kestrel_script", "kestrel_magic")
# In the key of `triples`; and the key of `doubles_numbers` has a number that it asks for, and what it must give.
KEYS = f'''
NOTE = "{SECRETS["text of a key"]}"

def {SECRETS["name in a key"]}(rng):
    return Case(x=rng.normal(size=(3, 2)), y=1234.5678901)

@key(asked.doubles_numbers)
class _:
    draw = {SECRETS["name in a key"]}

    def right(case):
        many = Right(2 * case.x, "double(x)", mistakes={{"squares in place of doubling": case.x**2}})
        return [many, Right({SECRETS["expected value"]}, "double of a number")]
'''
QUESTIONS = tiny.QUESTIONS.replace("doubles_numbers(student, x)", "doubles_numbers(student, x, y)").replace(
    "    return student.double(x)\n", "    return [student.double(x), student.double(y)]\n"
)
LIMITS = """
[limits]
cell_seconds = 4
submission_seconds = 16
question_seconds = 2
memory_mb = 1024
tmp_mb = 64
"""
# How kernels may be had; every way must pass the catalogue. A way is what the environment says in addition.
WAYS = {"forked kernels": {}, "fresh kernels": {"GRADER_KERNELS": "fresh"}}
NEIGHBOUR = SECRETS["another student's work"]
HONEST = {
    "ada": {"double": f"# {NEIGHBOUR}\n{DOUBLE}", "triple": TRIPLE},
    "bob": {"double": SQUARE, "triple": TRIPLE, "why": "It adds a number to itself."},
    "zoe": {"double": DOUBLE},
}
HONEST_POINTS = {"ada": 2.5, "bob": 1.5, "zoe": 1.5}


def make_course(place):
    """A released course folder `place/class`, its checkout and a secret file of the host beside it."""
    checkout = tiny.write_checkout(place / "checkout")
    solutions = checkout / "solutions" / WEEK / tiny.NOTEBOOK
    (checkout / WEEK / f"{tiny.NOTEBOOK}_questions.py").write_text(QUESTIONS)
    (solutions / "keys.py").write_text(tiny.KEYS + KEYS)
    reference = solutions / "reference.py"
    reference.write_text(f"# {SECRETS['text of the reference']}\n{reference.read_text()}")
    course = tiny.write_course(place / "class", checkout)
    facts = course.root / "course.toml"
    facts.write_text(facts.read_text() + LIMITS)
    host = place / "host.txt"
    host.write_text(SECRETS["a file of the host"])
    host.chmod(0o644)
    course = load_course(course.root)
    release(course, list(course.weeks))
    return course


def hand_in(course, attack):
    """Put one hostile submission into `submitted/`."""
    import json

    nb = json.loads(nbformat.writes(tiny.solved(attack.sources, tiny.released(course))))
    changed = attack.change(nb) if attack.change else None
    content = changed if isinstance(changed, bytes) else json.dumps(nb)
    path = tiny.hand_in(course, attack.student, content)
    if attack.beside:
        attack.beside(path.parent)


def hand_in_honest(course):
    for student, cells in HONEST.items():
        tiny.hand_in(course, student, cells)


@dataclass
class Graded:
    """What came of the class: `points` and `hints` by student, `status`, what the command printed, its exit code."""

    course: object
    points: dict
    hints: dict
    status: dict
    told: str
    code: int


def environment(way="forked kernels"):
    return {**os.environ, **WAYS[way], "KESTREL": SECRETS["the grader's environment"], "PYTHONWARNINGS": "ignore"}


def grader(course, *arguments, way="forked kernels", seconds=900):
    """Run our command, as an instructor would."""
    command = [sys.executable, "-m", "grader.desk.cli", *arguments, "--course", str(course.root)]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=seconds, env=environment(way), errors="replace"
    )


def nbgrader(course, *arguments, way="forked kernels", seconds=900):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command,
        cwd=course.root,
        capture_output=True,
        text=True,
        timeout=seconds,
        env=environment(way),
        errors="replace",
    )


def grade(course, *options, way="forked kernels", seconds=900):
    """`grader grade`, `feedback` and `report`, and what they left."""
    done = grader(course, "grade", *options, way=way, seconds=seconds)
    told = done.stdout + done.stderr
    for command in ("feedback", "report"):
        more = grader(course, command, seconds=seconds)
        told += more.stdout + more.stderr
    return looked_at(course, told, done.returncode)


def looked_at(course, told="", code=0):
    """Points, hints and status of everybody, from the gradebook and the kept results."""
    with Book(course) as book:
        rows = book.scores(WEEK)
    points = {who: sum(score.points for score in one.get(tiny.NOTEBOOK, {}).values()) for who, one in rows.items()}
    hints, status = {}, {}
    for kept in Store(course.desk_folder).all(WEEK):
        parts = kept.data["parts"].items()
        hints[kept.student] = {
            name: [(o["title"], o["passed"], o["points"], o["hint"]) for o in part["outcomes"]] for name, part in parts
        }
        status[kept.student] = kept.data["status"]
    return Graded(course, points, hints, status, told, code)


def shown_to(course, student):
    """All text made for or about a student: the graded folder and the feedback; by file."""
    found = {}
    for step in ("autograded", "feedback"):
        for path in sorted(Path(course.step(step, student)).rglob("*")):
            if path.is_file() and not path.is_symlink():
                found[f"{step}/{path.name}"] = path.read_text(encoding="utf-8", errors="replace")
    return found


def page_of(course, student):
    """The text of the student's feedback page, as a reader sees it."""
    from bs4 import BeautifulSoup

    page = course.step("feedback", student, WEEK, f"{tiny.NOTEBOOK}.html")
    return " ".join(BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ").split())


def printed_by(course, student):
    """Everything that the student's cells printed, as text."""
    path = course.step("autograded", student, WEEK, f"{tiny.NOTEBOOK}.ipynb")
    if not path.is_file():
        return ""
    outputs = [output for cell in nbformat.read(path, as_version=4).cells for output in cell.get("outputs", [])]
    return "\n".join(output.text for output in outputs if output.output_type == "stream")

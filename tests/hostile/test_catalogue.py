"""The catalogue in one class with honest students: nobody gains, nothing secret is seen, nobody else is touched.

Run by `grader grade` with kernels forked from a preloaded process and by `nbgrader autograde` with fresh ones, so that
both commands and both kinds of kernels meet every attack.
"""

import re
import socket
import threading
from contextlib import contextmanager

import pytest

from tests.hostile import hostile_class
from tests.hostile.catalogue import ATTACKS, COUNT, QUICK
from tests.hostile.health import healthy
from tests.hostile.hostile_class import HONEST, HONEST_POINTS, SECRETS
from tests.hostile.pages import active_parts

# What an attack prints when it has got what it wanted, at the beginning of a line.
GOT_IT = re.compile(r"^(?:FOUND|REACHED|LEFT OVER|WRITTEN|HAD IT ALL)\b.*", re.MULTILINE)
MAKING = threading.Lock()  # a release imports the modules of `solutions`, which are one thing for the whole process
LISTENING = ("\0hostile-test", 47321)  # the addresses on the host that `reaches-the-host` knows


@contextmanager
def host_listens():
    """Programs on the host that must not be reached; gives the list of those who were."""
    reached, threads = [], []
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket() as loopback:
        loopback.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for listener, address in ((abstract, LISTENING[0]), (loopback, ("127.0.0.1", LISTENING[1]))):
            listener.bind(address)
            listener.listen()
            threads.append(threading.Thread(target=_note, args=(listener, reached), daemon=True))
            threads[-1].start()
        try:
            yield reached
        finally:
            # A thread that waits in accept would keep the address in use beyond the close.
            for listener, thread in zip((abstract, loopback), threads, strict=True):
                listener.shutdown(socket.SHUT_RDWR)
                thread.join()


def _note(listener, reached):
    try:
        reached.append(listener.accept())
    except OSError:
        pass  # it was closed


def graded_class(place, attacks, *, by="grader", way="forked kernels"):
    """Hand in, grade, write feedback and report."""
    with MAKING:
        course = hostile_class.make_course(place)
    hostile_class.hand_in_honest(course)
    for attack in attacks.values():
        hostile_class.hand_in(course, attack)
    if by == "grader":
        return hostile_class.grade(course, "--jobs", "2", way=way)
    done = hostile_class.nbgrader(course, "autograde", hostile_class.WEEK, way=way)
    hostile_class.grader(course, "feedback"), hostile_class.grader(course, "report")
    return hostile_class.looked_at(course, done.stdout + done.stderr, done.returncode)


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The honest students by themselves."""
    return graded_class(tmp_path_factory.mktemp("alone"), {})


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    with healthy(), host_listens() as reached:
        graded = graded_class(tmp_path_factory.mktemp("quick"), QUICK)
    assert reached == []
    return graded


RUNS = {
    "grader grade, forked kernels": {"by": "grader", "way": "forked kernels"},
    "nbgrader autograde, fresh kernels": {"by": "nbgrader", "way": "fresh kernels"},
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """The whole catalogue, both runs at the same time: most attacks wait rather than work."""
    graded = {}

    def run(name):
        graded[name] = graded_class(tmp_path_factory.mktemp("all"), ATTACKS, **RUNS[name])

    threads = [threading.Thread(target=run, args=(name,)) for name in RUNS]
    with healthy(), host_listens() as reached:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert reached == []
    return graded


def problems(graded, attack, by="grader"):
    """Everything that an attack has got or broken, as sentences."""
    student, course = attack.student, graded.course
    points, status = graded.points.get(student), graded.status.get(student, "refused")
    if by == "nbgrader" and attack.refused_by_nbgrader:
        told = not points and student in graded.told
        return [] if told else [f"{points} points by nbgrader, which should refuse it and say so"]
    least = attack.earns if attack.least is None else attack.least
    found = [] if status == attack.status else [f"status {status}, not {attack.status}"]
    if status != "refused" and not (points is not None and least - 1e-9 <= points <= attack.earns + 1e-9):
        found.append(f"{points} points, honestly {least:g} to {attack.earns:g}")
    shown = hostile_class.shown_to(course, student)
    for what, secret in SECRETS.items():
        found += [f"{what} is in {file}" for file, text in shown.items() if secret in text.replace("\\", "")]
    found += GOT_IT.findall(hostile_class.printed_by(course, student))
    for file, text in shown.items():
        found += active_parts(text) if file.endswith(".html") else []
    page = hostile_class.page_of(course, student) if attack.says and status == "graded" else None
    if page is not None and not any(sentence in page for sentence in _sentences(attack)):
        found.append(f"the page does not say {attack.says!r}")
    return found


def _sentences(attack):
    """What its page may say; which of several depends on how fast the machine is."""
    return (attack.says,) if isinstance(attack.says, str) else attack.says


def others_are_untouched(graded):
    """Honest students have their points, and no secret is in what concerns everybody."""
    assert {student: graded.points[student] for student in HONEST} == HONEST_POINTS
    reports = [path.read_text(encoding="utf-8") for path in (graded.course.root / "reports").iterdir()]
    for text in (graded.told, *reports):
        assert not [what for what, secret in SECRETS.items() if secret in text]
        assert "Traceback (most recent call last)" not in text


def test_the_catalogue_is_large_and_its_names_are_unique():
    assert len(ATTACKS) == COUNT >= 60 and len({attack.student for attack in ATTACKS.values()}) == COUNT
    assert len({attack.family for attack in QUICK.values()}) == len({attack.family for attack in ATTACKS.values()})


@pytest.mark.parametrize("name", QUICK)
def test_an_attack_gets_what_is_honest_in_it(quick, name):
    assert problems(quick, QUICK[name]) == []


def test_honest_students_get_what_they_earned(quick):
    others_are_untouched(quick)


def test_the_eyes_see_what_is_wrong(quick):
    """A point too many, a secret, a trophy and a missing word are found."""
    from dataclasses import replace

    attack = QUICK["exits"]
    path = quick.course.step("autograded", attack.student, hostile_class.WEEK, "leak.txt")
    path.write_text(SECRETS["expected value"])
    try:
        found = problems(quick, replace(attack, earns=1.0, says="no such words"))
    finally:
        path.unlink()
    assert (
        len(found) == 3 and GOT_IT.search("x\nFOUND y") and active_parts("<p onclick=x>") and active_parts("<script>")
    )


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("run", RUNS)
def test_every_attack_gets_what_is_honest_in_it(everything, run, name):
    assert problems(everything[run], ATTACKS[name], RUNS[run]["by"]) == []


@pytest.mark.long
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("run", RUNS)
def test_honest_students_among_all_attackers(everything, alone, run):
    """They are told, byte for byte, what they are told without attackers."""
    graded = everything[run]
    assert {student: graded.hints[student] for student in HONEST} == {who: alone.hints[who] for who in HONEST}
    if RUNS[run]["by"] == "nbgrader":  # it tells a refused submission with a traceback, and goes on
        graded.told = ""
    others_are_untouched(graded)

"""`grader watch` collects and grades what comes in, as it comes; it counts, stops, and goes on."""

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone

import nbformat
import pytest

from grader.desk.course.decisions import DECISIONS, HEAD
from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.grade.run import only_one_grader
from grader.desk.watch import arrivals as ways_in
from grader.desk.watch import watch as watching
from grader.desk.watch.arrivals import Folders, arrivals, fingerprint
from grader.desk.watch.watch import Watch
from tests.desk import tiny
from tests.desk.tools import run

NOON = datetime(2026, 10, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def inbox(released, monkeypatch):
    """A folder that students' work arrives in; nothing is still being written."""
    monkeypatch.setattr(watching, "SETTLED_SECONDS", 0.0)
    (released.root / "roster.csv").write_text("id\nada\nbob\n")
    (released.root / "inbox").mkdir()
    return released.root / "inbox"


def arrives(inbox, course, student, cells, when=NOON):
    path = inbox / student / "double.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(nbformat.writes(tiny.solved(cells, tiny.released(course))))
    os.utime(path, (when.timestamp(), when.timestamp()))


def watch_of(course, way_in, **kwargs):
    """A watch, and the list of all that it says."""
    said = []
    return Watch(course.root, tiny.WEEK, way_in, said.append, said.append, 1, **kwargs), said


def page_of(course, student):
    path = course.step("feedback", student, tiny.WEEK, "double.html")
    return path.read_text() if path.exists() else ""


def test_work_is_answered_as_it_comes_and_a_quota_holds_until_the_next_day(inbox, released):
    """With one verdict a day, ada's second work waits and bob's does not; each has a page of what was judged."""
    own = released.root / "course.toml"
    own.write_text(f"{own.read_text()}[watch]\nverdicts_per_day = 1\n")
    moment = [NOON]
    watch, said = watch_of(released, Folders([inbox]), now=lambda: moment[0])
    assert watch.look() and not watch.look() and "there is no file in it" in said.pop()

    arrives(inbox, released, "ada", tiny.SQUARES)
    assert watch.look() and not watch.look()
    assert "ada: 1.5 of 3.5" in said[0] and "squares in place of doubling" in page_of(released, "ada")

    for student in ("ada", "bob"):
        arrives(inbox, released, student, tiny.RIGHT, NOON + timedelta(minutes=2))
    # Another process goes on where the first was stopped, and knows what was counted.
    watch, said = watch_of(released, Folders([inbox]), now=lambda: moment[0])
    assert watch.look() and not watch.look() and watch.verdicts == 1
    assert "ada has had 1 verdict on 2026-10-01" in said[0] and "bob: 2.5 of 3.5" in said[1]
    assert "squares" in page_of(released, "ada") and page_of(released, "bob")

    moment[0] += timedelta(days=1)
    assert watch.look() and not watch.look() and "ada: 2.5 of 3.5" in said[-2]
    assert "squares" not in page_of(released, "ada")


@pytest.mark.long
def test_a_page_that_was_not_written_when_it_was_stopped_is_written_by_the_next(inbox, released, monkeypatch):
    """Ctrl-C comes between the score and the page."""

    def interrupted(*_):
        raise KeyboardInterrupt

    arrives(inbox, released, "ada", tiny.RIGHT)
    watch, said = watch_of(released, Folders([inbox]))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(watching, "feedback", interrupted)
        watch.look()
    assert watch.verdicts == 1 and not page_of(released, "ada")
    again, said = watch_of(released, Folders([inbox]))
    assert again.look() and again.verdicts == 0 and "1 page written: ada" in said[-1] and page_of(released, "ada")


class Flaky:
    """A way in that fails in some of its looks."""

    returns = False

    def __init__(self, *looks):
        self.looks = list(looks)

    def look(self, course, week):
        one = self.looks.pop(0)
        if isinstance(one, BaseException):
            raise one
        return one

    def take_in(self, course, week):
        return ["something odd"]

    def give_back(self, course, week, students): ...


def test_what_goes_wrong_later_is_told_once_and_tried_again(inbox, released):
    """At first it is an error."""
    gone = DeskError("The network is gone.", "")
    for first in (gone, OSError("broken")):
        with pytest.raises(type(first)):
            watch_of(released, Flaky(first))[0].forever(0)
    looks = Flaky(1, 1, gone, gone, 2, 2, gone, KeyboardInterrupt())
    watch, said = watch_of(released, looks)
    with pytest.raises(KeyboardInterrupt):
        watch.forever(0)
    lost = "The network is gone. It is tried again."
    assert said == ["something odd", lost, lost] and looks.looks == []


def test_another_grader_is_waited_for_from_the_beginning(inbox, released):
    """As when a machine starts two watches at once."""
    watch, said = watch_of(released, Flaky(1, 1, KeyboardInterrupt()))
    with only_one_grader(released), pytest.raises(KeyboardInterrupt):
        arrives(inbox, released, "ada", tiny.RIGHT)
        watch.arrivals.take_in = Folders([inbox]).take_in
        watch.forever(0)
    assert "Another grader is at work" in said[-1] and "This one waits for it." in said[-1]


def test_half_a_file_is_no_verdict_and_a_roster_that_is_gone_is_waited_for(inbox, released):
    """Half a file has arrived, and after a slow while the rest; a spreadsheet takes the roster away while it saves."""
    own = released.root / "course.toml"
    own.write_text(f"{own.read_text()}[watch]\nverdicts_per_day = 1\n")
    arrives(inbox, released, "ada", tiny.RIGHT)
    place = inbox / "ada" / "double.ipynb"
    whole = place.read_bytes()
    place.write_bytes(whole[: len(whole) // 2])
    watch, said = watch_of(released, Folders([inbox], file_times=True))
    assert watch.look() and said[0].endswith("ada: 0 of 3.5 (broken)")
    place.write_bytes(whole)
    (released.root / "roster.csv").rename(released.root / "away.csv")
    with pytest.raises(DeskError, match="roster.csv is gone"):
        watch.look()
    (released.root / "away.csv").rename(released.root / "roster.csv")
    assert watch.look() and said[-2].endswith("ada: 2.5 of 3.5")
    again, said = watch_of(released, Folders([inbox], file_times=True))
    assert again.look() and said == []  # every page is there, and there is nothing to tell


def test_a_source_that_is_gone_stops_no_other_and_a_doubt_is_told_once(inbox, released, monkeypatch):
    """The number of those whom it is about grows with each student."""
    way_in = Folders([inbox, inbox.parent / "unmounted"])
    late = datetime(2026, 10, 20, tzinfo=timezone.utc)
    told = []
    for student in ("ada", "bob"):
        arrives(inbox, released, student, tiny.RIGHT, late)
        told.append(way_in.take_in(released, released.weeks[0]))
        assert released.step("submitted", student, tiny.WEEK).is_dir()
    assert [any("Late by the times of files" in line for line in some) for some in told] == [True, False]
    assert all(line.endswith("unmounted.") for line in (told[0][0], *told[1]))


def test_the_exchange_s_work_under_an_id_of_before_is_left_there(released, monkeypatch):
    """nbgrader would make another student of it."""
    (released.root / "roster.csv").write_text("id\nada\neve\n")
    (released.root / DECISIONS).write_text(f"{','.join(HEAD)}\n1,t,rename,eve,,,zoe,\n")
    course = load_course(released.root)

    class Collects:
        def collect(self, week, update):
            for student in ("ada", "zoe"):
                tiny.hand_in(course, student, tiny.RIGHT)
            return {"success": True, "log": ""}

    monkeypatch.setattr(ways_in, "_nbgrader", lambda course: Collects())
    assert ways_in.Exchange().take_in(course, course.weeks[0])[0].startswith("zoe is called eve now")
    assert sorted(path.name for path in course.step("submitted").iterdir()) == ["ada"]


def test_what_is_still_being_written_is_waited_for(inbox, released):
    """Each look finds another state, until two agree, or until it has been long enough; then there is one round."""
    looks = Flaky(1, 2, 3, 3, 3)
    watch, _ = watch_of(released, looks)
    assert watch.look() and looks.looks == [3] and not watch.look()
    looks.looks = list(range(10))
    assert watch.look() and looks.looks == [6, 7, 8, 9]


def test_a_folder_s_mark_follows_no_link_and_sees_every_change(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    marks = [fingerprint(tmp_path)]
    for change in (
        lambda: (tmp_path / "a" / "b" / "x").write_text("1"),
        lambda: os.utime(tmp_path / "a" / "b" / "x", (1, 1)),
        lambda: (tmp_path / "a" / "b" / "x").unlink(),
        lambda: (tmp_path / "a" / "again").unlink(),
    ):
        change()
        marks.append(fingerprint(tmp_path))
    assert len(set(marks)) == 5 and fingerprint(tmp_path) == marks[-1]


def test_a_git_remote_is_fetched_and_nothing_of_it_is_executed(inbox, released, tmp_path):
    """A repository with a folder for each student: a push is seen; a filter that its files ask for is not run.

    What is pushed over other work comes after it, an earlier version as well; a remote that is gone, or empty, stops
    none of the others.
    """

    def git(*words):
        author = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *author, *words], cwd=inbox, check=True, capture_output=True)

    def handed_in():
        (seen,) = {str(way_in.look(released, week)) for _ in range(2)}
        way_in.take_in(released, week)
        source = released.step("submitted", "ada", tiny.WEEK, "double.ipynb").read_text()
        return seen, "x**2" in source

    git("init", "--quiet")
    week = released.weeks[0]
    way_in = arrivals([inbox.as_uri()], False)
    with pytest.raises(DeskError, match="git fetch"):
        way_in.look(released, week)
    (inbox / ".gitattributes").write_text("* filter=planted\n")
    seen = []
    for cells, how in (
        (tiny.SQUARES, ["-m", "one"]),
        (tiny.RIGHT, ["-m", "two"]),
        (tiny.SQUARES, ["--amend", "--allow-empty", "-m", "another"]),
    ):
        arrives(inbox, released, "ada", cells)
        git("add", ".")
        git("commit", "--quiet", *how)
        seen.append(handed_in())
    git("checkout", "--quiet", "--orphan", "begun-anew")
    arrives(inbox, released, "ada", tiny.RIGHT)
    git("add", ".")
    git("commit", "--quiet", "-m", "all in one")
    seen.append(handed_in())
    assert len({commit for commit, _ in seen}) == 4
    assert [squared for _, squared in seen] == [True, False, True, False]
    (clone,) = (released.desk_folder / "remotes" / tiny.WEEK).iterdir()
    assert [path.name for path in clone.iterdir()] == [".git"]

    subprocess.run(["git", "init", "--quiet", str(tmp_path / "empty")], check=True)
    addresses = ["https://name:secret@localhost:9/gone.git", (tmp_path / "empty").as_uri(), inbox.as_uri()]
    way_in = arrivals(addresses, False)
    assert way_in.look(released, week)
    told = way_in.take_in(released, week)
    assert told[0].startswith("https://localhost:9/gone.git: git fetch: fatal:") and "secret" not in "".join(told)
    assert "couldn't find remote ref HEAD" in told[1] and released.step("submitted", "empty").exists() is False


def test_what_cannot_be_watched_is_said(released):
    """Nothing, both, a folder that is not there, an exchange that is not there, a mixture."""
    for arguments in ([], ["--exchange", "inbox"]):
        assert run("watch", "week01", *arguments, "--course", released.root).exit_code == 2
    for arguments in (["nowhere"], ["--exchange"], [".", "https://example.org/x.git"]):
        told = run("watch", "week01", *arguments, "--course", released.root)
        assert told.exit_code == 3 and "Traceback" not in told.output, told.output


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_watch_that_is_stopped_while_it_grades_is_gone_on_with(inbox, released, how):
    """By the same command, which ends with 0 when it is asked to stop; every student has a page in the end."""
    for student in ("ada", "bob"):
        arrives(inbox, released, student, tiny.RIGHT)
    command = [sys.executable, "-m", "grader.desk.cli", "watch", "week01", str(inbox), "--every", "1", "--jobs", "1"]
    command += ["--course", str(released.root)]

    def started():
        return subprocess.Popen(command, cwd=released.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def read_until(process, word):
        return next(line for line in process.stdout if word in line)

    first = started()
    read_until(first, "ada: 2.5")
    first.send_signal(how)
    told = first.communicate(timeout=60)[0]
    assert first.returncode == (-9 if how == signal.SIGKILL else 0) and "Traceback" not in told
    assert how == signal.SIGKILL or "Stopped after 1 verdicts. The same command goes on from here." in told
    second = started()
    began = time.monotonic()
    read_until(second, " written: ")
    assert time.monotonic() - began < 60
    second.terminate()
    assert "Stopped after" in second.communicate(timeout=60)[0] and second.returncode == 0
    assert page_of(released, "ada") and page_of(released, "bob")
    assert load_course(released.root).desk_folder.joinpath(watching.VERDICTS).read_text().count("week01_tiny") == 2

"""What platforms deliver lands in submitted/, the last attempt before the deadline counts, and nothing is lost."""

import os
import shutil
import subprocess
import unicodedata
import zipfile
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from grader.desk.collect.collect import collect
from grader.desk.course.facts import load_course
from tests.desk import tiny

DEADLINE = "2026-10-11T23:59:00+02:00"
ROSTER = "id,first_name,last_name,email\nada,Ada,Lovelace,ada@uni.example\nbob,Боб,Строитель,\nzoe,Zoë,Zhang,\n"


@pytest.fixture
def class_(course):
    (course.root / "roster.csv").write_text(ROSTER)
    return course


def put(path, text, when="2026-10-10T12:00:00+02:00"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    seconds = datetime.fromisoformat(when).timestamp()
    os.utime(path, (seconds, seconds))


def take(course, *sources, **options):
    return collect(course, course.weeks[0], sources, **options)


def submitted(course, student):
    folder = course.step("submitted", student, tiny.WEEK)
    return {path.name: path.read_text() for path in folder.glob("[!.]*")} if folder.exists() else {}


def test_a_class_is_sorted_out_against_the_roster(class_, tmp_path):
    """Folders of Moodle in decomposed letters; who is missing; whose files nobody knows, told to a person."""
    inbox = tmp_path / "in" / "hw1-submissions"
    put(inbox / unicodedata.normalize("NFD", "Zoë Zhang_7_assignsubmission_file_") / "double.ipynb", "zoe's")
    put(inbox / "Строитель Боб_8_assignsubmission_file_" / "Copy of double.ipynb", "bob's")
    put(inbox / "Eve Nobody_9_assignsubmission_file_" / "double.ipynb", "eve's")
    done = take(class_, tmp_path / "in")
    assert submitted(class_, "zoe") == {"double.ipynb": "zoe's", "timestamp.txt": "2026-10-10 10:00:00 UTC"}
    assert "Copy of double.ipynb" in submitted(class_, "bob")
    assert done.missing == ["ada"] and list(done.unplaced) == ["Eve Nobody 9"] and done.needs_a_person
    done.mapping.write_text("found,student\nEve Nobody 9,ada\n")
    again = take(class_, tmp_path / "in")
    assert not again.needs_a_person and submitted(class_, "ada")["double.ipynb"] == "eve's"
    assert [one.student for one in again.taken if one.changed] == ["ada"]


def test_a_group_s_work_is_everybody_s_whom_mapping_csv_names(class_, tmp_path):
    """And a folder that a person has given to somebody is not doubted for its name."""
    put(tmp_path / "in" / "Group A_57_assignsubmission_file_" / "double.ipynb", "theirs")
    put(tmp_path / "in" / "Zoë Zhang_7_assignsubmission_file_" / "double.ipynb", "zoe's")
    assert list(take(class_, tmp_path / "in").unplaced) == ["Group A 57"]
    (class_.root / "mapping.csv").write_text("found,student\nGroup A 57,ada; bob\nZoë Zhang 7,zoe\n")
    again = take(class_, tmp_path / "in")
    assert not again.needs_a_person and not again.missing
    assert [submitted(class_, who)["double.ipynb"] for who in ("ada", "bob")] == ["theirs"] * 2


def test_the_last_attempt_before_the_deadline_counts(class_, tmp_path):
    """The others are kept; an extension given later brings the later one back."""
    inbox = tmp_path / "in"
    put(inbox / "lovelaceada_1_11_double.ipynb", "first")
    put(inbox / "lovelaceada_1_12_double-1.ipynb", "second", "2026-10-11T23:00:00+02:00")
    put(inbox / "lovelaceada_LATE_1_13_double-2.ipynb", "too late", "2026-10-12T12:00:00+02:00")
    take(class_, inbox)
    assert submitted(class_, "ada")["double.ipynb"] == "second"
    assert len(list((class_.root / "attempts" / "ada" / tiny.WEEK).glob("*"))) == 4
    own = class_.root / "course.toml"
    own.write_text(f"{own.read_text()}[extensions.ada]\nweek01 = 1\n")
    take(load_course(class_.root), inbox)
    assert submitted(class_, "ada")["double.ipynb"] == "too late"


def test_when_all_are_late_the_last_before_the_hard_deadline_counts(class_, tmp_path):
    own = class_.root / "course.toml"
    own.write_text(f"{own.read_text()}[week.{tiny.WEEK}]\nhard_deadline = 2026-10-13T23:59:00+02:00\n")
    for number, day in enumerate((12, 13, 14)):
        put(tmp_path / "in" / "ada" / f"double ({number}).ipynb", f"day {day}", f"2026-10-{day}T12:00:00+02:00")
    done = take(load_course(class_.root), tmp_path / "in")
    assert "day 13" in submitted(class_, "ada").values() and done.taken[0].days_late == 2


@pytest.mark.parametrize("kept", [[], ["pack-refs", "--all"], ["checkout", "--detach"]], ids=" ".join)
def test_clones_give_every_commit_in_order_and_their_times_only_when_trusted(class_, tmp_path, kept):
    """However git keeps what the clone is at; and the clone's own settings are not obeyed."""
    clone = tmp_path / "in" / "hw1-ada"
    clone.mkdir(parents=True)

    def git(*arguments, when):
        environment = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "HOME": str(tmp_path)}
        who = ("-c", "user.name=a", "-c", "user.email=a@b.example")
        subprocess.run(["git", *who, *arguments], cwd=clone, env=environment, check=True, capture_output=True)

    git("init", "-b", "main", when=DEADLINE)
    for text, when in (("in time", "2026-10-11T20:00:00+02:00"), ("late", "2026-10-12T20:00:00+02:00")):
        put(clone / tiny.WEEK / "double.ipynb", text)
        git("add", ".", when=when)
        git("commit", "-m", text, when=when)
    if kept:
        git(*kept, when=DEADLINE)
    (clone / ".git" / "config").write_text("[core]\n\tfsmonitor = touch planted\n\tpager = touch planted\nbroken")
    put(clone / tiny.WEEK / "double.ipynb", "never committed")
    done = take(class_, tmp_path / "in")
    assert submitted(class_, "ada")["double.ipynb"] == "late" and "student's clock" in done.doubts[0]
    done = take(class_, tmp_path / "in", file_times=True)
    assert submitted(class_, "ada")["double.ipynb"] == "in time" and not done.needs_a_person
    assert not list(tmp_path.rglob("planted"))


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_an_archive_is_read_with_the_times_it_gives(class_, tmp_path, kind):
    """The download of a class, with an archive of one student in it; an archive full of traps costs only itself."""
    ada = tmp_path / "in" / "Ada Lovelace_7_assignsubmission_file_"
    put(ada / "double.ipynb", "ada's", "2026-10-12T12:00:00+02:00")
    put(tmp_path / "zoe" / "double.ipynb", "zoe's", "2026-10-11T12:00:00+02:00")
    zoes = tmp_path / "in" / "Zoë Zhang_8_assignsubmission_file_" / "work.zip"
    put(zoes, "")
    with zipfile.ZipFile(zoes, "w") as packed:
        packed.write(tmp_path / "zoe" / "double.ipynb", "my homework/double.ipynb")
        packed.writestr("../../escape.txt", "out")
    when = datetime.fromisoformat("2026-10-12T12:00:00+02:00").timestamp()
    os.utime(zoes, (when, when))  # a day after what is in it
    put(tmp_path / "in" / "Строитель Боб_9_assignsubmission_file_" / "double.zip", "no archive at all")
    source = shutil.make_archive(str(tmp_path / "all"), {"tgz": "gztar"}.get(kind, kind), tmp_path / "in")
    done = take(class_, Path(source))
    assert submitted(class_, "ada")["double.ipynb"] == "ada's" and submitted(class_, "zoe")["double.ipynb"] == "zoe's"
    assert {one.student: one.days_late for one in done.taken} == {"ada": 1, "zoe": 1, "bob": 0}
    assert len(done.problems) == 2 and "escape.txt" in "".join(done.problems)
    assert not done.missing and done.without_notebook == ["bob"] and "double.zip" in submitted(class_, "bob")
    assert not list(tmp_path.rglob("escape.txt"))


def test_an_e_mail_counts_from_when_the_server_took_it(class_, tmp_path):
    """The sender's clock says the day before."""
    mail = EmailMessage()
    mail["From"] = "Ada L <ada@uni.example>"
    mail["Date"] = "Sat, 10 Oct 2026 12:00:00 +0200"
    mail["Received"] = "from x by y; Mon, 12 Oct 2026 12:00:00 +0200"
    mail.set_content("here it is")
    mail.add_attachment(b"mine", maintype="application", subtype="json", filename="../Doublé.ipynb")
    (tmp_path / "hw.eml").write_bytes(bytes(mail))
    done = take(class_, tmp_path / "hw.eml")
    assert submitted(class_, "ada")["Doublé.ipynb"] == "mine" and done.taken[0].days_late == 1


def test_what_a_person_put_there_is_left_alone(class_, tmp_path):
    put(class_.step("submitted", "ada", tiny.WEEK) / "double.ipynb", "by hand")
    put(tmp_path / "in" / "ada" / "double.ipynb", "collected")
    done = take(class_, tmp_path / "in")
    assert submitted(class_, "ada") == {"double.ipynb": "by hand"} and done.by_hand == ["ada"] and done.needs_a_person


def test_times_of_a_download_are_doubted_and_can_be_replaced(class_, tmp_path):
    for who in ("ada", "bob", "zoe"):
        put(tmp_path / "in" / who / "double.ipynb", who, "2026-11-01T12:00:00+02:00")
    assert take(class_, tmp_path / "in").doubts
    (tmp_path / "times.csv").write_text("student,time\nada,2026-10-12T12:00:00\n")
    times = take(class_, tmp_path / "in", times=tmp_path / "times.csv", file_times=False)
    assert [(one.student, one.days_late) for one in times.taken] == [("ada", 1), ("bob", 0), ("zoe", 0)]


def test_a_dry_run_writes_nothing(class_, tmp_path):
    put(tmp_path / "in" / "ada" / "double.ipynb", "mine")
    put(tmp_path / "in" / "eve" / "double.ipynb", "hers")
    before = sorted(class_.root.rglob("*"))
    done = take(class_, tmp_path / "in", dry_run=True)
    assert done.taken[0].changed and done.unplaced and sorted(class_.root.rglob("*")) == before


def test_links_are_not_followed(class_, tmp_path):
    put(tmp_path / "in" / "ada" / "double.ipynb", "mine")
    (tmp_path / "in" / "ada" / "secret.txt").symlink_to("/etc/hostname")
    done = take(class_, tmp_path / "in")
    assert "secret.txt" in done.problems[0] and set(submitted(class_, "ada")) == {"double.ipynb", "timestamp.txt"}

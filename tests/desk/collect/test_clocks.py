"""The platform's clock decides what is late, and its order which attempt is the last; a student's own never does."""

import os
import subprocess
from datetime import datetime, timezone

import pytest

from grader.desk.collect import senders, sources
from grader.desk.collect.collect import collect
from tests.desk import tiny
from tests.desk.collect import downloads
from tests.desk.collect.downloads import NOTEBOOK, ROSTER, mail, notebook, zipped

# The deadline of the tiny course is 11 October 2026, 23:59 in Berlin.
IN_TIME, LATE = (2026, 10, 1, 12, 0, 0), (2026, 10, 20, 12, 0, 0)
MOODLE = "Ada Lovelace_1_assignsubmission_file_"


@pytest.fixture
def class_(course):
    (course.root / "roster.csv").write_text(ROSTER)
    return course


def put(path, data, when=IN_TIME):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    seconds = datetime(*when, tzinfo=timezone.utc).timestamp()
    os.utime(path, (seconds, seconds))
    return path


def take(course, *found, **options):
    return collect(course, course.weeks[0], found, **options)


def text(course, student="ada", name=NOTEBOOK):
    return (course.step("submitted", student, tiny.WEEK) / name).read_bytes()


def late(done):
    return {one.student: bool(one.days_late) for one in done.taken}


@pytest.mark.parametrize("pack", [zipped, lambda files, when: downloads.tarred(files, 1.79e9)], ids=["zip", "tar"])
@pytest.mark.parametrize("loose", [False, True])
def test_the_time_inside_a_student_s_archive_does_not_count(class_, tmp_path, pack, loose):
    """The platform's does: that of the archive in the download, or of the archive in a folder."""
    packed = pack([(NOTEBOOK, b"{}")], IN_TIME)
    name = f"{MOODLE}/hw.zip" if pack is zipped else f"{MOODLE}/hw.tar.gz"
    source = tmp_path / "in"
    if loose:
        put(source / name, packed, LATE)
    else:
        source = put(tmp_path / "all.zip", zipped([(name, packed)], LATE))
    done = take(class_, source)
    assert late(done) == {"ada": True} and done.needs_a_person == loose  # asked: no platform says the time


def test_nobody_is_asked_where_nobody_is_late(class_, tmp_path):
    put(tmp_path / "in" / "ada" / NOTEBOOK, b"{}")
    done = take(class_, tmp_path / "in")
    assert not done.needs_a_person and done.taken[0].clock == sources.DISK


def test_an_e_mail_without_a_receipt_has_no_time(class_, tmp_path):
    """`Date` is what the sender's clock says."""
    raw = mail("ada", [(NOTEBOOK, b"{}")]).replace(b"Received:", b"Date: Thu, 01 Oct 2026 12:00:00 +0000\nX-R:")
    done = take(class_, put(tmp_path / "ada.eml", raw))
    assert done.taken[0].when is None and done.taken[0].clock == sources.NO_CLOCK and done.needs_a_person


@pytest.mark.parametrize(
    ("name", "day", "is_late", "asked"),
    [("", LATE, False, False), ("LATE_", LATE, True, True), ("LATE_", IN_TIME, False, True)],
)
def test_canvas_says_itself_what_is_late(class_, tmp_path, name, day, is_late, asked):
    """The entries of its download may have the download's time; where the two differ, a person is asked."""
    source = put(tmp_path / "all.zip", zipped([(f"lovelaceada_{name}1_10_{NOTEBOOK}", b"{}")], day))
    done = take(class_, source)
    assert late(done) == {"ada": is_late} and bool(done.doubts) == asked
    assert not take(class_, source, file_times=True).doubts


@pytest.mark.parametrize(
    ("files", "last"),
    [
        # Canvas numbers attempts, and its entries have one time.
        ([("lovelaceada_1_101_double.ipynb", b"a"), ("lovelaceada_1_99_double-9.ipynb", b"b")], b"a"),
        ([("Submitted files/Ada Lovelace/Homework/Version 3/double.ipynb", b"c"),
          ("Submitted files/Ada Lovelace/Homework/Version 10/double.ipynb", b"d"),
          ("Working files/Ada Lovelace/Homework/double.ipynb", b"draft")], b"d"),
        ([("hw_ada_attempt_2026-10-01-09-00-00_double.ipynb", b"e"),
          ("hw_ada_attempt_2026-10-01-10-00-00_double.ipynb", b"f")], b"f"),
        ([("ada+week01_tiny+2026-10-01 09:00:00 UTC/double.ipynb", b"g"),
          ("ada+week01_tiny+2026-10-01 10:00:00.5 UTC+abc/double.ipynb", b"h"),
          ("ada+week02+2026-10-02 10:00:00 UTC/double.ipynb", b"other week")], b"h"),
    ],
    ids=["canvas", "teams", "blackboard", "exchange"],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_the_platform_s_order_decides(class_, tmp_path, files, last, turned):
    done = take(class_, put(tmp_path / "all.zip", zipped(files[::-1] if turned else files, IN_TIME)))
    assert text(class_) == last and not done.needs_a_person


def test_a_version_handed_in_again_is_the_last(class_, tmp_path):
    """Teams keeps what was handed in first, then something else, then the first again."""
    files = [
        (f"Submitted files/Ada Lovelace/Homework/Version {n}/double.ipynb", x)
        for n, x in ((1, b"a"), (2, b"b"), (3, b"a"))
    ]
    take(class_, put(tmp_path / "all.zip", zipped(files, IN_TIME)))
    assert text(class_) == b"a"


def test_a_newer_archive_counts_before_an_older_file(class_, tmp_path):
    put(tmp_path / "in" / MOODLE / NOTEBOOK, b"old")
    put(
        tmp_path / "in" / MOODLE / "hw.zip",
        zipped([(NOTEBOOK, b"new")], (2020, 1, 1, 0, 0, 0)),
        (2026, 10, 2, 12, 0, 0),
    )
    take(class_, tmp_path / "in")
    assert text(class_) == b"new"


def test_of_names_of_one_time_the_exact_one_wins_and_is_told(class_, tmp_path):
    names = [f"{MOODLE}/{name}" for name in ("double (2).ipynb", NOTEBOOK, "x_double.ipynb")]
    done = take(class_, put(tmp_path / "all.zip", zipped([(name, name.encode()) for name in names])))
    assert text(class_) == names[1].encode() and done.needs_a_person
    assert "double (2).ipynb, x_double.ipynb" in done.problems[0]


def test_a_plain_file_does_not_displace_a_notebook(class_, tmp_path):
    put(tmp_path / "in" / "ada" / NOTEBOOK, notebook("right"))
    put(tmp_path / "in" / "ada" / "double", notebook("other"), (2026, 10, 2, 12, 0, 0))
    take(class_, tmp_path / "in")
    assert text(class_) == notebook("right") and text(class_, name="double") == notebook("other")


def test_gradescope_says_whose_it_is_and_when(class_, tmp_path):
    """The work of a group is everybody's; an entry of its list without people is told."""
    people = (
        "submission_7:\n  :submitters:\n  - :name: Ada Lovelace\n    :sid: '99'\n    :email: ada@uni.example\n"
        "  - :name: Bob Builder\n  :created_at: 2026-10-20 09:00:00.123456000 Z\n  :score: 1.0\n  :history: []\n"
        "submission_8: 3\n"
    )
    root = "assignment_5_export"
    files = [
        ("submission_metadata.yml", people.encode()),
        (f"submission_7/{NOTEBOOK}", b"{}"),
        ("submission_7/data/x", b"1"),
    ]
    done = take(class_, put(tmp_path / "all.zip", zipped([(f"{root}/{name}", x) for name, x in files], IN_TIME)))
    assert late(done) == {"ada": True, "bob": True} and text(class_, "bob", "data/x") == b"1"
    assert len(done.problems) == 1 and "submission_8" in done.problems[0]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("Пётр Чайковский", "cp866"), ("王伟", "gbk"), ("Пётр Чайковский", "utf-8"), ("Anna Müller", "cp437")],
)
@pytest.mark.parametrize("where", ["zip", "zip in a folder", "folder"])
def test_names_come_out_right_whatever_wrote_them(class_, tmp_path, name, encoding, where):
    (class_.root / "roster.csv").write_text("id,name\nam,Anna Müller\npt,Пётр Чайковский\nww,王伟\n")
    (class_.root / "roster.csv").write_text("id,first_name,last_name\nam,Anna,Müller\npt,Пётр,Чайковский\nww,伟,王\n")
    path = f"{name}_1_assignsubmission_file_/{NOTEBOOK}".encode(encoding).decode("utf-8", "surrogateescape")
    packed = zipped([(path, b"{}")])
    if encoding == "utf-8":  # without the flag that says so
        packed = packed.replace(b"\x14\x00\x00\x08", b"\x14\x00\x00\x00").replace(
            b"\x14\x03\x14\x00\x00\x08", b"\x14\x03\x14\x00\x00\x00"
        )
    source = put(tmp_path / "in" / "all.zip", packed)
    if where == "folder":
        source = downloads.as_folder([(path, b"{}")], 1, tmp_path / "out.zip")
    done = take(class_, source.parent if where == "zip in a folder" else source)
    assert [one.student for one in done.taken] == [{"П": "pt", "王": "ww", "A": "am"}[name[0]]], (
        done.unplaced,
        done.problems,
    )


def test_the_name_of_a_group_hides_nobody(class_, tmp_path):
    (class_.root / "roster.csv").write_text("id,first_name,last_name\nam,Anna,Müller\nad,Anna,Dahl\n")
    put(tmp_path / "in" / f"Group A-Anna Mueller_4_assignsubmission_file_/{NOTEBOOK}", b"{}")
    assert [one.student for one in take(class_, tmp_path / "in").taken] == ["am"]


def test_without_a_roster_the_ending_of_blackboard_s_name_is_the_student(course, tmp_path):
    files = [
        (f"Homework 1_{who}_attempt_2026-10-01-09-00-00{rest}", b"{}")
        for who in ("ada", "bob")
        for rest in ("_double.ipynb", ".txt")
    ]
    done = take(course, put(tmp_path / "all.zip", zipped(files)))
    assert [(one.student, list(one.files)) for one in done.taken] == [("ada", [NOTEBOOK]), ("bob", [NOTEBOOK])]


def test_work_on_another_branch_is_mentioned(class_, tmp_path):
    clone = tmp_path / "in" / "hw1-ada"
    put(clone / NOTEBOOK, b"{}")
    for command in (
        "init -b main",
        "add .",
        "commit -m a",
        "checkout -b dev",
        "commit --allow-empty -m b",
        "checkout main",
    ):
        who = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *who, *command.split()], cwd=clone, check=True, capture_output=True)
    (line,) = take(class_, tmp_path / "in").problems
    assert line.startswith("ada:") and "dev (1 commit more)" in line


@pytest.mark.parametrize("path", [f"eve/{MOODLE}/{NOTEBOOK}", f"stranger/{MOODLE}/{NOTEBOOK}", "eve/ada.eml"])
def test_a_folder_inside_a_submission_speaks_for_nobody(class_, tmp_path, path):
    put(tmp_path / "in" / path, mail("ada", [(NOTEBOOK, b"eve's")]))
    put(tmp_path / "in" / "bob" / NOTEBOOK, b"{}")
    done = take(class_, tmp_path / "in")
    assert "ada" not in {one.student for one in done.taken} and done.needs_a_person == (
        "eve" not in path or "eml" in path
    )


def test_names_of_platforms_are_told_from_others():
    assert senders.is_of_platform("a+b@c.org+week01+2026-10-01 09:00:00.123456 UTC")
    assert not senders.is_of_platform("my_attempt_at_it.ipynb") and not senders.is_of_platform("ada+notes")

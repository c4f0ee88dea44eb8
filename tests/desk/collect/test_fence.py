"""One fence around each submission: what cannot be taken is one line, everyone else is taken, and so again."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader.desk.collect import collect as collecting
from grader.desk.collect import sources
from grader.desk.collect.archives import OF_ONE_IN_IT, Bounds
from grader.desk.collect.attempts import Attempts
from grader.desk.collect.collect import collect
from grader.desk.collect.submissions import MAX_NOTES, read_submission
from grader.desk.collect.troubles import read_troubles
from grader.desk.grade.run import grade
from grader.desk.report.todo import COLLECTED, todo
from tests.desk import tiny
from tests.desk.collect.downloads import NOTEBOOK, ROSTER, mail, notebook, tarred, zipped

DAY = "Thu, 01 Oct 2026 12:00:00 +0000"


@pytest.fixture
def class_(course):
    (course.root / "roster.csv").write_text(ROSTER)
    return course


def put(path, data=b"{}"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (1.79e9, 1.79e9))  # September 2026, before the deadline
    return path


def moodle(tmp_path, files, name="all.zip", when=(2026, 10, 1, 12, 0, 0)):
    """Eve's `files`, and a notebook of Zoë, who is sorted after her."""
    hers = [(f"Eve Adams_1_assignsubmission_file_/{path}", data) for path, data in files]
    zoes = [("Zoë Zhang_2_assignsubmission_file_/double.ipynb", notebook("zoe's"))]
    return put(tmp_path / name, zipped([*hers, *zoes], when))


def take(course, *found, **options):
    return collect(course, course.weeks[0], found, **options)


def submitted(course, student):
    folder = course.step("submitted", student, tiny.WEEK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("[!.]*") if path.is_file()}


def lines(done):
    return {line.partition(":")[0]: line for line in done.problems}


def holds(class_, *found):
    """Zoë is collected, now and again, and nothing is different the second time."""
    done, again = take(class_, *found), take(class_, *found)
    assert submitted(class_, "zoe")[NOTEBOOK] == notebook("zoe's")
    assert again.problems == done.problems and not any(one.changed for one in again.taken)
    return done


def test_an_empty_file_is_a_file(class_, tmp_path):
    done = holds(class_, moodle(tmp_path, [("src/__init__.py", b""), (NOTEBOOK, b"{}")]))
    assert submitted(class_, "eve")["src/__init__.py"] == b"" and not done.needs_a_person


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_and_a_folder_of_one_name_in_two_attempts(class_, tmp_path, turned):
    """The later one stays, and the choice is told."""
    attempts = [[("data", b"1"), (NOTEBOOK, b"{}")], [("data/x.csv", b"2"), (NOTEBOOK, b"{}")]]
    first, second = reversed(attempts) if turned else attempts
    holds(class_, moodle(tmp_path, first))
    done = holds(class_, moodle(tmp_path, second, "later.zip", (2026, 10, 2, 12, 0, 0)))
    assert set(submitted(class_, "eve")) == {NOTEBOOK, "timestamp.txt", "data" if turned else "data/x.csv"}
    assert "data" in lines(done)["eve"] and done.needs_a_person


def test_a_notebook_is_not_displaced_by_a_later_folder(class_, tmp_path):
    holds(class_, moodle(tmp_path, [(NOTEBOOK, b"{}")]))
    holds(class_, moodle(tmp_path, [(f"{NOTEBOOK}/readme.txt", b"x")], "later.zip", (2026, 10, 2, 12, 0, 0)))
    assert submitted(class_, "eve")[NOTEBOOK] == b"{}"


@pytest.mark.parametrize("name", ["timestamp.txt", "timestamp.txt/x"])
def test_a_time_that_a_student_hands_in_is_none(class_, tmp_path, name):
    holds(class_, moodle(tmp_path, [(name, b"2020-01-01 00:00:00 UTC"), (NOTEBOOK, b"{}")]))
    assert submitted(class_, "eve")["timestamp.txt"] == b"2026-10-01 12:00:00 UTC"
    put(tmp_path / "in" / "eve" / name, b"2020-01-01 00:00:00 UTC")
    put(tmp_path / "in" / "eve" / "other.ipynb")
    take(class_, tmp_path / "in", file_times=False)
    assert submitted(class_, "eve")["timestamp.txt"] == b"2026-10-01 12:00:00 UTC"


@pytest.mark.parametrize("mtime", [1e18, -1e18, 1e11])
def test_times_that_no_clock_says(class_, tmp_path, mtime):
    """In an archive of hers, and in that of the class."""
    done = holds(class_, moodle(tmp_path, [("w.tar.gz", tarred([(NOTEBOOK, b"{}")], mtime))]))
    assert [one.when.year for one in done.taken] == [2026, 2026]
    rows = [("eve/double.ipynb", b"{}"), ("zoe/double.ipynb", notebook("zoe's"))]
    assert holds(class_, put(tmp_path / "all.tar.gz", tarred(rows, mtime))).taken


def test_names_that_are_not_utf_8(class_, tmp_path):
    """On the disk, as a Russian and a Chinese program write them, and as nobody does."""
    for raw in ("имя.txt".encode("cp866"), "王伟.txt".encode("gbk"), b"\xff\xfe\xfd.txt"):
        put(Path(os.fsdecode(os.path.join(os.fsencode(tmp_path / "in" / "eve"), raw))))
    put(tmp_path / "in" / "zoe" / NOTEBOOK, notebook("zoe's"))
    holds(class_, tmp_path / "in")
    assert {"имя.txt", "王伟.txt"} < set(submitted(class_, "eve")) and len(submitted(class_, "eve")) == 4


@pytest.mark.parametrize("name", [".", "..", "a\0b.ipynb", "x" * 400 + ".ipynb", "../../../etc/double.ipynb"])
def test_attachments_of_any_name_are_kept(class_, tmp_path, name):
    raw = mail("eve", [("NAME", b"{}")]).replace(b"NAME", name.encode())
    put(tmp_path / "eve.eml", raw)
    put(tmp_path / "zoe.eml", mail("zoe", [(NOTEBOOK, notebook("zoe's"))]))
    holds(class_, tmp_path / "eve.eml", tmp_path / "zoe.eml")
    assert b"{}" in submitted(class_, "eve").values()


def test_an_e_mail_of_three_thousand_nested_parts(class_, tmp_path):
    head = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(3000))
    put(tmp_path / "eve.eml", f"From: eve@uni.example\nReceived: by x; {DAY}\n{head}\n".encode())
    put(tmp_path / "zoe.eml", mail("zoe", [(NOTEBOOK, notebook("zoe's"))]))
    done = holds(class_, tmp_path / "eve.eml", tmp_path / "zoe.eml")
    assert done.missing == ["ada", "bob"] and "nested" in lines(done)["eve"] and done.needs_a_person


@pytest.fixture
def deep():
    """A place for folders nested deeper than Python's stack, on which pytest's own cleaning would fail."""
    place = tempfile.mkdtemp()
    yield Path(place)
    subprocess.run(["rm", "-rf", place], check=True)


def test_folders_nested_deeper_than_the_stack(deep):
    """In a download, and in `submitted/`, where a person has put them."""
    class_ = tiny.write_course(deep / "class", tiny.write_checkout(deep / "checkout"))
    (class_.root / "roster.csv").write_text(ROSTER)
    put(deep / "in" / "zoe" / NOTEBOOK, notebook("zoe's"))
    put(deep / "in" / "eve" / NOTEBOOK)
    for top in (deep / "in" / "eve", class_.step("submitted", "bob", tiny.WEEK)):
        top.mkdir(parents=True, exist_ok=True)
        here = os.open(top, os.O_RDONLY)
        for _ in range(sys.getrecursionlimit() + 700):
            os.mkdir("d", dir_fd=here)
            deeper = os.open("d", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = deeper
        os.close(here)
    done = take(class_, deep / "in")
    assert submitted(class_, "zoe") and "deeper than" in lines(done)["eve"] and NOTEBOOK in submitted(class_, "eve")
    notes = read_submission(class_, class_.weeks[0], "bob", ["double"]).notes
    assert "too deep" in notes[0] and len(notes) == 1
    assert "deeper than" in lines(take(class_, deep / "in"))["eve"]


def test_a_file_that_vanishes_while_it_is_read(class_, tmp_path, monkeypatch):
    put(tmp_path / "in" / "zoe" / NOTEBOOK, notebook("zoe's"))
    gone = put(tmp_path / "in" / "eve" / NOTEBOOK)
    put(tmp_path / "in" / "eve" / "a.txt", b"stays")
    listing = sources.files_in
    monkeypatch.setattr(collecting, "files_in", lambda *args: [listing(*args), gone.unlink(missing_ok=True)][0])
    done = take(class_, tmp_path / "in")
    assert submitted(class_, "zoe") and submitted(class_, "eve")["a.txt"] == b"stays"
    assert "No such file" in lines(done)["eve"]


@pytest.mark.parametrize("harm", ["index", "content", "name", "both"])
def test_what_is_spoilt_in_attempts_stops_nobody_else(class_, tmp_path, harm):
    holds(class_, moodle(tmp_path, [(NOTEBOOK, b"{}"), ("data/x", b"1")]))
    folder = class_.root / "attempts" / "eve" / tiny.WEEK
    index = folder / "index.json"
    if harm == "index":
        index.write_text("[" * 100_000)
    elif harm == "content":
        for path in folder.glob("[0-9a-f]*"):
            if path != index:
                path.unlink()
    else:
        index.write_text(index.read_text().replace("data/x", {"name": "../../x", "both": "double.ipynb/x"}[harm]))
    done = holds(class_, moodle(tmp_path, [], "later.zip"))
    assert "eve" in lines(done) and not list(class_.root.glob("submitted/x"))


def test_bounds_of_one_submission(class_, tmp_path, monkeypatch):
    """Files, bytes, and what is told; the notebook comes first."""
    small = Bounds(files=5, file_bytes=1000, total_bytes=3000)
    monkeypatch.setattr(collecting, "OF_ONE_IN_IT", small)
    for number in range(40):
        put(tmp_path / "in" / "eve" / f"{number:02}.txt", b"x")
        put(tmp_path / "in" / "bob" / f"{number:02}.txt", b"x" * 900)
    for who in ("eve", "zoe", "bob"):
        put(tmp_path / "in" / who / NOTEBOOK, notebook("zoe's"))
    done = holds(class_, tmp_path / "in")
    assert len(submitted(class_, "eve")) == 5 + 1 and "36 files were left out" in lines(done)["eve"]
    assert len(submitted(class_, "bob")) == 1 + 3 + 1 and NOTEBOOK in submitted(class_, "bob")


def test_bounds_of_one_submission_in_the_download_of_a_class(class_, tmp_path, monkeypatch):
    monkeypatch.setattr("grader.desk.collect.archives.OF_ONE_IN_IT", Bounds(files=5, file_bytes=2000, total_bytes=4000))
    many = [(f"{number:02}.txt", b"x" * 900) for number in range(40)]
    done = holds(class_, moodle(tmp_path, [(NOTEBOOK, b"{}"), ("large.bin", b"x" * 3000), *many]))
    assert len(lines(done)["eve"]) < 600 and "more)" in lines(done)["eve"]
    assert NOTEBOOK in submitted(class_, "eve") and "large.bin" not in submitted(class_, "eve")


def test_a_large_file_in_a_student_s_archive_costs_that_file_only(class_, tmp_path, monkeypatch):
    """A data set beside the notebook, say."""
    monkeypatch.setattr("grader.desk.collect.archives.Bounds", lambda: Bounds(file_bytes=3000))
    hers = [("data.csv", bytes(range(256)) * 20), (NOTEBOOK, notebook("eve's"))]
    for name, data in (("hw.zip", zipped(hers)), ("hw.tar.gz", tarred(hers))):
        done = holds(class_, moodle(tmp_path, [(name, data)]))
        assert submitted(class_, "eve")[NOTEBOOK] == notebook("eve's") and "data.csv" not in submitted(class_, "eve")
        assert "data.csv in it was left out: it is larger than" in lines(done)["eve"]


def test_an_archive_of_which_nothing_can_be_taken_is_kept(class_, tmp_path):
    """Its student handed something in, and has the reason on a page."""
    packed = bytearray(zipped([(NOTEBOOK, notebook("eve's"))]))
    packed[6] |= 1  # encrypted
    packed[packed.rindex(b"PK\1\2") + 8] |= 1
    done = holds(class_, moodle(tmp_path, [("hw.zip", bytes(packed))]))
    assert submitted(class_, "eve")["hw.zip"] == packed and "eve" not in done.missing
    assert "kept as it is: nothing in it can be taken" in lines(done)["eve"]


def test_whose_work_could_not_be_taken_is_not_missing_when_others_are_collected(class_, tmp_path):
    """Their page says what there was; when something can be taken later, that is all there is."""
    holds(class_, moodle(tmp_path, [("d/" * 30 + NOTEBOOK, b"{}")]))
    put(tmp_path / "in" / "bob" / NOTEBOOK)
    assert take(class_, tmp_path / "in").missing == ["ada"]
    (work,) = read_submission(class_, class_.weeks[0], "eve", ["double"]).works
    assert "it lies in more than 19 folders" in work.refused and work.alone
    (class_.root / "collected.csv").unlink()  # a person has seen it
    assert take(class_, tmp_path / "in").missing == ["ada"]
    holds(class_, moodle(tmp_path, [(NOTEBOOK, b"{}")], "later.zip", (2026, 10, 2, 12, 0, 0)))
    assert submitted(class_, "eve").keys() == {NOTEBOOK, "timestamp.txt"}


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("d/" * 30 + "a", "it lies in more than 19 folders"),
        ("../a", "its name leads elsewhere"),
        ("a\u202eb", "its name holds characters that cannot be written"),
    ],
)
def test_what_an_archive_leaves_out_has_its_own_reason(class_, tmp_path, name, why):
    done = take(class_, put(tmp_path / "all.zip", zipped([(f"eve/{name}", b"x"), ("zoe/double.ipynb", b"{}")])))
    assert why in " ".join(done.problems)


def test_a_long_name_in_an_archive_is_shortened(class_, tmp_path):
    """A hundred Cyrillic letters are longer than a file system's names may be."""
    name = "д" * 110 + " backprop.ipynb"
    for found in ([(name, b"{}")], [("hw.zip", zipped([(name, b"{}")]))]):
        holds(class_, moodle(tmp_path, found))
        assert [name for name in submitted(class_, "eve") if name.startswith("ддд") and name.endswith(".ipynb")]


def test_a_folder_of_nobody_s_stands_for_itself_in_the_mapping(class_, tmp_path):
    """Not for every notebook without a name: that would be somebody else's work next time."""
    put(tmp_path / "a" / "submission_5" / NOTEBOOK, notebook("eve's"))
    put(tmp_path / "b" / "submission_6" / NOTEBOOK, notebook("bob's"))
    assert list(take(class_, tmp_path / "a").unplaced) == [f"submission_5/{NOTEBOOK}"]
    (class_.root / "mapping.csv").write_text(f"found,student\nsubmission_5/{NOTEBOOK},eve\n")
    done = take(class_, tmp_path / "a", tmp_path / "b")
    assert list(done.unplaced) == [f"submission_6/{NOTEBOOK}"]
    assert submitted(class_, "eve")[NOTEBOOK] == notebook("eve's")


def test_times_of_nobody_and_sources_of_nothing_are_told(class_, tmp_path):
    times = put(tmp_path / "times.csv", b"student,time\nZoe,2026-10-01T12:00\nzoe,2026-10-01T12:00\n")
    (tmp_path / "empty").mkdir()
    done = take(class_, moodle(tmp_path, []), tmp_path / "empty", times=times)
    assert done.needs_a_person and "empty: there is no file in it" in done.doubts[0]
    assert done.doubts[1:] == ["Times were given of nobody by these ids, and not used: 'Zoe'."]


def test_a_file_is_named_however_short_its_name(class_, tmp_path):
    put(tmp_path / "in" / "eve" / NOTEBOOK)
    os.mkfifo(tmp_path / "in" / "eve" / "p")
    assert "p: a link or a special file" in lines(take(class_, tmp_path / "in"))["eve"]


def test_an_e_mail_of_two_senders_is_nobody_s(class_, tmp_path):
    put(tmp_path / "in" / "a.eml", b"From: zoe@uni.example\n" + mail("eve", [(NOTEBOOK, b"{}")]))
    done = take(class_, tmp_path / "in")
    assert not done.taken and "of two senders" in done.problems[0]


def test_bounds_of_a_real_size_are_those_that_are_documented():
    assert (OF_ONE_IN_IT.files, OF_ONE_IN_IT.total_bytes, OF_ONE_IN_IT.file_bytes) == (2_000, 2**28, 2**26)


def test_notes_about_many_files_are_few(course):
    folder = course.step("submitted", "eve", tiny.WEEK)
    folder.mkdir(parents=True)
    for number in range(300):
        (folder / f"{number}").symlink_to("/etc/hostname")
    assert len(read_submission(course, course.weeks[0], "eve", ["double"]).notes) == MAX_NOTES + 1


@pytest.mark.parametrize("name", ["hw.rar", "hw.7z", "hw.tar.xz", "hw.zip"])
def test_an_archive_that_is_not_read_was_handed_in(class_, tmp_path, name):
    """It is kept and told; its student is not missing."""
    done = holds(class_, moodle(tmp_path, [(name, b"Rar!\x1a\x07\x01\x00")]))
    assert done.missing == ["ada", "bob"] and name in lines(done)["eve"] and name in submitted(class_, "eve")
    assert done.without_notebook == ["eve"] and done.needs_a_person
    assert [(line.week, line.label) for line in read_troubles(class_.root)] == [(tiny.WEEK, "eve")]


def test_an_e_mail_without_an_attachment_is_for_a_person_to_read(class_, tmp_path):
    """There may be a link in it."""
    put(tmp_path / "eve.eml", mail("eve", []))
    put(tmp_path / "zoe.eml", mail("zoe", [(NOTEBOOK, notebook("zoe's"))]))
    done = holds(class_, tmp_path / "eve.eml", tmp_path / "zoe.eml")
    assert "an e-mail without an attachment" in lines(done)["eve"] and done.missing == ["ada", "bob"]


def test_checkpoints_alone_are_told_and_beside_a_notebook_left_out(class_, tmp_path):
    old = (".ipynb_checkpoints/double-checkpoint.ipynb", b"{}")
    done = holds(class_, moodle(tmp_path, [("hw.zip", zipped([old]))]))
    assert "Jupyter keeps older versions" in lines(done)["eve"] and done.missing == ["ada", "bob"]
    done = holds(class_, moodle(tmp_path, [("hw.zip", zipped([old, (".double.ipynb", b"{}")]))]))
    assert submitted(class_, "eve").keys() == {"double.ipynb", "timestamp.txt"} and not lines(done)


def test_drafts_that_nobody_has_turned_in_are_nobody_s_work(class_, tmp_path):
    put(tmp_path / "in" / "Working files" / "Nobody Known" / "Homework" / NOTEBOOK)
    done = take(class_, tmp_path / "in")
    assert not done.taken and "1 files are drafts" in done.doubts[0]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["Submitted files/Zoë Zhang/H/Version 1/double.ipynb", "Working files/Eve Adams/H/double.ipynb"], "drafts"),
        (
            [f"zoe+{tiny.WEEK}+2026-10-01 12:00:00 UTC/double.ipynb", "eve+hw9+2026-10-01 12:00:00 UTC/double.ipynb"],
            "for hw9, which is no week of this course",
        ),
        (["zoe/double.ipynb", "eve/.ipynb_checkpoints/double-checkpoint.ipynb"], "Jupyter keeps older versions"),
    ],
)
def test_whoever_has_left_something_is_not_missing_beside_the_work_of_others(class_, tmp_path, files, said):
    """It is told, and on a page of theirs; nothing of it is graded."""
    done = take(class_, put(tmp_path / "all.zip", zipped([(name, b"{}") for name in files])))
    assert [one.student for one in done.taken] == ["zoe"] and done.missing == ["ada", "bob"]
    assert said in lines(done)["eve"] and not submitted(class_, "eve")
    (work,) = read_submission(class_, class_.weeks[0], "eve", ["double"]).works
    assert said in work.refused


def test_a_draft_beside_what_was_turned_in_is_not_told(class_, tmp_path):
    files = ["Submitted files/Eve Adams/H/Version 1/double.ipynb", "Working files/Eve Adams/H/double.ipynb"]
    assert not take(class_, put(tmp_path / "all.zip", zipped([(name, b"{}") for name in files]))).problems


def test_a_loose_notebook_is_not_everybody_s_in_the_mapping(class_, tmp_path):
    """Whose one is says nothing of the next of its name; and without a roster its name is no student's."""
    (label,) = take(class_, put(tmp_path / "a" / NOTEBOOK, notebook("eve's"))).unplaced
    (class_.root / "mapping.csv").write_text(f"found,student\n{label},eve\n")
    assert [one.student for one in take(class_, tmp_path / "a" / NOTEBOOK).taken] == ["eve"]
    assert take(class_, put(tmp_path / "b" / NOTEBOOK, notebook("bob's"))).unplaced.keys().isdisjoint({label})
    (class_.root / "roster.csv").unlink()
    (class_.root / "mapping.csv").unlink()
    assert take(class_, tmp_path / "b" / NOTEBOOK).unplaced


def test_folders_that_differ_in_capitals_only_are_told(class_, tmp_path):
    for name in ("eve", "EVE"):
        put(tmp_path / "in" / name / NOTEBOOK, name.encode())
    assert "'EVE', 'eve'" in lines(take(class_, tmp_path / "in"))["eve"]
    (class_.root / "roster.csv").unlink()
    assert any("'EVE', 'eve'" in doubt for doubt in take(class_, tmp_path / "in").doubts)


@pytest.mark.parametrize("first", ["work.zip", "work.rar"])
def test_an_archive_that_was_replaced_by_a_readable_one_is_gone(class_, tmp_path, first):
    """It stays in attempts/, and is no reason for anything any more."""
    holds(class_, moodle(tmp_path, [(first, b"no archive")]))
    assert first in submitted(class_, "eve")
    again = [("work.zip", zipped([(NOTEBOOK, b"{}")]))]
    holds(class_, moodle(tmp_path, again, "later.zip", (2026, 10, 2, 12, 0, 0)))
    assert submitted(class_, "eve").keys() == {NOTEBOOK, "timestamp.txt"}


def test_a_line_about_nobody_goes_when_its_source_is_read_again(class_, tmp_path):
    put(tmp_path / "in" / "zoe.eml", mail("zoe", [(NOTEBOOK, b"{}")]))
    put(tmp_path / "in" / "a.eml", b"Subject: hi\n\nhello")
    put(tmp_path / "all.zip", b"PK nothing")
    take(class_, tmp_path / "in", tmp_path / "all.zip")
    assert [line.label for line in read_troubles(class_.root)] == ["a.eml", "all.zip"]
    (tmp_path / "in" / "a.eml").unlink()
    take(class_, tmp_path / "in")
    assert [line.label for line in read_troubles(class_.root)] == ["all.zip"]
    moodle(tmp_path, [])
    take(class_, tmp_path / "all.zip")
    assert "all.zip" not in [line.label for line in read_troubles(class_.root)]


def test_what_was_not_collected_waits_in_todo(released, tmp_path):
    (released.root / "roster.csv").write_text(ROSTER)
    take(released, moodle(tmp_path, [("hw.rar", b"x")]))
    assert [(one.student, one.why) for one in todo(released, list(released.weeks))] == [("eve", COLLECTED)]


def test_a_line_goes_when_all_is_well_again_and_those_of_others_stay(class_, tmp_path):
    holds(class_, moodle(tmp_path, [("hw.rar", b"x")]))
    put(tmp_path / "in" / "bob" / "hw.7z")
    take(class_, tmp_path / "in")
    assert [line.label for line in read_troubles(class_.root)] == ["bob", "eve"]
    holds(class_, moodle(tmp_path, [(NOTEBOOK, b"{}")], "later.zip", (2026, 10, 2, 12, 0, 0)))
    assert [line.label for line in read_troubles(class_.root)] == ["bob"]


@pytest.mark.parametrize("link", ["eve", f"eve/{tiny.WEEK}"])
def test_a_link_to_somebody_else_s_work_is_refused(released, tmp_path, link):
    """By `collect` and by `grade`: Eve gets nobody's points."""
    tiny.hand_in(released, "ada", tiny.RIGHT)
    place = released.step("submitted") / link
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(released.step("submitted", "ada", *link.split("/")[1:]))
    put(tmp_path / "in" / "eve" / NOTEBOOK)
    assert "is a link" in lines(take(released, tmp_path / "in"))["eve"]
    graded = {one.student: one for one in grade(released, list(released.weeks), jobs=1).submissions}
    assert graded["ada"].points == 2.5 and graded["eve"].points == 0 and "is a link" in graded["eve"].detail


def test_a_disk_that_is_full_is_no_student_s_fault(class_, tmp_path, monkeypatch):
    """It ends the command, for nothing was kept."""

    def full(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Attempts, "save", full)
    with pytest.raises(OSError, match="No space"):
        take(class_, moodle(tmp_path, [(NOTEBOOK, b"{}")]))

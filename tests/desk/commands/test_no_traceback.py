"""Whatever a user gets wrong is said in a sentence, with an exit code, never in a traceback."""

import pytest

from grader.desk.cli import main
from tests.desk import tiny
from tests.desk.tools import run

NEEDED = {
    "collect": ["week01", "inbox"],
    "watch": ["week01", "inbox"],
    "similar": ["week01"],
    "completion": ["bash"],
    "new-course": ["x"],
}
# Not `formgrader` either: this process would become a server.
ON_A_COURSE = [name for name in main.commands if name not in ("new-course", "demo", "completion", "formgrader")]
NEEDED |= {"waive": ["week01"], "drop": ["week01", "double"], "bonus": ["ada", "1", "--why", "x"]}
NEEDED |= {"rename": ["ada", "eve"]}


def spoilt(course, file, text):
    place = course.root / file
    place.write_bytes(
        text if isinstance(text, bytes) else (place.read_text() if place.exists() else "").encode() + text.encode()
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("course.toml", "[late]\npoints_per_day = 'one'\n"),
        ("course.toml", "[mark]\nformula = 'week09'\n"),
        ("course.toml", "[late]\n[extensions.ada]\nweek77 = 1\n"),
        ("course.toml", "time_zone = 'Mars'\n"),
        ("course.toml", b"\xff\xfe\x00"),
        ("roster.csv", "nothing,useful\n1,2\n"),
        ("roster.csv", b"id\n\xff\xfe\xfa\n"),
        ("mapping.csv", b"found,student\n\xff,ada\n"),
        ("gradebook.db", b"no database"),
        ("nbgrader_config.py", "raise RuntimeError('mine')\n"),
    ],
)
def test_files_that_make_no_sense(graded, file, text, monkeypatch):
    """Every command on a spoilt course folder: each ends with a known code."""
    spoilt(graded, file, text)
    monkeypatch.chdir(graded.root)
    (graded.root / "inbox" / "ada").mkdir(parents=True)
    for name in ON_A_COURSE:
        if name == "doctor" or "sandbox" in name:
            continue
        result = run(
            name, *NEEDED.get(name, ()), *(["--dry-run"] if "dry_run" in str(main.commands[name].params) else ())
        )
        assert result.exit_code in (0, 1, 2, 3), (name, result.output)
        assert "Traceback" not in result.output, name


@pytest.mark.parametrize("instead", [None, b""])
def test_a_gradebook_that_was_moved_away(graded, instead, monkeypatch):
    """Every command that needs it says so, and none makes an empty one, in which nothing waits and scores are gone."""
    book = graded.root / "gradebook.db"
    book.rename(graded.root / "elsewhere.db")
    if instead is not None:
        book.write_bytes(instead)
    (graded.root / "roster.csv").write_text("id\nada\n")
    monkeypatch.chdir(graded.root)
    (graded.root / "inbox" / "ada").mkdir(parents=True)
    for name in ("collect", "grade", "todo", "feedback", "export", "report"):
        told = run(name, *NEEDED.get(name, ()))
        assert told.exit_code == 3 and "gradebook.db" in told.output and "backup" in told.output, (name, told.output)
        assert book.exists() == (instead is not None), name
    book.unlink(missing_ok=True)
    (graded.root / "elsewhere.db").rename(book)
    assert run("todo").exit_code == 1


def test_a_lost_gradebook_is_made_again_by_a_release(graded, monkeypatch):
    """As the message says."""
    (graded.root / "gradebook.db").unlink()
    monkeypatch.chdir(graded.root)
    assert run("release").exit_code == 0 and run("grade").exit_code == 0
    assert run("export").exit_code == 1  # answers wait to be read, again


@pytest.mark.parametrize(
    "arguments",
    [
        ("collect", "week01", "/no/such/folder"),
        ("collect", "week99", "."),
        ("similar", "week99"),
        ("export", "--for", "excel"),
        ("export", "--canvas-gradebook", "course.toml"),
        ("release", "--branch", "."),
        ("release", "--branch", ".", "--to", "x"),
        ("new-course", "."),
        ("todo", "week99"),
        ("collect", "week01", "inbox", "--times", "course.toml"),
        ("collect", "week01", "inbox", "--roster", "none.csv"),
    ],
)
def test_arguments_that_make_no_sense(graded, arguments, monkeypatch):
    """And the message names what is wrong."""
    monkeypatch.chdir(graded.root)
    (graded.root / "inbox" / "ada").mkdir(parents=True)
    (graded.root / "inbox" / "ada" / "double.ipynb").write_text("{}")
    result = run(*arguments)
    assert result.exit_code in (2, 3) and result.output.strip(), result.output
    assert any(word.strip("-") in result.output for word in (*arguments[1:], graded.root.name)), result.output


def test_a_collected_notebook_may_be_anything(graded, tmp_path):
    """Names, sizes and kinds that no platform would give."""
    inbox = tmp_path / "inbox"
    for name in (
        "ada/" + "x" * 200 + ".ipynb",
        "ada/ .ipynb",
        "ada/a\nb.ipynb",
        "_1_assignsubmission_file_/x.ipynb",
        "ada.zip/x",
    ):
        place = inbox / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"\x00")
    (inbox / "empty.zip").write_bytes(b"")
    (inbox / "bad.eml").write_bytes(b"\xff\x00no mail")
    result = run("collect", tiny.WEEK, inbox, "--course", graded.root)
    assert result.exit_code in (0, 1) and "Traceback" not in result.output

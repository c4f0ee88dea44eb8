"""course.toml, the checkout's and a class's: every wrong word is told by its line, and every right file is read."""

import re
import string
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import pytest
from click.testing import CliRunner

from grader.desk.cli import main
from grader.desk.course.facts import load_course
from grader.desk.course.messages import shown
from grader.desk.course.names import nearest
from grader.desk.course.schema import TABLES
from grader.desk.errors import DeskError

# Every key of every table once, in the file that it belongs to.
CHECKOUT = """\
[course]
id = "tiny"
title = "A tiny course"
repository = "somebody/tiny"
branch = "main"
package = "backprop-grader"
time_zone = "Europe/Berlin"

[late]
late_days = 3
points_per_day = 1
percent_per_day = 0
grace_minutes = 5

[limits]
cell_seconds = 5
submission_seconds = 30
question_seconds = 2
memory_mb = 1024
processes = 64
open_files = 256
file_mb = 64
tmp_mb = 256
output_kb = 256

[mark]
formula = "week01 + week02_more.practice"

[[weeks]]
folder = "week01_tiny"
title = "Doubling"
deadline = 2026-10-11T23:59:00
hard_deadline = 2026-10-18T23:59:00+02:00
model_answers = 2026-10-25T00:00:00

[[weeks.notebooks]]
name = "double"
title = "Doubling numbers"
kind = "homework"
points = 2.5
bonus = 1
practice = 0.5

[[weeks]]
folder = "week02_more"

[students]
python = "3.12"
numpy = "2.1"

[setup]
comment = "Was hier geschieht"
prints = "Paket, Ausgabe {release}"

[watch]
verdicts_per_day = 5
"""
CLASS = """\
[course]
checkout = "../checkout"
demonstration = true
quizzes_at_once = true
[gradebook]
db_url = "sqlite:///other.db"
[week.week01]
title = "Doubling, twice"
deadline = 2026-10-12T23:59:00
hard_deadline = 2026-10-20T23:59:00
points = 10
model_answers = 2026-10-26T00:00:00
exercises = {}
[extensions."ada"]
week01 = 2
"""
# The tables by how a line that opens one reads.
HEADINGS = {
    **{heading: heading for heading in TABLES if heading},
    "[week.week01]": "[week.NAME]",
    '[extensions."ada"]': "extensions",
}


@pytest.fixture
def place(tmp_path):
    """A folder with the files of a checkout and of a class; nothing but course.toml is read here."""
    for folder, text in (("checkout", CHECKOUT), ("class", CLASS)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "course.toml").write_text(text)
    return tmp_path


def wrong(place, *, checkout=CHECKOUT, own=CLASS):
    """What is said of two files with these texts; the text of the message without the remedy."""
    (place / "checkout" / "course.toml").write_text(checkout)
    (place / "class" / "course.toml").write_text(own)
    with pytest.raises(DeskError) as told:
        load_course(place / "class")
    assert told.value.exit_code == 3 and told.value.remedy
    return told.value.what


def misspelt(name):
    """The name with a letter in its middle changed."""
    middle = len(name) // 2
    return f"{name[:middle]}{'x' if name[middle] != 'x' else 'y'}{name[middle + 1 :]}"


def lines_with_a_key(text):
    """(number of the line, heading, key, the line misspelt) for every key, and for every table as a key of the file."""
    heading = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("["):
            heading = HEADINGS[line]
            table = re.match(r"\[+(\w+)", line)[1]
            last = line.strip("[]").split(".")[-1] if "[[" in line else table
            owner = "[[weeks]]" if "." in line and "[[" in line else ""
            yield number, owner, last, line.replace(last, misspelt(last), 1)
        elif " = " in line and heading != "extensions":
            key = line.split(" = ")[0]
            yield number, heading, key, line.replace(key, misspelt(key), 1)


CASES = [(file, *case) for file, text in (("checkout", CHECKOUT), ("class", CLASS)) for case in lines_with_a_key(text)]


def test_the_two_files_hold_every_key_of_the_schema():
    """So the tests below try all of them, also those that somebody adds."""
    assert {(heading, key) for _, _, heading, key, _ in CASES} == {
        (heading, key) for heading, table in TABLES.items() for key in table.model_fields
    }


@pytest.mark.parametrize(("file", "number", "heading", "key", "line"), CASES)
def test_every_key_misspelt_once(place, file, number, heading, key, line):
    """The message names the file, the line and the right name."""
    lines = (CHECKOUT if file == "checkout" else CLASS).splitlines()
    lines[number - 1] = line
    told = wrong(place, **{"checkout" if file == "checkout" else "own": "\n".join(lines)})
    (said,) = [one for one in told.splitlines() if repr(misspelt(key)) in one]
    assert said.startswith(f"{place / file / 'course.toml'}, line {number}: ")
    assert repr(key) in said.partition("Did you mean")[2]


def test_any_letter_of_any_key_may_be_wrong_missing_or_doubled():
    """The right name is always among the nearest two."""
    for table in TABLES.values():
        for key in table.model_fields:
            for n in range(len(key)):
                typed = {f"{key[:n]}{letter}{key[n + 1 :]}" for letter in string.ascii_lowercase}
                typed |= {key[:n] + key[n + 1 :], key[:n] + key[n] + key[n:], key.title(), key.replace("_", "-")}
                for name in typed - {""} - set(table.model_fields):
                    assert key in nearest(name, table.model_fields), name


WRONG_NAMES = ["week1", "wek01", "week01_tny", "Week01", "week01-tiny", "week01_tiny_", "week", "", "week03"]


@pytest.mark.parametrize("name", WRONG_NAMES)
@pytest.mark.parametrize("where", ["[week.NAME]", "[extensions]", "command line", "formula"])
def test_a_wrong_name_of_a_week_is_an_error_everywhere(place, where, name):
    """It is never passed over, and the nearest week is named where there is one."""
    if where == "command line":
        result = CliRunner().invoke(main, ["todo", name, "--course", str(place / "class")])
        told = result.output
        assert result.exit_code == 3
    elif where == "formula":
        if not name.isidentifier():
            return
        told = wrong(place, checkout=CHECKOUT.replace('"week01 +', f'"{name} +'))
        assert "line 27" in told
    else:
        line, old = (7, "[week.week01]") if where == "[week.NAME]" else (15, "\nweek01 = 2")
        told = wrong(place, own=CLASS.replace(old, old.replace("week01", f'"{name}"')))
        assert f"class/course.toml, line {line}: " in told
    assert f"'{name}'" in told and ("week01" in told or name in ("week", "", "week03"))


@pytest.mark.parametrize("name", ["week01", "week01_tiny", "week01_"])
def test_a_week_has_the_same_names_everywhere(place, name):
    """A unique beginning of its folder's name is enough: in tables, extensions, the formula, on the command line."""
    own = CLASS.replace("week01", name) + f'[mark]\nformula = "{name}.most"\n'
    (place / "class" / "course.toml").write_text(own)
    course = load_course(place / "class")
    week = course.weeks[0]
    assert course.week(name) is week and course.chosen([name, "week01_tiny"]) == [week]
    assert week.title == "Doubling, twice" and week.deadline == datetime(2026, 10, 12, 21, 59, tzinfo=timezone.utc)
    assert course.due(week, "ada").soft - course.due(week, "bob").soft == timedelta(days=2)
    assert course.final_mark({}) == 10  # what its 2.5 points count for


DATE = "2026-10-11T23:59:00"
FIRST = '[[weeks]]\nfolder = "week01_tiny"\n'
LAST = '[[weeks]]\nfolder = "week02_more"\n'
SUM = "week01 + week02_more.practice"
DB = 'db_url = "sqlite:///other.db"'
OWN = "deadline = 2026-10-12T23:59:00\n"
# What is changed in one of the files, how the line begins that the message is to name, and what it is to say.
CONTRADICTIONS = [
    (
        "deadline = 2026-10-12",
        "deadline = 2026-10-22",
        "deadline = 2026-10-22",
        "hard deadline.*class.*line 10",
    ),
    (
        f"{OWN}hard_deadline = 2026-10-20",
        "hard_deadline = 2026-10-01",
        "hard_dead",
        "hard.*checkout.*line 32",
    ),
    (f"{OWN}hard_deadline = 2026-10-20", "deadline = 2026-10-20", "deadline =", "hard.*checkout.*line 33"),
    ("model_answers = 2026-10-26", "model_answers = 2026-10-19", "model_answers", "shown from.*hard deadline"),
    ("percent_per_day = 0", "percent_per_day = 10", "percent_per_day", "beside points_per_day"),
    ("cell_seconds = 5", "cell_seconds = 50", "cell_seconds = 50", "more than submission_seconds = 30"),
    ("question_seconds = 2", "question_seconds = 31", "question_seconds = 31", "more than submission_seconds = 30"),
    ("file_mb = 64", "file_mb = 300", "file_mb = 300", "more than tmp_mb = 256"),
    (DB, f"{DB}\n[limits]\nsubmission_seconds = 4", "submission_seconds = 4", "cell_seconds = 5 is more.*line 16"),
    (LAST, LAST.replace("week02_more", "week01_tiny"), 'folder = "week01_tiny"', "there twice"),
    (
        LAST,
        f'[[weeks.notebooks]]\nname = "double" #\ntitle = "x"\nkind = "quiz"\n{LAST}',
        'name = "double" #',
        "there twice",
    ),
    ("points = 10", "points = 10\n[week.week02]\npoints = 3 #", "points = 3 #", "no points that could count for 3"),
    ("[extensions", "[week.week01_tiny]\n[extensions", "[week.week01_tiny]", "the same week"),
    ("week01 = 2", "week01 = 2\nweek01_tiny = 3", "week01_tiny = 3", "the same week"),
    ("week01 = 2", f"week01 = {DATE}", "week01 = ", "before the deadline that everybody has"),
    ("week01 = 2", "week02 = 2", "week02 = 2", "no deadline that could be extended"),
    ("branch =", "checkout = '.'\nbranch =", "checkout = '.'", "names no other"),
    (FIRST, f"[week.week01]\n{FIRST}", "[week.week01]", "belongs there"),
    (SUM, "week01 / week02_more.most", "formula = ", "division by zero"),
    (SUM, "week01.__class__", "formula = ", "no week has a part"),
    (SUM, "week01 +", "formula = ", "invalid syntax"),
]
WRONG_VALUES = [
    ("per_day = 5", "per_day = 0", "verdicts_per_day", "not above 0"),
    ("Ausgabe {release}", "Ausgabe", "prints", r"write \{release\} there"),
    ('"Was hier geschieht"', r'"x\nimport os"', "comment", "more than one line"),
    ("late_days = 3", "late_days = true", "late_days", "late_days = true is not a whole number"),
    ("late_days = 3", "late_days = 1.5", "late_days", "not a whole number"),
    ("points_per_day = 1", "points_per_day = -1", "points_per_day", "no number that makes sense"),
    ("points_per_day = 1", "points_per_day = 'one'", "points_per_day", 'points_per_day = "one" is not a number'),
    ("percent_per_day = 0", "percent_per_day = 101", "percent_per_day", "more than 100 percent"),
    ("grace_minutes = 5", "grace_minutes = nan", "grace_minutes", "no number that makes sense"),
    ("memory_mb = 1024", "memory_mb = 0", "memory_mb", "memory_mb = 0 is not above 0"),
    ("memory_mb = 1024", "memory_mb = inf", "memory_mb", "not a whole number"),
    ("points = 2.5", "points = -2.5", "points = -2.5", "no number that makes sense"),
    ("points = 2.5", "points = true", "points = true", "not a number"),
    ('"Europe/Berlin"', '"Berlin"', "time_zone", "not the name of a time zone.*'Europe/Berlin'"),
    ('"Europe/Berlin"', "1", "time_zone", "not the name of a time zone"),
    ('"somebody/tiny"', '"tiny"', "repository", "owner/name"),
    ('repository = "somebody/tiny"\n', "", "[course]", "lacks 'repository'"),
    ('name = "double"\n', "", "[[weeks.notebooks]]", "lacks 'name'"),
    ('folder = "week02_more"\n', "", "[[weeks]]", "lacks 'folder'"),
    ('"week02_more"', '"../x"', 'folder = "../x"', "plain name of a folder"),
    (f"\ndeadline = {DATE}", f"\ndeadline = '{DATE}'", "deadline = '", "not a date and time"),
    (f"\ndeadline = {DATE}", "\ndeadline = 2026-10-11", "deadline = ", "not a date and time"),
    (f'"{SUM}"', "7", "formula", "not a text"),
    ('"sqlite:///other.db"', "''", "db_url", "is empty"),
    ("week01 = 2", "week01 = -2", "week01", "days can only be added"),
    ("week01 = 2", "week01 = true", "week01", "not a number of days"),
    ("week01 = 2", "week01 = '3 days'", "week01", "not a number of days and not a date"),
    ('."ada"]\nweek01 = 2', "]\nada = 2", "ada = 2", r'ada = 2 stands where a table \[extensions."ada"\]'),
    ("[week.week01]", "[[week]]", "[[week]]", r"The list of weeks is \[\[weeks\]\]"),
    ("[late]", "[[late]]", "[[late]]", r"stands where a table \[late\]"),
    # Right words in the wrong place, and files that are no TOML.
    ("week01 = 2", "week01 = 2\n[mark]\ntime_zone = 'UTC'", "time_zone", r"It belongs below \[course\]"),
    ('checkout = "', "[gradebook]\nformula = 'x'\n[x]\ny='", "formula", r"It belongs below \[mark\]"),
    ("week01 = 2", "week01 = 2\nweek01 = 3", "week01 = 3", "not valid TOML: Cannot overwrite"),
    ("[gradebook]", "[gradebook", "[gradebook", "not valid TOML"),
    (DB, 'db_url = """', "week01 = 2", "not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "line", "says"), CONTRADICTIONS + WRONG_VALUES)
def test_what_makes_no_sense_is_told_by_its_line(place, old, new, line, says):
    """Each of them stops every command, because the course cannot be loaded."""
    file = "own" if old in CLASS else "checkout"
    before = CLASS if file == "own" else CHECKOUT
    text = before.replace(old, new, 1)
    assert text != before
    (said,) = [one for one in wrong(place, **{file: text}).splitlines() if re.search(says, one)]
    path, number = re.match(r"(.*), line (\d+): ", said).groups()
    assert path == str(place / ("class" if file == "own" else "checkout") / "course.toml")
    assert text.splitlines()[int(number) - 1].startswith(line)


def test_a_time_without_a_zone_is_an_error(place):
    """Neither an offset nor a time_zone: an hour or two may decide whether somebody is late."""
    told = wrong(place, checkout=CHECKOUT.replace('time_zone = "Europe/Berlin"', "")).splitlines()
    assert [re.search(r"class/course.toml, line (\d+): .* no offset from UTC", line)[1] for line in told] == [
        "9",
        "10",
        "12",
    ]


VALUES = ["-1", "0", "10", "1.5", "nan", "inf", "1" * 400, "true", '"x"', '""', '"a/b"', "[]", "[1]", "{}", "{a = 1}"]
VALUES += [
    "07:32:00",
    "2026-10-11",
    "2026-10-11T23:59:00Z",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59Z",
    '"..\\u0000"',
]


@pytest.mark.parametrize("value", VALUES)
def test_any_value_of_any_key_is_right_or_told(place, value):
    """Never a traceback, and never a message without a place."""
    for file, text in (("checkout", CHECKOUT), ("own", CLASS)):
        for number, line in enumerate(text.splitlines()):
            lines = text.splitlines()
            lines[number] = f"{line.split(' = ')[0]} = {value}" if " = " in line else line
            (place / "checkout" / "course.toml").write_text(CHECKOUT)
            (place / ("class" if file == "own" else file) / "course.toml").write_text("\n".join(lines))
            try:
                load_course(place / "class")
            except DeskError as error:
                assert "course.toml" in error.what


def test_all_that_is_wrong_in_a_file_is_told_at_once_in_the_order_of_its_lines(place):
    told = wrong(place, checkout=CHECKOUT.replace("late_days = 3", "late_day = 3").replace("bonus = 1", "bonus = -1"))
    assert [re.search(r"line (\d+): ", line)[1] for line in told.splitlines()] == ["10", "41"]


@pytest.mark.parametrize(
    ("before", "ending", "line"),
    [("", "\n", 3), ("# one\n\n", "\n", 5), ("", "\r\n", 3), ('branch = """\n[late]\ndays = 1\n"""\n', "\n", 7)],
)
def test_a_line_is_found_whatever_stands_around_it(place, before, ending, line):
    """Comments, endings of Windows, a text of several lines that looks like a table."""
    text = f"[course]\n{before}title = 'x'\ndays = [\n  1,\n]\ncheckout = '../checkout'\n"
    (place / "class" / "course.toml").write_bytes(text.replace("\n", ending).encode())
    with pytest.raises(DeskError, match=rf"line {line}: \[course\] has no key 'days'"):
        load_course(place / "class")


@pytest.mark.parametrize(
    ("student", "meant"), [("adda", "ada"), ("Ada Lovelace", "ada"), ("ada@b.example", "ada"), ("nobody", None)]
)
def test_an_extension_is_for_somebody_on_the_roster(place, student, meant):
    """By the id, which names the folder; another name of theirs is no id."""
    (place / "class" / "roster.csv").write_text("id,first_name,last_name,email\nada,Ada,Lovelace,ada@b.example\n")
    assert load_course(place / "class").extensions
    told = wrong(place, own=CLASS.replace('"ada"', f'"{student}"'))
    assert (
        f"course.toml, line 14: [extensions.\"{student}\"]: '{student}' is not in {place / 'class' / 'roster.csv'}."
        in told
    )
    assert (f"Did you mean '{meant}'?" in told) if meant else "Did you mean" not in told


def test_two_classes_on_one_checkout(place):
    """Each with its own rule, which replaces the checkout's, its deadlines, formula and roster; an extension in the
    checkout is no error in either."""
    (place / "checkout" / "course.toml").write_text(CHECKOUT + '[extensions."bob"]\nweek01 = 1\n')
    (place / "class" / "roster.csv").write_text("id\nada\n")
    (place / "evening").mkdir()
    (place / "evening" / "roster.csv").write_text("id\nbob\n")
    (place / "evening" / "course.toml").write_text(
        '[course]\ncheckout = "../checkout"\n[late]\npercent_per_day = 10\n[mark]\nformula = "week01 / 2"\n'
    )
    day, evening = load_course(place / "class"), load_course(place / "evening")
    assert (day.late.points_per_day, day.late.percent_per_day) == (1, 0)
    assert (evening.late.points_per_day, evening.late.percent_per_day) == (0, 10), (
        "one way of counting, the class's own"
    )
    assert day.late.late_days == evening.late.late_days == 3
    assert day.weeks[0].deadline > evening.weeks[0].deadline and day.weeks[1] == evening.weeks[1]
    assert (day.final_mark.text, evening.final_mark.text) == ("week01 + week02_more.practice", "week01 / 2")
    assert set(day.extensions) == {"ada", "bob"} and set(evening.extensions) == {"bob"}
    assert day.repo == evening.repo and day.limits == evening.limits


@pytest.mark.parametrize("page", ["course-toml", "lateness-and-marks", "new-week", "scaling"])
def test_every_sample_in_the_documents_is_read(repo, tmp_path, page):
    """Each as the file of a class of the real course; a sample with weeks, as more of the checkout's."""
    samples = re.findall(r"^```toml\n(.*?)^```", (repo / "docs" / f"{page}.md").read_text(), re.MULTILINE | re.DOTALL)
    assert samples
    for number, sample in enumerate(samples):
        folder = tmp_path / str(number)
        folder.mkdir()
        weeks = (repo / "course.toml").read_text() if "[[weeks]]" in sample else ""
        (folder / "course.toml").write_text(weeks + sample)
        assert load_course(folder).weeks


def test_the_documents_list_every_key_with_its_default(repo):
    """docs/course-toml.md and the schema name the same tables, keys and defaults."""
    page = (repo / "docs" / "course-toml.md").read_text()
    listed = {}
    for section in page.split("\n## ")[1:]:
        heading = section.split("`")[1]
        rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", section, re.MULTILINE)
        listed |= {(heading, key): default for key, default in rows}
    tables = {heading: table.model_fields for heading, table in TABLES.items() if heading}
    known = {(heading, key): field for heading, fields in tables.items() for key, field in fields.items()}
    assert listed.keys() == known.keys()
    for key, field in known.items():
        if field.is_required() or key == ("[course]", "repository"):
            assert listed[key] == "needed", key
        elif key == ("[course]", "package"):
            assert listed[key] == "the `repository`'s own"
        elif field.default not in (None, []):
            assert listed[key] == f"`{shown(field.default)}`", key
    headings = re.findall(r"^## `\[+(\w+)", page, re.MULTILINE)
    assert TABLES[""].model_fields.keys() == set(headings)


def test_only_a_command_that_reads_the_course_loads_pydantic(repo):
    """`grader --help`, and the processes that grade, start without it."""
    code = "import sys, grader.desk.cli, grader.desk.grade.run; assert 'pydantic' not in sys.modules; "
    code += "from grader.desk.course.facts import load_course; load_course('.'); assert 'pydantic' in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_password_is_not_shown(place):
    """A course may be printed in a message or a log."""
    own = CLASS.replace("sqlite:///other.db", "postgresql://me:secret@localhost/x")
    (place / "class" / "course.toml").write_text(own)
    course = load_course(place / "class")
    assert "secret" in course.db_url and "secret" not in repr(course)


def test_a_class_that_says_that_lateness_costs_nothing_is_taken_at_its_word(place):
    """A zero that stands in the file is said, and replaces whatever the checkout takes."""
    late = "[late]\npoints_per_day = 0\n"
    (place / "checkout" / "course.toml").write_text(
        CHECKOUT.replace("points_per_day = 1", "points_per_day = 0").replace(
            "percent_per_day = 0", "percent_per_day = 9"
        )
    )
    assert load_course(place / "class").late.percent_per_day == 9
    (place / "class" / "course.toml").write_text(CLASS + late)
    rule = load_course(place / "class").late
    assert (rule.points_per_day, rule.percent_per_day) == (0, 0)


def test_extensions_of_both_files_count_week_by_week(place):
    (place / "checkout" / "course.toml").write_text(CHECKOUT + '[extensions."ada"]\nweek01 = 5\nweek02 = 3\n')
    (place / "checkout" / "course.toml").write_text(
        (place / "checkout" / "course.toml")
        .read_text()
        .replace('folder = "week02_more"', 'folder = "week02_more"\ndeadline = 2026-11-01T12:00:00')
    )
    assert load_course(place / "class").extensions["ada"] == {"week01_tiny": 2, "week02_more": 3}


def test_an_extension_is_not_before_a_hard_deadline_that_stands_alone(place):
    alone = CHECKOUT.replace("deadline = 2026-10-11T23:59:00\n", "", 1)
    own = '[course]\ncheckout = "../checkout"\n[extensions."ada"]\nweek01 = 2026-10-12T12:00:00\n'
    assert "line 4: week01 = 2026-10-12T12:00:00 is before the deadline" in wrong(place, checkout=alone, own=own)


def test_a_link_to_nowhere_is_not_left_out_in_silence(place):
    (place / "class" / "course.toml").unlink()
    (place / "class" / "course.toml").symlink_to(place / "nowhere.toml")
    with pytest.raises(DeskError, match="cannot be read: No such file"):
        load_course(place / "class")


@pytest.mark.parametrize(
    "text",
    ["late_days = " + "9" * 5000, "x = " + "[" * 5000, f'[mark]\nformula = "[{"-" * 900}1]"'],
    ids=["digits", "brackets", "signs"],
)
def test_what_the_parsers_cannot_bear_is_told(place, text):
    assert "course.toml" in wrong(place, own=f"{CLASS}\n{text}\n")


def test_a_byte_order_mark_is_passed_over(place):
    """Windows' editors put one in front."""
    (place / "class" / "course.toml").write_text(CLASS, encoding="utf-8-sig")
    assert load_course(place / "class").extensions

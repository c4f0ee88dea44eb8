"""The instructor's page and tables say what the gradebook says, and open anywhere."""

import csv
import io
import re
from datetime import datetime
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from grader.desk.course.csv_files import csv_text
from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.grade.results import Store
from grader.desk.gradebook.book import Book
from grader.desk.report import common_mistakes
from grader.desk.report import svg as plots
from grader.desk.report import week_report as weekly
from grader.desk.report.last_report import LAST
from grader.desk.report.report import report
from grader.desk.report.week_report import week_report
from tests.desk import tiny
from tests.desk.tools import run


@pytest.fixture(scope="module")
def made(graded_once, tmp_path_factory):
    course, _ = graded_once
    return report(course, list(course.weeks), tmp_path_factory.mktemp("report"))


def table(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_scores_by_exercise_are_those_of_the_gradebook(made):
    head, most, *rows = table(made.tables[0])
    assert head == ["student", "in_roster", "double/double", "double/triple", "double/why"]
    assert most[2:] == ["1.5", "1.0", "1.0"]
    assert {row[0]: row[2:] for row in rows}["bob"] == ["0.5", "1.0", "0.0"] and len(rows) == len(tiny.CLASS)


def test_totals_keep_points_and_bonus_apart(made):
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(made.tables[1].read_text(encoding="utf-8-sig")))}
    assert (rows["ada"]["points"], rows["ada"]["bonus"], rows["ada"]["mark"]) == ("1.5", "1.0", "2.5")
    assert rows["cut"]["status"] == "double: broken" and rows["Мария +1"]["waits_for_a_person"] == "1"


def test_the_page_shows_what_an_instructor_asks(made):
    """Who needs help, what went wrong most, what could not be graded and why."""
    text = " ".join(BeautifulSoup(made.page.read_text(), "html.parser").get_text(" ").split())
    for words in (
        "squares in place of doubling",
        "not valid JSON",
        "wrong notebook",
        "not read",
        "o'brien [x]",
        "Left as",
    ):
        assert words in text, words


def test_an_exercise_that_is_ranked_has_its_table(graded_once, made):
    """Only those who pass are ranked; equals stand in the order of their names."""
    course, _ = graded_once
    with Book(course) as book:
        (ranking,) = week_report(course, course.weeks[0], book).rankings
    names = [who for who, _ in ranking.places]
    assert ranking.exercise == "triple" and names == sorted(names) and "ada" in names and "cut" not in names
    assert "Ranking: triple" in made.page.read_text() and "one call" in made.page.read_text()


def test_the_page_needs_nothing_from_elsewhere(made):
    """No script, no style, no picture, no font from another file; and it forbids them to the browser."""
    soup = BeautifulSoup(made.page.read_text(), "html.parser")
    assert not soup.find_all(["script", "link", "iframe", "img"]) and "default-src 'none'" in str(soup.head)
    assert not re.search(r"src=|url\(", made.page.read_text())


def test_links_lead_to_pages_of_the_course_folder(graded_once, monkeypatch):
    """To the work of those who made a mistake, by a way that holds wherever the folder is moved."""
    course, _ = graded_once
    monkeypatch.setattr(common_mistakes, "FEWEST", 1)
    page = report(course, list(course.weeks)).page
    assert "1 of 8" in page.read_text() and "squares in place of doubling" in page.read_text()
    links = [link["href"] for link in BeautifulSoup(page.read_text(), "html.parser").find_all("a")]
    assert links and all((page.parent / unquote(link)).exists() and link.startswith("../") for link in links)


def test_every_plot_has_a_text_in_its_place(made):
    plots_shown = BeautifulSoup(made.page.read_text(), "html.parser").find_all("svg")
    assert len(plots_shown) == 3 and all(plot["role"] == "img" and len(plot["aria-label"]) > 40 for plot in plots_shown)


def test_equal_reasons_are_one_and_unwritten_cells_are_none(graded_once):
    """Hints that differ only in numbers are counted together; a stub is no mistake."""
    course, _ = graded_once
    with Book(course) as book:
        found = week_report(course, course.weeks[0], book)
    assert [(stumble.exercises, len(stumble.students)) for stumble in found.stumbles] == [(("double",), 1)]
    assert found.unwritten == {("double", "double"): 1, ("double", "triple"): 1}


def test_those_below_half_are_listed_the_lowest_first(graded_once):
    course, _ = graded_once
    with Book(course) as book:
        found = week_report(course, course.weeks[0], book)
    names = [student.id for student, _ in found.in_trouble]
    assert names[-1] == "bob" and set(names) == {"bob", "cut", "empty", "stranger", "nothing", "o'brien [x]"}


def test_names_cannot_become_formulas_or_markup(graded):
    """A spreadsheet and a browser show a student's name, they do not obey it."""
    assert csv_text([["=1+1", "@x", -1.0]]) == "\ufeff'=1+1,'@x,-1.0\r\n"
    tiny.hand_in(graded, "=cmd", b"")
    from grader.desk.grade.run import grade

    grade(graded, list(graded.weeks), ("=cmd",))
    assert "'=cmd" in [row[0] for row in table(report(graded, list(graded.weeks)).tables[0])]


def test_a_report_before_grading_says_what_to_do(released):
    with pytest.raises(DeskError, match="grader grade"):
        report(released, list(released.weeks))


def test_a_histogram_counts_everyone_once():
    """The edge belongs to the upper part, the top to the last one."""
    told = plots.histogram([0, 0.5, 1, 4.99, 5], 5, title="t", unit="u")
    assert sum(map(int, re.findall(r"(\d+) from", told))) == 5


def test_plots_of_nobody_can_be_drawn():
    assert "nobody" in plots.histogram([], 5, title="t", unit="u") and "<svg" in plots.success_bars([], title="t")


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"key": "x", "result": {}}',
        '{"key": "x", "result": {"week": "week01_tiny", "name": "double", "status": 3, "parts": [], "notes": 1}}',
        "[" * 100_000,
    ],
)
def test_what_one_kept_result_holds_stops_nobody(graded, content):
    """It is a line in the report, in what is exported and in `todo`; everyone else is done."""
    place = Store(graded.desk_folder).place(tiny.WEEK, "ada", "double")
    place.write_text(content)
    for command in ("report", "export", "todo"):
        told = run(command, "--course", graded.root)
        assert told.exit_code == 1 and str(place) in told.output, (command, told.output)
    assert "bob" in (graded.root / "reports" / "totals.csv").read_text()
    assert run("grade", "--course", graded.root).exit_code == 0
    assert str(place) not in run("report", "--course", graded.root).output


def test_who_is_not_in_the_roster_is_marked(graded):
    (graded.root / "roster.csv").write_text("id\nada\n")
    run("report", "--course", graded.root)
    folder = graded.root / "reports"
    for name in ("totals.csv", f"scores_{tiny.WEEK}.csv"):
        text = (folder / name).read_text()
        assert "in_roster" in text and "\nada,yes," in text and "\nbob,no," in text
    assert "bob (not in the roster)" in (folder / f"submissions_{tiny.WEEK}.html").read_text()


def text_of(page):
    return " ".join(BeautifulSoup(page.read_text(), "html.parser").get_text(" ").split())


def test_what_is_to_be_looked_at_first_stands_first_with_names_and_the_course_s_clock(graded):
    """Who needs help, which exercise failed the class, which hint came up most; a name stands beside each id."""
    (graded.root / "roster.csv").write_text("id,first_name,last_name\nada,Ada,Lovelace\nbob,Bob,Ross\n")
    facts = graded.root / "course.toml"
    facts.write_text(facts.read_text() + 'time_zone = "Asia/Tokyo"\n')
    course = load_course(graded.root)
    (course.desk_folder / LAST).unlink(missing_ok=True)  # of the class's reports before
    told = text_of(report(course, list(course.weeks)).page)
    first = told[told.index("To look at first") : told.index("Doubling (week01_tiny)")]
    assert first.index("Who needs help") < first.index("Bob Ross (bob)") < first.index("failed the class")
    assert "double: double 29 % 2 of 8 5" in first and "squares in place of doubling (1 of 8" in first
    assert datetime.now(course.zone).strftime("%d %B %Y, %H:") in told and "(Asia/Tokyo)" in told
    assert "Since the report" not in told and "1 Ada Lovelace (ada) one call" in told
    assert "Nothing has changed" in text_of(report(course, list(course.weeks)).page)
    assert run("bonus", "ada", "0.5", "--why", "x", "--course", course.root).exit_code == 0
    course = load_course(course.root)
    told = text_of(report(course, list(course.weeks)).page)
    assert "1 decision student week mark then mark now Ada Lovelace (ada) week01_tiny 2.5 3" in told


def test_what_nobody_has_judged_is_no_0(graded, monkeypatch):
    """An answer that waits, and a notebook that need not be handed in and was not."""
    with Book(graded) as book:
        why = week_report(graded, graded.weeks[0], book).exercises[2]
        assert why.name == "why" and why.scores.count(None) == 1 and len(why.judged) == 7
    store = Store(graded.desk_folder)
    kept = store.load(tiny.WEEK, "empty", "double")
    store.save("empty", kept.key, {**kept.whole(), "status": "missing"})
    real = weekly.kinds_of
    with Book(graded) as book:
        assert week_report(graded, graded.weeks[0], book).exercises[0].scores.count(None) == 0
        monkeypatch.setattr(
            weekly, "kinds_of", lambda *given: {key: one._replace(kind="bonus") for key, one in real(*given).items()}
        )
        found = week_report(graded, graded.weeks[0], book)
    assert [exercise.scores.count(None) for exercise in found.exercises] == [1, 1, 2]
    assert found.mean("bonus")[1] == pytest.approx(3.5 - 1 / 7)  # of seven: one of them has an answer that waits


def test_labels_of_bars_have_room():
    """However long they are, they begin inside the picture."""
    name = "a_notebook_with_a_long_name: an_exercise_with_a_long_name"
    drawn = plots.success_bars([(name, 1, 2, 3)], title="t")
    x = float(re.search(r'<text x="([\d.]+)"[^>]*text-anchor="end"', drawn)[1])
    assert x > 7.5 * len(name)  # the mean width of a letter of 13 pixels is below that

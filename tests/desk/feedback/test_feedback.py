"""A student's page: every score, what was lost and why, beside the line it is about; and no script of anybody's."""

import json
import re
import sqlite3
from types import SimpleNamespace

import nbformat
import pytest
from bs4 import BeautifulSoup

from grader.checks.questions import Right, record
from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.feedback import feedback as feeding
from grader.desk.feedback.at_home import at_home
from grader.desk.feedback.feedback import feedback
from grader.desk.feedback.released import sections
from grader.desk.grade.results import Store
from grader.desk.grade.run import grade
from grader.desk.nbgrader.clean_html import clean
from grader.desk.pages import policy_hash
from grader.desk.paper.paper import paper
from grader.desk.report.report import report
from grader.desk.report.similar import similar, write_page
from grader.desk.report.todo import NO_PAGE, todo
from grader.judge.grading.result import ENDED_BEFORE, TIME_USED_UP
from tests.desk import tiny
from tests.desk.attacks import ATTACKS, plant
from tests.desk.tools import run
from tests.phone import too_wide


def page_of(course, student):
    feedback(course, list(course.weeks), (student,))
    return course.step("feedback", student, tiny.WEEK, "double.html").read_text(encoding="utf-8")


def text_of(page):
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def test_every_graded_student_gets_a_page(graded):
    written = feedback(graded, list(graded.weeks))
    assert {page.parent.parent.name for page in written.pages} == set(tiny.CLASS) and not written.problems


def test_the_page_tells_scores_losses_and_repairs(graded):
    """In words: property, what it probably means, and what was done with the file."""
    text = text_of(page_of(graded, "bob"))
    for words in (
        "0.5 of 2.5 points, 1 of 1 bonus",
        "Look first at double (double(x)): probably squares in place of doubling.",
        "0.5 of 1.5",
        "doubles every entry",
        "likely squares in place of doubling",
        "1 of 2 properties",
        "The file “Copy of double (2).ipynb” was graded as “double.ipynb”.",
    ):
        assert words in text, words


def test_a_verdict_stands_below_the_line_it_is_about(graded):
    """And nothing is shown but what the student wrote."""
    soup = BeautifulSoup(page_of(graded, "bob"), "html.parser")
    verdict = soup.select_one("#part-test_double .code .verdict")
    assert [line.get_text() for line in verdict.find_previous("pre").select(".l")][-1] == "def double(x):\n"
    assert verdict.find_next("pre").get_text() == "    return x**2\n"
    assert "import numpy" not in soup.get_text() and "Why does it work" not in soup.get_text()


def test_a_page_leads_to_the_check_at_home_and_to_the_lecture(graded):
    """The line that asks the same of public numbers; the section that the text of the exercise names."""
    place = graded.step("source", tiny.WEEK, "double.ipynb")
    nb = nbformat.read(place, as_version=4)
    text = "## Twice — 1.5 points\n\n[Why](double.ipynb#On-sums-—-an-aside), [gone](double.ipynb#No-such-part)."
    nb.cells.insert(1, nbformat.v4.new_markdown_cell("## On sums — an aside", id="sums"))
    nb.cells.insert(3, nbformat.v4.new_markdown_cell(text, id="twice"))
    next(cell for cell in nb.cells if cell.id == "test_double").source = 'check("double")'
    place.chmod(0o644)
    nbformat.write(nb, place)
    known = {"doubles_numbers": record.Recorded(SimpleNamespace(x=1.0), Right(2.0, "double(x)"), {})}
    place.with_name("double_questions.json").write_text(record.written(known))
    soup = BeautifulSoup(page_of(graded, "bob"), "html.parser")
    assert 'at home Run all cells anew: check("double") asks the same' in text_of(str(soup.select_one(".verdict")))
    links = {link.get_text(): link["href"].partition("#")[2] for link in soup.select(".state a")}
    assert links == {"this part of the notebook": "scrollTo=twice", "On sums": "scrollTo=sums"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("probe:one_sample", "Try a batch of one, then a larger one."),
        ("factor:1/batch_size", "Try a batch of one, then a larger one."),
        ("factor:2", ""),
        ("probe:ignored/lr+beta", "Change `lr` and `beta` alone, and compare."),
        ("probe:rows/first_row:X/more", "Change the first row of `X`, and see which entries of your result follow."),
        ("named:0", ""),
        ("zero", ""),  # of the numbers alone, though an experiment has the same name
        ("symmetric:one_term", ""),
    ],
)
def test_an_experiment_is_something_to_do_at_home(code, words):
    assert at_home([{"hint": "", "name": "some_test", "code": code}], "", ()) == words


@pytest.mark.parametrize(
    ("moment", "shown"), [(None, False), ("2100-01-01T00:00:00Z", False), ("2026-10-12T00:00:00Z", True)]
)
def test_model_answers_are_on_the_page_from_the_moment_that_the_course_names(graded, moment, shown):
    """By default never; and whenever it is, they are no part of what was released."""
    notice = "# %% double\n# One sum, and no loop.\nimport math\n"
    (graded.repo / "solutions" / tiny.WEEK / tiny.NOTEBOOK / "notice.py").write_text(notice)
    page_of(graded, "bob")  # the moment comes when there is a page already
    if moment:
        file = graded.root / "course.toml"
        text = f"[week.{tiny.WEEK}]\nmodel_answers = {moment}\n"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    soup = BeautifulSoup(page_of(load_course(graded.root), "bob"), "html.parser")
    assert (
        ("np.add(x, x, dtype=np.float64)" in soup.get_text()) == shown == ("One sum, and no loop." in soup.get_text())
    )
    beside = soup.select(".pair > .own + .model")
    assert bool(beside) == shown and len(soup.select(".own")) == len(soup.select("section.exercise[id]"))
    released = [*graded.step("source").rglob("*"), *(graded.root / "build").rglob("*")]
    assert not any(b"np.add(x" in path.read_bytes() for path in released if path.is_file())
    assert not any(path.name.endswith("_models.json") for path in released)


def test_every_section_that_a_notebook_leads_to_is_there(repo):
    """Links to a section of another notebook, in every notebook of the course."""
    found = 0
    for week in load_course(repo).weeks:
        for notebook in week.notebooks:
            path = repo / week.folder / f"{notebook.name}.ipynb"
            text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
            for name, place in re.findall(r"\]\(([./\w]+\.ipynb)#([^)]+)\)", text):
                found += 1
                assert place in sections((path.parent / name).resolve()), f"{notebook.name}: {name}#{place}"
    assert found > 30


def test_no_hidden_number_is_on_the_page(graded):
    """What was lost names the property, not the challenge: no decimals but the points."""
    reasons = BeautifulSoup(page_of(graded, "bob"), "html.parser").get_text(" ")
    assert set(re.findall(r"\d+\.\d+", reasons)) <= {"0.5", "1.5", "1.0", "2.5"}


def test_a_page_is_made_again_only_when_something_of_it_has_changed(graded):
    """A score, a comment, the graded notebook, the page itself gone: that page, and no other."""
    assert feedback(graded, list(graded.weeks)).made == len(tiny.CLASS)
    assert feedback(graded, list(graded.weeks)).made == 0
    with sqlite3.connect(graded.root / "gradebook.db") as book:
        book.execute("update grade set manual_score = 1.25 where auto_score = 0.5")
    book.close()
    assert feedback(graded, list(graded.weeks)).made == 1
    place = graded.step("autograded", "ada", tiny.WEEK, "double.ipynb")
    place.chmod(0o644)
    place.write_text(place.read_text() + " ")
    graded.step("feedback", "cut", tiny.WEEK, "double.html").unlink()
    assert feedback(graded, list(graded.weeks)).made == 2


def test_a_file_that_could_not_be_read_is_explained(graded):
    assert "not valid JSON" in text_of(page_of(graded, "cut"))


def test_a_person_s_score_and_comment_are_on_the_page(graded):
    """Given in Formgrader, shown by the next `grader feedback`; what was lost is no longer listed then."""
    with sqlite3.connect(graded.root / "gradebook.db") as book:
        book.execute("update grade set manual_score = 1.5 where auto_score = 0.5")
        book.execute("update comment set manual_comment = 'I see what you **meant**.'")
    book.close()
    page = page_of(graded, "bob")
    assert "1.5 of 2.5 points" in text_of(page) and "I see what you meant" in text_of(page)
    assert BeautifulSoup(page, "html.parser").select(".verdict") == []


@pytest.mark.parametrize("layer", ["judge", "pages"])
def test_what_a_student_wrote_cannot_run(graded, layer):
    """In a written answer, in a cell of their own, in what code displays; each of two layers is enough."""
    plant(graded, "eve", ATTACKS, layer)
    soup = BeautifulSoup(page_of(graded, "eve"), "html.parser")
    assert not soup.find_all("script") and len(soup.find_all("style")) == 1
    for tag in soup.body.find_all(True):
        assert tag.name not in ("iframe", "svg", "form", "input", "style", "object", "embed", "math", "script"), tag
        assert not [name for name in tag.attrs if name.startswith("on")], tag
        assert not str(tag.get("href", "")).lower().startswith(("javascript", "data")), tag
        assert str(tag.get("src", "data:image/png;base64,")).startswith("data:image/"), tag


@pytest.mark.parametrize("attack", ATTACKS)
def test_cleaning_leaves_nothing_to_run(attack):
    cleaned = clean(f"<p>before {attack} after</p>").lower()
    running = r"<script|<svg|<iframe|<form|<style|onerror|href=.?(java|data)|src="
    tags = " ".join(re.findall("<[^>]*>", cleaned))  # what is text may speak of anything
    assert "before" in cleaned and not re.search(running, tags)


@pytest.mark.parametrize(
    "html",
    [
        "<p>$a &lt; b$ and <em>words</em></p>",
        '<table><thead><tr><th colspan="3">1 of 2</th></tr></thead></table>',
        '<img alt="a figure" src="data:image/png;base64,iVBORw0KGgo=">',
        '<a href="https://example.org">x</a>',
        '<pre><span class="k">def</span> <del>f</del></pre>',
        '<table><tr><td style="text-align:right">1</td></tr></table>',
    ],
)
def test_cleaning_leaves_text_as_it_is(html):
    assert BeautifulSoup(clean(html), "html.parser") == BeautifulSoup(html, "html.parser")


def test_the_text_below_a_heading_is_no_link():
    """nbconvert puts an empty link without an end behind a heading."""
    assert clean('<h2>A<a href="#A" /></h2><p>b</p>') == '<h2>A<a href="#A"></a></h2><p>b</p>'


def test_what_was_lost_comes_as_data(graded):
    """Of the kept result, whatever stands in the graded notebook; the score comes from the gradebook."""
    place = graded.step("autograded", "bob", tiny.WEEK, "double.ipynb")
    nb = nbformat.read(place, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "0 of 9\n✗ wrong  planted (0 of 9)"})]
    place.chmod(0o644)
    nbformat.write(nb, place)
    page = page_of(graded, "bob")
    verdicts = " ".join(
        one.get_text(" ") for one in BeautifulSoup(page, "html.parser").select(".verdict, .held, .opening")
    )
    assert "doubles every entry" in verdicts and "squares in place of doubling" in verdicts
    assert "planted" not in verdicts and "0.5 of 1.5" in text_of(page)


@pytest.mark.parametrize(
    ("hint", "code", "state"),
    [
        ("took longer than one check may take: is there a loop that never ends?", "timeout", "not right yet"),
        ("no proper answer came back from the process with your code", "crash", "not right yet"),
        (TIME_USED_UP, "timeout", "not reached"),
        (ENDED_BEFORE, "crash", "not reached"),
    ],
)
def test_only_what_was_never_asked_was_not_reached(graded, hint, code, state):
    """An endless loop in the exercise itself was told as a notebook that had ended before it."""
    place = graded.desk_folder / "results" / tiny.WEEK / "bob" / f"{tiny.NOTEBOOK}.json"
    kept = json.loads(place.read_text(encoding="utf-8"))
    for one in kept["result"]["parts"]["test_double"]["outcomes"]:
        one.update(passed=False, points=0.0, hint=hint, code=code)
    place.write_text(json.dumps(kept), encoding="utf-8")
    text = text_of(page_of(graded, "bob"))
    assert ("Your notebook ended before double" in text) == (state == "not reached")
    assert state in text


def test_without_a_kept_result_a_page_has_its_scores(graded):
    """Of work that was graded elsewhere; its reasons stand in the graded cells."""
    Store(graded.desk_folder).place(tiny.WEEK, "bob", "double").unlink()
    assert "0.5 of 1.5" in text_of(page_of(graded, "bob"))


DAMAGE = {
    "no notebook": lambda path: path.write_bytes(b"\xff\x00{"),
    "cells without end": lambda path: path.write_text('{"cells":' + "[" * 100_000 + "]" * 100_000 + "}"),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_notebook_that_cannot_be_shown_costs_its_own_page_only(graded, damage):
    """One line in todo and in the report, everyone else's page is made, and the same command succeeds afterwards."""
    place = graded.step("autograded", "bob", tiny.WEEK, "double.ipynb")
    whole = place.read_bytes()
    place.chmod(0o644)
    DAMAGE[damage](place)
    written = feedback(graded, list(graded.weeks))
    assert {page.parent.parent.name for page in written.pages} == set(tiny.CLASS) - {"bob"}
    if damage != "a folder":  # which is no graded notebook at all
        assert len(written.problems) == 1 and len(written.problems[0]) < 600
        assert [(one.student, one.why) for one in todo(graded, list(graded.weeks)) if one.why == NO_PAGE]
        assert "no page" in report(graded, list(graded.weeks)).page.read_text(encoding="utf-8")
    if damage == "a folder":
        place.rmdir()
    place.write_bytes(whole)
    assert not feedback(graded, list(graded.weeks)).problems
    assert not [one for one in todo(graded, list(graded.weeks)) if one.why == NO_PAGE]


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), TypeError("x" * 10_000), OSError(5, "gone")])
def test_whatever_stops_a_page_is_one_line(graded, monkeypatch, error):
    make = feeding.page

    def one_fails(facts):
        if b"squares" in facts.kept:
            raise error
        return make(facts)

    monkeypatch.setattr(feeding, "page", one_fails)
    written = feedback(graded, list(graded.weeks))
    assert len(written.problems) == 1 and len(written.problems[0]) < 600 and len(written.pages) == len(tiny.CLASS) - 1


def test_a_page_that_takes_for_ever_is_given_up(graded, monkeypatch):
    def thinks(*_):
        while True:
            pass

    monkeypatch.setattr(feeding, "page", thinks)
    monkeypatch.setattr(feeding, "PAGE_SECONDS", 0.05)
    assert "TakesTooLong" in feedback(graded, list(graded.weeks), ("bob",)).problems[0]


def test_the_policy_of_a_page_knows_its_one_style_and_nothing_else(graded):
    soup = BeautifulSoup(page_of(graded, "bob"), "html.parser")
    (style,) = soup.find_all("style")
    policy = soup.head.find_all("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy" and policy_hash(style.string) in policy["content"]
    assert policy["content"].startswith("default-src 'none'") and "unsafe" not in policy["content"]
    assert "http" not in policy["content"] and not soup.select("[style], [src^=http], link")


@pytest.mark.browser
def test_no_page_of_ours_runs_what_was_planted_in_it(graded, browser, tmp_path):
    """Should both cleaners fail: scripts and handlers in the file itself do not run, and no style takes effect."""
    pages = [graded.step("feedback", "bob", tiny.WEEK, "double.html")]
    feedback(graded, list(graded.weeks), ("bob",))
    made = report(graded, list(graded.weeks))
    pages += [made.page, *made.lists, write_page(graded, graded.weeks[0], [])]
    planted = (
        "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'><svg onload='window.ran = 3'></svg>"
        "<script type='text/x-mathjax-config'>window.ran = 4</script><iframe srcdoc='<script>parent.ran = 5</script>'>"
        "</iframe><script src='data:text/javascript,window.ran = 6'></script>"
        "<style>.total { display: none }</style></body>"
    )
    for number, made in enumerate(pages):
        text = made.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text and "</body>" in text, made
        copy = tmp_path / f"{number}.html"
        copy.write_text(text.replace("</body>", planted), encoding="utf-8")
        page = browser.new_page()
        page.route(lambda url: not url.startswith(("file:", "data:")), lambda route: route.abort())
        page.goto(copy.as_uri())
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None, made
        assert number or page.locator(".total").is_visible()
        page.close()
    copy = tmp_path / "without.html"  # the test sees what runs
    copy.write_text(f"<html><body>{planted}</html>", encoding="utf-8")
    page = browser.new_page()
    page.goto(copy.as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran")
    page.close()


@pytest.mark.long
@pytest.mark.browser
def test_no_page_of_ours_scrolls_sideways_on_a_phone(graded, browser, tmp_path):
    """Long ids, reasons, addresses and lines of code: feedback, report, lists, likeness, a quiz on paper."""
    long, address = "q" * 120, f"https://example.org/{'x' * 200}"
    line = f"print('{address}')"
    for student in ("ada", long):
        tiny.hand_in(graded, student, {**tiny.SQUARES, "triple": line, "why": f"{address} $x_1{'+ x' * 60}$"})
    grade(graded, list(graded.weeks), ("ada", long), jobs=2, trusted=True)
    run("drop", "week01", "double", "--why", address, "--course", graded.root)
    run("bonus", long, "1", "--why", long, "--course", graded.root)
    course = load_course(graded.root)
    feedback(course, list(course.weeks), ("ada", "bob", long))
    pages = [course.step("feedback", student, tiny.WEEK, "double.html") for student in ("ada", "bob", long)]
    made = report(course, list(course.weeks))
    likeness = write_page(course, course.weeks[0], similar(course, course.weeks[0], least=0.1))
    quizzes = load_course(tiny.REPO)
    week = quizzes.week("week02")
    printed = paper(quizzes, week, week.notebook("quiz_1"), ("Ada Lovelace", long), tmp_path / "paper")
    pages += [made.page, *made.lists, likeness, printed.questions, printed.answers]
    assert long in likeness.read_text() and too_wide(browser, pages) == []


def test_feedback_before_grading_says_what_to_do(released):
    with pytest.raises(DeskError, match="grader grade"):
        feedback(released, list(released.weeks))

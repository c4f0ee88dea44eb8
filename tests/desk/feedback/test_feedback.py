"""A student's page: every part's score, what was lost and why, what was repaired; and no script of a student's."""

import re
import sqlite3

import nbformat
import pytest
from bs4 import BeautifulSoup

from grader.desk.errors import DeskError
from grader.desk.feedback import feedback as feeding
from grader.desk.feedback.feedback import feedback, lost_properties
from grader.desk.grade.results import Store
from grader.desk.nbgrader.clean_html import clean
from grader.desk.report.report import report
from grader.desk.report.similar import write_page
from grader.desk.report.todo import NO_PAGE, todo
from tests.desk import tiny
from tests.desk.attacks import ATTACKS, plant


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
        "0.5 of 1.5",
        "doubles every entry",
        "squares in place of doubling",
        "The file “Copy of double (2).ipynb” was graded as “double.ipynb”.",
    ):
        assert words in text, words


def test_no_hidden_number_is_on_the_page(graded):
    """What was lost names the property, not the challenge: no decimals but the points."""
    reasons = BeautifulSoup(page_of(graded, "bob"), "html.parser").select_one(".parts").get_text(" ")
    assert set(re.findall(r"\d+\.\d+", reasons)) <= {"0.5", "1.5", "1.0"}


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
    assert BeautifulSoup(page, "html.parser").select(".why") == []


@pytest.mark.parametrize("layer", ["judge", "pages"])
def test_what_a_student_wrote_cannot_run(graded, layer):
    """In a written answer, in a cell of their own, in what code displays; each of two layers is enough."""
    plant(graded, "eve", ATTACKS, layer)
    soup = BeautifulSoup(page_of(graded, "eve"), "html.parser")
    ours = [script for script in soup.find_all("script") if "mathjax" in str(script).lower()]
    assert len(soup.find_all("script")) == len(ours) == 2
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


def test_a_reason_for_many_losses_is_told_once():
    """When a process has ended, every property after it has the same reason."""
    facts = {"passed": False, "points": 0.0, "max_points": 0.3, "hint": "it had ended"}
    outcomes = {"test_x": [{**facts, "title": f"property {n}"} for n in range(3)]}
    cell = nbformat.v4.new_code_cell()
    cell.metadata["nbgrader"] = nbformat.from_dict({"score": 0, "points": 1, "grade_id": "test_x"})
    assert lost_properties(cell, outcomes) == [("3 properties", "it had ended")]


def test_what_was_lost_comes_as_data(graded):
    """Of the kept result, whatever stands in the graded notebook; the score comes from the gradebook."""
    place = graded.step("autograded", "bob", tiny.WEEK, "double.ipynb")
    nb = nbformat.read(place, as_version=4)
    for cell in nb.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.v4.new_output("display_data", {"text/plain": "0 of 9\n✗ wrong  planted (0 of 9)"})]
    place.chmod(0o644)
    nbformat.write(nb, place)
    parts = BeautifulSoup(page_of(graded, "bob"), "html.parser").select_one(".parts").get_text(" ")
    assert "doubles every entry (0 of 1)" in parts and "squares in place of doubling" in parts
    assert "planted" not in parts and "0.5 of 1.5" in parts


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
    make = feeding._page

    def one_fails(converter, path, late):
        if path.parent.parent.name == "bob":
            raise error
        return make(converter, path, late)

    monkeypatch.setattr(feeding, "_page", one_fails)
    written = feedback(graded, list(graded.weeks))
    assert len(written.problems) == 1 and len(written.problems[0]) < 600 and len(written.pages) == len(tiny.CLASS) - 1


def test_a_page_that_takes_for_ever_is_given_up(graded, monkeypatch):
    def thinks(*_):
        while True:
            pass

    monkeypatch.setattr(feeding, "_page", thinks)
    monkeypatch.setattr(feeding, "PAGE_SECONDS", 0.05)
    assert "TakesTooLong" in feedback(graded, list(graded.weeks), ("bob",)).problems[0]


def test_the_policy_of_a_page_knows_its_one_script(graded):
    """Its settings for formulas, by hash; the library by its folder. Nothing else may run or be fetched."""
    soup = BeautifulSoup(page_of(graded, "bob"), "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    inside, library = soup.find_all("script")
    assert feeding.script_hash(inside.string) in policy and library["src"].partition("MathJax.js")[0] in policy
    assert "default-src 'none'" in policy and "unsafe-eval" not in policy
    assert policy.partition("script-src")[2].count("'") == 2  # no more than the hash is in quotes
    first = [tag.name for tag in soup.head.find_all(True)][:2]
    assert first == ["meta", "meta"] and soup.head.find_all("meta")[1]["http-equiv"] == "Content-Security-Policy"


@pytest.mark.browser
def test_no_page_of_ours_runs_what_was_planted_in_it(graded, browser, tmp_path):
    """Should both cleaners fail: scripts and handlers in the file itself do not run. Our settings do."""
    pages = [graded.step("feedback", "bob", tiny.WEEK, "double.html")]
    feedback(graded, list(graded.weeks), ("bob",))
    made = report(graded, list(graded.weeks))
    pages += [made.page, *made.lists, write_page(graded, graded.weeks[0], [])]
    planted = (
        "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'><svg onload='window.ran = 3'></svg>"
        "<script type='text/x-mathjax-config'>window.ran = 4</script><iframe srcdoc='<script>parent.ran = 5</script>'>"
        "</iframe><script src='data:text/javascript,window.ran = 6'></script></body>"
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
        assert (page.evaluate("window.MathJax && window.MathJax.messageStyle") == "none") == (number == 0)
        page.close()
    copy = tmp_path / "without.html"  # the test sees what runs
    copy.write_text(f"<html><body>{planted}</html>", encoding="utf-8")
    page = browser.new_page()
    page.goto(copy.as_uri())
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran")
    page.close()


def test_feedback_before_grading_says_what_to_do(released):
    with pytest.raises(DeskError, match="grader grade"):
        feedback(released, list(released.weeks))

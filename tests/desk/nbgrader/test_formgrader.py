"""nbgrader's Formgrader, in a real browser, shows what we graded, and runs nothing of a student's."""

import pytest

from grader.desk.grade.run import grade
from grader.desk.gradebook.book import Book
from tests.desk import tiny
from tests.desk.attacks import ATTACKS, plant
from tools.formgrader import formgrader

pytestmark = pytest.mark.browser


@pytest.fixture
def server(graded, tmp_path):
    """`grader formgrader` in the graded course folder, on this machine only."""
    with formgrader(graded.root, tmp_path) as address:
        yield address


def open_page(browser, address):
    """A page with the list of dialogs that scripts opened; nothing is fetched from elsewhere."""
    page, dialogs = browser.new_page(), []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.route(lambda url: not url.startswith("http://127.0.0.1"), lambda route: route.abort())
    page.goto(address, wait_until="domcontentloaded")
    return page, dialogs


def scores_on(page):
    """Overall score by student, from the table of a notebook's submissions."""
    page.wait_for_selector("table tbody tr td:nth-child(3)")
    page.get_by_text("Show All Names").click()
    rows = page.locator("table tbody tr").all()
    cells = [[" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()] for row in rows]
    return {row[1]: row[2] for row in cells}


def test_the_command_opens_formgrader_and_jupyterlab_s_menu_leads_there_too(server, browser):
    """The address that a browser is sent to is Formgrader's; the button Validate is JupyterLab's as well."""
    page, _ = open_page(browser, server)
    assert page.url.startswith(f"{server}/formgrader")
    page.goto(f"{server}/lab", wait_until="domcontentloaded")
    page.get_by_role("menuitem", name="Nbgrader").click(timeout=60_000)
    page.get_by_role("menuitem", name="Formgrader").first.click()
    frame = page.frame_locator("iframe")
    frame.get_by_text(tiny.WEEK).first.wait_for()
    page.close()


def test_the_gradebook_page_shows_everyone_s_score(server, graded, browser):
    page, _ = open_page(browser, f"{server}/formgrader/gradebook/{tiny.WEEK}/{tiny.NOTEBOOK}")
    with Book(graded) as book:
        known = {
            student: sum(score.points for score in rows[tiny.NOTEBOOK].values())
            for student, rows in book.scores(tiny.WEEK).items()
        }
    shown = scores_on(page)
    assert len(shown) == len(tiny.CLASS)
    assert shown == {student: f"{points:g} / 3.5" for student, points in known.items()}
    page.close()


def test_a_submission_opens_with_its_reasons_and_takes_a_score(server, graded, browser):
    """What a person enters there is in the gradebook afterwards, and survives grading again."""
    page, _ = open_page(browser, f"{server}/formgrader/gradebook/{tiny.WEEK}/{tiny.NOTEBOOK}")
    scores_on(page)
    page.get_by_role("link", name="bob").click()
    page.wait_for_selector("#test_double")
    assert "squares in place of doubling" in page.inner_text("body")
    assert "a sum of two equal numbers" in page.inner_text("details.rubric")
    # The page listens to its fields only once it has fetched the scores and shows them.
    page.wait_for_function("['value', 'placeholder'].some(p => document.querySelector('#test_double')[p] === '0.5')")
    with page.expect_response(lambda response: response.request.method == "PUT"):
        page.fill("#test_double", "1.25")
        page.press("#test_double", "Tab")
    page.close()
    grade(graded, list(graded.weeks), ("bob",), force=True)
    with Book(graded) as book:
        assert book.scores(tiny.WEEK)["bob"][tiny.NOTEBOOK]["test_double"].manual == 1.25


@pytest.mark.parametrize("layer", ["judge", "pages"])
def test_nothing_of_a_student_runs_in_formgrader(graded, browser, request, layer):
    """In a written answer, in a cell of their own, in what their code displays; each of two layers is enough."""
    attacks = [attack.replace("alert(1)", "alert('eve')") for attack in ATTACKS]
    plant(graded, "eve", attacks, layer)
    address = request.getfixturevalue("server")
    page, dialogs = open_page(browser, f"{address}/formgrader/gradebook/{tiny.WEEK}/{tiny.NOTEBOOK}")
    scores_on(page)
    page.get_by_role("link", name="eve").click()
    page.wait_for_selector("#test_double")
    page.wait_for_timeout(1000)
    assert dialogs == [] and page.locator("#notebook :is(iframe, svg, form, script)").count() == 0
    page.close()

"""Whoever opens feedback, report or Formgrader in a real browser runs no script of a student's."""

import os
import subprocess
import sys
import warnings

import pytest

from grader.desk.gradebook.book import Book
from tests.hostile import hostile_class
from tests.hostile.catalogue import ATTACKS
from tests.hostile.hostile_class import WEEK
from tools.formgrader import free_port, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.long]
MARKUP = {name: attack for name, attack in ATTACKS.items() if attack.family in ("markup", "editing", "answers")}
SHOWN = [attack for attack in MARKUP.values() if attack.family == "markup" and attack.status == "graded"]
WAIT_MS = 400  # for handlers of errors and focus, which run late


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The class of those who hand in markup, graded; refused names are in the gradebook as nbgrader puts them there."""
    course = hostile_class.make_course(tmp_path_factory.mktemp("markup"))
    hostile_class.hand_in_honest(course)
    for attack in MARKUP.values():
        hostile_class.hand_in(course, attack)
    hostile_class.grade(course, "--jobs", "2")
    with Book(course) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, of how nbgrader adds a submission
        for attack in MARKUP.values():
            if attack.status == "refused":
                book.nbgrader.update_or_create_student(attack.student)
                book.nbgrader.update_or_create_submission(WEEK, attack.student)
    return course


@pytest.fixture(scope="module")
def server(course, tmp_path_factory):
    place, port = tmp_path_factory.mktemp("server"), free_port()
    command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={course.root}"]
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(place / "run"), "PYTHONWARNINGS": "ignore"}
    with open(place / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=course.root, stdout=log, stderr=log, env=environment)
        try:
            wait_for(f"http://127.0.0.1:{port}/formgrader", process, place / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture
def watched(browser):
    """`look(address)` opens a page and gives it, with the list of everything of a student's that ran or was fetched."""
    context = browser.new_context()

    def look(address, selector=None):
        page, caught = context.new_page(), []
        page.on("dialog", lambda dialog: (caught.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on(
            "request", lambda request: caught.append(request.url) if "hostile" in request.url.split("?")[0] else None
        )
        page.route(lambda url: not url.startswith(("http://127.0.0.1", "file:", "data:")), lambda route: route.abort())
        page.goto(address, wait_until="domcontentloaded")
        if selector:
            page.wait_for_selector(selector)
        page.wait_for_timeout(WAIT_MS)
        if page.evaluate("window.hostile !== undefined"):
            caught.append("a script left its mark")
        return page, caught

    yield look
    context.close()


def test_the_listener_hears(watched, tmp_path):
    """An attack on a page without protection is caught in all three ways."""
    (tmp_path / "page.html").write_text("<script>window.hostile=1;alert('hostile');fetch('/hostile')</script>")
    page, caught = watched(f"file://{tmp_path / 'page.html'}")
    assert len(caught) == 3


@pytest.mark.parametrize("attack", SHOWN, ids=lambda attack: attack.name)
def test_nothing_runs_in_feedback(course, watched, attack):
    path = course.step("feedback", attack.student, WEEK, "double.html")
    page, caught = watched(path.as_uri())
    assert caught == [] and page.locator(":is(iframe, svg, form, object, embed)").count() == 0


def test_nothing_runs_in_the_report(course, watched):
    page, caught = watched((course.root / "reports" / "report.html").as_uri())
    assert caught == [] and page.locator("script, iframe, object, img[onerror]").count() == 0


@pytest.mark.parametrize(
    "path", ["manage_students", f"manage_submissions/{WEEK}", f"gradebook/{WEEK}", f"gradebook/{WEEK}/double"]
)
def test_nothing_runs_in_formgrader_s_tables(server, watched, path):
    """Names of students, as markup or with quotes, the refused ones included."""
    page, caught = watched(f"{server}/formgrader/{path}", "table tbody tr td")
    assert caught == [] and page.locator("table :is(img, script)").count() == 0


@pytest.mark.parametrize("attack", SHOWN, ids=lambda attack: attack.name)
def test_nothing_runs_in_formgrader_s_page_of_a_submission(course, server, watched, attack):
    """And its links lead to no page of the student's that could run."""
    with Book(course) as book:
        identity = book.nbgrader.find_submission_notebook("double", WEEK, attack.student).id
    page, caught = watched(f"{server}/formgrader/submissions/{identity}", "#test_double")
    assert caught == [] and page.locator("#notebook :is(iframe, svg, form, script, object, embed)").count() == 0
    for name in ("evil.html", "evil.svg", "evil.xhtml"):
        _, caught = watched(f"{server}/formgrader/submissions/{identity}/{name}")
        assert caught == []

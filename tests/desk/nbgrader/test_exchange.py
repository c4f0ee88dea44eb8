"""nbgrader's exchange, as on a JupyterHub, with our grading and feedback in the middle; and without us."""

import csv
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from grader.desk.gradebook.book import Book
from tests.desk.nbgrader import primer
from tests.desk.nbgrader.primer import NOTEBOOK, WEEK, nbgrader
from tests.desk.tools import run
from tests.repo.documents import commands

pytestmark = pytest.mark.long
OF_A_STUDENT = """
c = get_config()
c.CourseDirectory.course_id, c.CourseDirectory.student_id = "primer", "{0}"
c.Exchange.root, c.Exchange.cache = "{1}/exchange", "{1}/{0}/cache"
"""


@pytest.fixture(scope="module")
def released_primer(tmp_path_factory):
    return primer.released(tmp_path_factory.mktemp("primer")).root.parent


@pytest.fixture
def place(released_primer, tmp_path):
    """A folder with the class's, the homes of two students, and an exchange that everybody may write to."""
    shutil.copytree(released_primer, tmp_path, dirs_exist_ok=True)
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange").chmod(0o777)
    for student in ("ada", "bob"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "nbgrader_config.py").write_text(OF_A_STUDENT.format(student, tmp_path))
    config = tmp_path / "class" / "nbgrader_config.py"
    config.write_text(f'{config.read_text()}c.Exchange.root = "{tmp_path}/exchange"\n')
    return tmp_path


def points(folder):
    from grader.desk.course.facts import load_course

    with Book(load_course(folder)) as book:
        scores = book.scores(WEEK)
    return {who: sum(cell.points for cell in rows[NOTEBOOK].values()) for who, rows in scores.items()}


def returned(home):
    """The student's pages, the latest submission's last."""
    return [path.read_text() for path in sorted(home.glob(f"{WEEK}/feedback/*/{NOTEBOOK}.html"))]


def test_two_students_hand_in_and_get_feedback_and_one_again(place):
    """List, fetch, submit, collect, grade, release feedback, fetch it; then a second attempt. One came by e-mail."""
    folder = place / "class"
    cells, lost = primer.wrong()
    by_mail = folder / "submitted" / "eve" / WEEK
    by_mail.mkdir(parents=True)
    primer.written(shutil.copy(folder / "release" / WEEK / f"{NOTEBOOK}.ipynb", by_mail), primer.right())
    fetching = [f"{student}: {word}" for student in ("ada", "bob") for word in ("list", f"fetch_assignment {WEEK}")]
    nbgrader(place, f"class: release_assignment {WEEK}", *fetching)

    def return_work(*students):
        handing_in = [f"{student}: submit {WEEK}" for student in students]
        nbgrader(place, *handing_in, f"class: collect {WEEK} --update")
        assert run("grade", WEEK, "--course", folder, "--jobs", 2).exit_code == 0
        assert run("feedback", WEEK, "--course", folder).exit_code == 0
        fetching = [f"{student}: fetch_feedback {WEEK}" for student in students]
        nbgrader(place, f"class: release_feedback {WEEK}", *fetching, "class: export")

    primer.written(place / "ada" / WEEK / f"{NOTEBOOK}.ipynb", cells)
    primer.written(place / "bob" / WEEK / f"{NOTEBOOK}.ipynb", primer.right())
    return_work("ada", "bob")
    assert points(folder) == {"ada": 1.5 - lost, "bob": 1.5, "eve": 1.5}
    assert [["✗" in page for page in returned(place / who)] for who in ("ada", "bob")] == [[True], [False]]

    time.sleep(1.1)  # nbgrader tells attempts apart by the second
    primer.written(place / "ada" / WEEK / f"{NOTEBOOK}.ipynb", primer.right())
    return_work("ada")
    assert points(folder)["ada"] == 1.5
    # All of it is practice.
    with open(folder / "grades.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student_id"], row["score"], row["max_score"]) for row in rows] == [
        (student, "0.0", "0.0") for student in ("ada", "bob", "eve")
    ]
    assert ["✗" in page for page in returned(place / "ada")] == [True, False]


def test_a_watch_returns_pages_through_the_exchange_within_a_minute_each_time(place):
    """Fetch, submit, and the page is there to fetch; again after a second attempt."""
    folder = place / "class"
    nbgrader(place, f"class: release_assignment {WEEK}", f"ada: fetch_assignment {WEEK}")
    command = [sys.executable, "-m", "grader.desk.cli", "watch", WEEK, "--exchange", "--every", "5", "--jobs", "1"]
    watch = subprocess.Popen(
        [*command, "--course", folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        for number, (work, slips) in enumerate(((primer.wrong()[0], 1), (primer.right(), 0)), start=1):
            primer.written(place / "ada" / WEEK / f"{NOTEBOOK}.ipynb", work)
            nbgrader(place, f"ada: submit {WEEK}")
            began = time.monotonic()
            said = next(line for line in watch.stdout if "written and returned: ada" in line)
            assert said and time.monotonic() - began < 60
            nbgrader(place, f"ada: fetch_feedback {WEEK}")
            assert len(returned(place / "ada")) == number and ("✗" in returned(place / "ada")[-1]) == bool(slips)
    finally:
        watch.terminate()
        rest = watch.communicate(timeout=60)[0]
    assert watch.returncode == 0 and "Stopped after 2 verdicts" in rest


def test_a_hub_that_has_nothing_but_nbgrader_gives_what_the_checks_give(place):
    """The folder's release and gradebook, nbgrader's own settings: right, wrong in one answer, untouched."""
    folder = place / "class"
    (folder / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "primer"\n')
    cells, lost = primer.wrong()
    for student, work in (("ada", cells), ("bob", primer.right()), ("eve", {})):
        shutil.copytree(folder / "release" / WEEK, folder / "submitted" / student / WEEK)
        primer.written(folder / "submitted" / student / WEEK / f"{NOTEBOOK}.ipynb", work)
    nbgrader(place, f"class: autograde {WEEK}", f"class: generate_feedback {WEEK}")
    assert points(folder) == {"ada": 1.5 - lost, "bob": 1.5, "eve": 0.0}
    assert "✗ wrong" in (folder / "feedback" / "ada" / WEEK / f"{NOTEBOOK}.html").read_text()


def test_validate_fails_on_the_stub_and_on_wrong_work_and_passes_right_work(place):
    """What the button in JupyterLab runs, on the notebook as students have it; it says what the check says."""
    for name, work in (("stub", {}), ("wrong", primer.wrong()[0]), ("right", primer.right())):
        copy = shutil.copy(place / "class" / "release" / WEEK / f"{NOTEBOOK}.ipynb", place / "ada" / f"{name}.ipynb")
        primer.written(copy, work)
    said = nbgrader(place, "ada: validate stub.ipynb wrong.ipynb right.ipynb", logged=False)
    stub, wrong, right = said.split("VALIDATION FAILED ON ")[1:] + [said]
    assert stub.startswith("6 CELL(S)") and "dot_by_hand: not written yet" in stub
    assert wrong.startswith("1 CELL(S)") and "a minus sign is lost on the way" in wrong and "Traceback" not in wrong
    assert right.count("Success! Your notebook passes all the tests.") == 1


def test_every_nbgrader_command_of_the_page_is_run_here(repo):
    """A page about clicks and commands of nbgrader's holds for as long as these tests do."""
    page = (repo / "docs" / "jupyterhub.md").read_text(encoding="utf-8")
    told = {command.split()[1] for command in commands(page) if command.startswith("nbgrader ")}
    told -= {"generate_assignment"}  # which the page says not to run
    words = set(re.findall(r"(?:: |\")(\w+)[ \"]", Path(__file__).read_text(encoding="utf-8")))
    assert len(told) > 8 and told <= words

"""The paper version of a quiz: the notebook's own questions and numbers, a set for each student, answers apart."""

import re
from dataclasses import replace
from html import unescape

import nbformat
import pytest
from click.testing import CliRunner

from grader.checks.quiz import personal_numbers
from grader.desk.cli import main
from grader.desk.course.facts import load_course
from grader.desk.course.roster import Person
from grader.desk.errors import DeskError
from grader.desk.paper.mathml import inline, to_html
from grader.desk.paper.paper import names_of, paper, questions_of
from tests.desk import tiny
from week02_matrix_diff import quiz_1_questions

WEEK, QUIZ = "week02_matrix_diff", "quiz_1"
CLASS = ("Ada Lovelace", "Çelik Öztürk", "李 明")


@pytest.fixture(scope="module")
def course(repo):
    return load_course(repo)


@pytest.fixture(scope="module")
def printed(course, tmp_path_factory):
    """Quiz 1 for three students: (questions, answers) as texts."""
    week = course.week(WEEK)
    made = paper(course, week, week.notebook(QUIZ), CLASS, tmp_path_factory.mktemp("paper"))
    return made.questions.read_text(encoding="utf-8"), made.answers.read_text(encoding="utf-8")


def test_every_student_gets_every_question_with_name_and_code(printed):
    """A set each, the code on every page of it and on the answer sheet."""
    questions, answers = printed
    sets = questions.split("<section")[1:]
    assert len(sets) == len(CLASS)
    for name, pages in zip(CLASS, sets, strict=True):
        assert f"<b>{name}</b>" in pages and f"code {personal_numbers.code(name)}" in pages
        assert f'content: "{personal_numbers.code(name)}"' in questions and personal_numbers.code(name) in answers
        assert len(re.findall(r'class="question"', pages)) == 9
        assert re.findall(r"<h3>(\d) &#183; ", pages) == list("123456789")


def test_the_numbers_are_those_of_the_notebook(printed):
    """The sizes of question 2, which stand in the text as they are."""
    for name, pages in zip(CLASS, printed[0].split("<section")[1:], strict=True):
        sizes = quiz_1_questions.parameters(name).numbers.sizes
        text = re.sub(r"<[^>]+>", "", pages)
        assert "{} inputs, a hidden layer of {} units, a hidden layer of {} units, {} outputs".format(*sizes) in text


def test_answers_are_only_on_the_answer_sheet(printed):
    """The right number of parameters and the biases of the gates."""
    questions, answers = printed
    for name in CLASS:
        d, first, second, k = quiz_1_questions.parameters(name).numbers.sizes
        total = str(d * first + first + first * second + second + second * k + k)
        assert f"<span>{total}</span>" in answers and f">{total}<" not in questions
    assert answers.count("&lt; b ≤") == 3 * len(CLASS) and "b ≤" not in questions


def test_points_that_the_class_gives_are_on_the_page(course, tmp_path):
    """In the question's heading and in the sum."""
    week = replace(course.week(WEEK), exercises=((f"{QUIZ}/test_neuron", 3.0),))
    made = paper(course, week, replace(week.notebook(QUIZ), practice=11), CLASS[:1], tmp_path)
    text = unescape(made.questions.read_text(encoding="utf-8"))
    assert "One unit — 3 points, 2 minutes" in text and "11 practice points" in text


def test_no_formula_is_left_as_tex(printed):
    """Everything became MathML, pictures are in the page, and nothing is fetched or run."""
    for page in printed:
        shown = re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL)
        assert "$" not in shown and "\\" not in shown
        assert "<script" not in page and not re.search(r'(?:src|href)="(?!data:)', page)
    assert printed[0].count("<img") == 3 * len(CLASS)


def test_what_is_meant_for_the_screen_is_left_out(course):
    """Set-up, name cell, answer cells and closing are not printed."""
    nb = nbformat.read(course.repo / WEEK / f"{QUIZ}.ipynb", as_version=4)
    asked = questions_of(nb)
    text = " ".join(str(one.text) for one in asked)
    assert [one.key for one in asked if one.key] == _names()
    assert "Your name" not in text and "What you can do now" not in text and "None" not in text


def _names():
    return [name for name, one in vars(quiz_1_questions).items() if getattr(one, "key", None)]


def test_two_of_the_same_name_get_the_numbers_of_their_ids():
    """And whoever has no name as well."""
    people = [Person("a1", "Ada", "L"), Person("a2", "ada", "l"), Person("b1", "Bo", "M"), Person("c1")]
    assert names_of(people) == ["a1", "a2", "Bo M", "c1"]


@pytest.mark.parametrize(
    ("names", "said"), [((), "nobody"), (("...",), "no name"), (("Ada L", "ada  l"), "one name here")]
)
def test_names_that_cannot_be_printed_for_are_told(course, tmp_path, names, said):
    """Nothing is written then."""
    week = course.week(WEEK)
    with pytest.raises(DeskError, match=said):
        paper(course, week, week.notebook(QUIZ), names, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_notebook_without_personal_questions_is_told(course, tmp_path):
    """The lecture has none."""
    week = course.week(WEEK)
    with pytest.raises(DeskError, match="no questions with personal numbers"):
        paper(course, week, week.notebook("matrix_diff"), ["Ada"], tmp_path)


def run(*words):
    return CliRunner().invoke(main, ["paper", *map(str, words)])


def test_the_command_prints_for_the_roster(repo, tmp_path):
    """The class of roster.csv; --dry-run writes nothing; a name of one's own instead."""
    (tmp_path / "roster.csv").write_text("id,first_name,last_name\nada,Ada,Lovelace\nbo,,\n", encoding="utf-8")
    (tmp_path / "course.toml").write_text(f'[course]\ncheckout = "{repo}"\n', encoding="utf-8")
    dry = run("week02", QUIZ, "--course", tmp_path, "--dry-run")
    assert dry.exit_code == 0 and "for 2 students" in dry.output and not (tmp_path / "paper").exists()
    assert run("week02", QUIZ, "--course", tmp_path).exit_code == 0
    page = (tmp_path / "paper" / WEEK / QUIZ / "questions.html").read_text(encoding="utf-8")
    assert "<b>Ada Lovelace</b>" in page and "<b>bo</b>" in page
    other = run("week02", QUIZ, "--course", tmp_path, "--name", "Bo <i>", "--out", tmp_path / "x", "--json")
    assert '"Bo <i>"' in other.output
    assert "<b>Bo &lt;i&gt;</b>" in (tmp_path / "x" / "questions.html").read_text(encoding="utf-8")


def test_an_unknown_notebook_is_told(repo, tmp_path):
    """With those there are."""
    course = tiny.write_course(tmp_path / "class", tiny.write_checkout(tmp_path / "checkout"))
    done = run("week01", "quiz_9", "--course", course.root)
    assert done.exit_code == 3 and "double" in done.output


def test_markdown_and_formulas_become_html():
    """A matrix has brackets that the page's style draws; a formula within a line stays within it."""
    made = to_html("**So** $A = \\begin{pmatrix} 1 & -2 \\end{pmatrix}$, not $5 < x$")
    assert '<mtable class="matrix">' in made and "<strong>So</strong>" in made and made.count("<math") == 2
    assert not inline("at $A$").startswith("<p>") and "¶" not in to_html("### One")


@pytest.mark.browser
def test_it_prints_on_few_pages(browser, printed, tmp_path):
    """Three A4 pages a student, and the whole width is used: nothing is cut off."""
    (tmp_path / "questions.html").write_text(printed[0], encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "questions.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 3 * len(CLASS)
    page.close()

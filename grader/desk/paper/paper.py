"""`grader paper`: a quiz with personal numbers as pages to print, a set for each student, and the answers beside it.

The pages are made from the notebook: what it says above each personal question, then the question with this student's
numbers and room to work. The answers come from `solutions/`, as in grading. Nothing here is for students' eyes before
the quiz, and `answers.html` never.
"""

from __future__ import annotations

import ast
import base64
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from markupsafe import Markup

from grader.checks.quiz import personal_numbers
from grader.desk.course.facts import Course, Notebook, Week
from grader.desk.course.roster import Person
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.pages import render
from grader.desk.paper.mathml import inline, to_html
from grader.desk.release.exercise_points import give_points
from grader.desk.release.links import with_sum
from grader.judge.authoring.personal import answer_sheet, personal_questions
from grader.judge.grading.spec import keys_of

ASK, GREET = "personal.ask", "personal.greet"
SCREEN_ONLY = "screen"


@dataclass(frozen=True)
class Asked:
    """A question on paper: `key`, the name of its function, is empty for a heading or a remark between questions."""

    text: Markup
    key: str = ""
    title: str = ""


@dataclass(frozen=True)
class Paper:
    """The files that were written, and for how many students."""

    questions: Path
    answers: Path
    names: tuple[str, ...]


def paper(
    course: Course,
    week: Week,
    notebook: Notebook,
    names: Iterable[str],
    folder: Path | None = None,
    *,
    dry_run: bool = False,
) -> Paper:
    """Write `questions.html`, the sets of all students, and `answers.html`, for the instructor, into `folder`.

    `names` are those that the numbers are drawn from. Errors: DeskError for a notebook without personal questions, no
    name, or a name without a letter.
    """
    names = tuple(dict.fromkeys(names))
    _check_names(names)
    nb = nbformat.read(course.repo / week.folder / f"{notebook.name}.ipynb", as_version=4)
    give_points(nb, week.own_points(notebook.name))
    nb.cells[0].source = with_sum(nb.cells[0].source, notebook)
    asked = questions_of(nb)
    if not any(one.key for one in asked):
        raise DeskError(
            f"{week.folder}/{notebook.name} has no questions with personal numbers.",
            "A paper version is made of quizzes only; print other notebooks from Jupyter.",
        )
    keys = keys_of(course.repo, week.folder, notebook.name)
    facts = {"course": course, "week": week, "title": notebook.title, "asked": asked, "subtitle": _subtitle(nb)}
    folder = folder or course.root / "paper" / week.folder / notebook.name
    sets = [(name, personal_numbers.code(name), _drawn(asked, personal_questions(keys), name)) for name in names]
    sheets = [(name, personal_numbers.code(name), answer_sheet(keys, name)) for name in names]
    made = Paper(folder / "questions.html", folder / "answers.html", names)
    pages = {
        made.questions: render("paper.html.j2", sets=sets, **facts),
        made.answers: render("paper_answers.html.j2", sheets=sheets, **facts),
    }
    for path, page in pages.items() if not dry_run else ():
        write_atomically(path, page)
    return made


def names_of(people: Iterable[Person]) -> list[str]:
    """What each one's numbers are drawn from: the name, or the id where there is no name or two share it."""
    people = list(people)
    shared = Counter(personal_numbers.normalised(person.name) for person in people if person.name)
    return [
        person.name if person.name and shared[personal_numbers.normalised(person.name)] == 1 else person.id
        for person in people
    ]


def questions_of(nb: nbformat.NotebookNode) -> list[Asked]:
    """What the notebook says and asks between its greeting and its last personal question, in order."""
    found: list[Asked] = []
    greeted, last = False, 0
    for cell in nb.cells:
        if cell.cell_type == "code":
            greeted = greeted or f"{GREET}(" in cell.source
            key = _asked_in(cell.source)
            if key:
                above = found.pop() if found and not found[-1].key else Asked(Markup(""))
                found.append(Asked(above.text, key, above.title))
                last = len(found)
        elif greeted and SCREEN_ONLY not in cell.metadata.get("tags", []):
            found.append(Asked(to_html(cell.source), title=_heading(cell.source)))
    return found[:last]


def _asked_in(source: str) -> str:
    """The name of the personal question that a cell asks, or nothing."""
    if ASK not in source:
        return ""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == ASK and isinstance(node.args[0], ast.Attribute):
            return node.args[0].attr
    return ""


def _heading(source: str) -> str:
    """`One unit` of `### 1 · One unit — 1 point, 2 minutes`."""
    line = source.splitlines()[0].lstrip("# ")
    return line.rpartition(" — ")[0] or line


def _subtitle(nb: nbformat.NotebookNode) -> str:
    """The bold line under the notebook's title: points and minutes."""
    lines = nb.cells[0].source.splitlines()
    return next((line.strip("*") for line in lines if line.startswith("**") and line.endswith("**")), "")


def _drawn(asked: list[Asked], questions: Mapping[str, Callable], name: str) -> dict[str, dict]:
    """By key, everything of a question that is this student's."""
    drawn = {}
    for one in asked:
        if one.key:
            question = questions[one.key](name)
            drawn[one.key] = {
                "text": to_html(question.text),
                "options": [
                    (letter, inline(text))
                    for letter, (_, text) in zip(personal_numbers.LETTERS, question.options, strict=False)
                ],
                "blanks": [inline(text) for text in question.blanks],
                "picture": _picture(question) if question.figure else "",
                "described": question.described,
            }
    return drawn


def _picture(question: personal_numbers.Question) -> str:
    """As a data address: a page of its own would share its ids with those of other students' pictures."""
    return "data:image/svg+xml;base64," + base64.b64encode(personal_numbers.picture(question, "svg")).decode()


def _check_names(names: tuple[str, ...]) -> None:
    if not names:
        raise DeskError(
            "There is nobody to print for: no roster.csv in the course folder, and no --name.",
            "Write the class into roster.csv, or name students: --name 'Ada Lovelace' --name 'Alan Turing'",
        )
    seen: dict[str, str] = {}
    for name in names:
        try:
            other = seen.setdefault(personal_numbers.normalised(name), name)
        except personal_numbers.NoName:
            raise DeskError(f"{name!r} is no name to draw numbers from.", "It needs a letter or a digit.") from None
        if other != name:
            raise DeskError(
                f"{other!r} and {name!r} are one name here, and would get the same numbers.",
                "Capitals and spaces do not count; name each student once.",
            )

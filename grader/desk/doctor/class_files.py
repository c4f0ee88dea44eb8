"""Whether the files of a class can be read: each is read by the function that the commands use, and nothing is written.

What only a command line names, as an export of Canvas, is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from pathlib import Path

from nbgrader import api
from sqlalchemy import create_engine, select

from grader.desk.addresses import shown, sqlite_file
from grader.desk.collect.attempts import ATTEMPTS, INDEX, Attempts
from grader.desk.collect.senders import MAPPING, read_mapping
from grader.desk.course.course import WHY_NOT, own_repository
from grader.desk.course.decisions import DECISIONS
from grader.desk.course.facts import FACTS, Course, load_course
from grader.desk.course.new_course import CONFIG
from grader.desk.course.roster import NO_STUDENT, ROSTER, Person, handed_in, read_people, refuse_eaten_zeros
from grader.desk.decisions.decide import the_exercise, the_student
from grader.desk.doctor.machine import Finding, as_students_have
from grader.desk.errors import DeskError
from grader.desk.gradebook.nbgrader_settings import course_directory, nbgrader_config
from grader.desk.gradebook.retry import error_messages
from grader.desk.release.validate import problems


def class_files(folder: Path) -> Iterator[Finding]:
    """What each file of the class says, or what is wrong with it."""
    course: Course | None = None
    try:
        course = load_course(folder)
        yield Finding(FACTS, True, f"{course.title}: {_count(course.weeks, 'week')}, in {course.repo}")
    except DeskError as error:
        yield Finding(FACTS, False, error.what, error.remedy)
    yield from _tables(folder)
    if course is None:
        return
    yield _repository(course)
    yield from as_students_have(course.students)
    if (folder / ATTEMPTS).exists():
        yield _looked_at(ATTEMPTS, lambda: f"{_count(_attempts(folder), 'student')} collected from")
    yield from _weeks(course)
    yield from _decisions(course)
    yield _looked_at(CONFIG, lambda: f"{_count(nbgrader_config(course), 'section')}")
    yield from gradebook(course)


def _repository(course: Course) -> Finding:
    """Whether students install from a repository of the class's own. A folder without settings has no students."""
    a_class = course.root != course.repo and (course.root / FACTS).exists() and not course.demonstration
    found = f"{course.slug}, a placeholder that nobody owns. {WHY_NOT}" if course.is_placeholder else course.slug
    remedy = own_repository(course) if course.is_placeholder and a_class else ""
    return Finding("repository", not remedy, found, remedy)


def _tables(folder: Path) -> Iterator[Finding]:
    """The roster and the mapping, which a person or a spreadsheet has written."""
    people: list[Person] = []

    def roster() -> str:
        people.extend(read_people(folder / ROSTER))
        refuse_eaten_zeros(folder / ROSTER, people, handed_in(folder))
        return _count(people, "student")

    if (folder / ROSTER).exists():
        found = _looked_at(ROSTER, roster)
        empty = found.ok and not people
        yield Finding(ROSTER, True, NO_STUDENT, "Write yours there, one a line.", look=True) if empty else found
    if (folder / MAPPING).exists():
        yield _looked_at(MAPPING, lambda: f"{_count(read_mapping(folder / MAPPING, people), 'line')} filled in")


def _attempts(folder: Path) -> set[str]:
    """The students whose attempts `grader collect` has kept; the list of each can be read."""
    return {
        Attempts(folder, place.parent.parent.name, place.parent.name).folder.parent.name
        for place in (folder / ATTEMPTS).glob(f"*/*/{INDEX}")
    }


def _weeks(course: Course) -> Iterator[Finding]:
    """Notebooks and hidden tests of each week, as a release looks at them."""
    for week in course.weeks:
        wrong = problems(course, week)
        found = "\n".join(wrong) or _count(week.notebooks, "notebook")
        yield Finding(week.folder, not wrong, found, "Mend these: the week can be neither released nor graded.")


def _decisions(course: Course) -> Iterator[Finding]:
    """Whether those that stand are about students and exercises that there are."""
    standing = course.decisions.standing
    if not standing:
        return
    unknown = []
    for one in standing:
        try:
            if one.student:
                the_student(course, one.student)
            if one.exercise:
                the_exercise(course, course.week(one.week), one.exercise)
        except DeskError as error:
            unknown.append(f"line {one.number}: {error.what}")
    found = "\n".join(unknown) or f"{_count(standing, 'line')} standing"
    yield Finding(DECISIONS, True, found, "`grader undo` lists them." if unknown else "", look=bool(unknown))


def gradebook(course: Course) -> Iterator[Finding]:
    """A gradebook on a server answers; one in a file, if there is one yet, is what this nbgrader writes."""
    try:
        url = course_directory(course).db_url
    except DeskError:
        return  # it is nbgrader's settings that cannot be read, and they have been told
    try:
        with error_messages(url):
            found = _opened(url)
    except DeskError as error:
        yield Finding("gradebook", False, error.what, error.remedy)
    else:
        if found:
            yield Finding("gradebook", True, found)


def _opened(url: str) -> str:
    """What was found at the address; nothing for a file that is yet to be made."""
    place = sqlite_file(url)
    if place and not place.exists():
        if not place.parent.is_dir():
            raise DeskError(f"The gradebook {place} cannot be made: there is no folder {place.parent}.", "Make it.")
        return ""
    engine = create_engine(f"sqlite:///{place.as_uri()}?mode=ro&uri=true" if place else url)
    try:
        with engine.connect() as connection:
            for table in api.Base.metadata.sorted_tables if place else ():
                connection.execute(select(table).limit(1)).all()
    finally:
        engine.dispose()
    return f"{place} can be read" if place else f"{shown(url)} answers"


def _looked_at(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except DeskError as error:
        return Finding(what, False, error.what, error.remedy)


def _count(things: Sized, what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}"

"""Who is in the class: `roster.csv` of the course folder, made by hand or exported from a learning platform."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.desk.course.canvas_file import CanvasFile
from grader.desk.course.course import Course
from grader.desk.course.csv_files import read_csv
from grader.desk.course.names import did_you_mean
from grader.desk.course.safe_names import unsafe_name
from grader.desk.errors import DeskError

ROSTER = "roster.csv"
NO_STUDENT = "has no student below its first line"
IGNORED = "-"  # in `mapping.csv`, for files that are nobody's
HEAD = "id,first_name,last_name,email,also\n"
# What platforms and people call the columns; all compared without case, spaces and underscores.
_COLUMNS = {
    "id": ("id", "student", "studentid", "username", "sisloginid", "login", "matriculation", "matrikelnummer", "sid"),
    "first_name": ("firstname", "givenname", "vorname", "имя"),
    "last_name": ("lastname", "surname", "familyname", "nachname", "фамилия"),
    "name": ("name", "fullname", "studentname", "фио"),
    "email": ("email", "emailaddress", "emailadresse", "mail", "почта"),
    "also": ("also", "github", "githubusername", "canvasid", "sisuserid"),
    "identifier": ("identifier", "rosteridentifier"),
    "number": ("idnumber", "idnummer", "moodleid"),
    "role": ("role", "roles", "courserole", "rolle"),
}
# Who is listed and hands in nothing, by what Gradescope, Moodle, Blackboard and Canvas call them.
_STAFF = frozenset(
    "administrator assistent assistant designer dozent grader instructor lecturer manager observer reader ta teacher "
    "tutor преподаватель".split()
)
# So like a known title that it is that, misspelt; a platform's other columns are unlike.
_MISSPELT = 0.8
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True)
class Person:
    """One student: `id` names their folder; `also` are other names they go by (a GitHub login, a platform's number).

    `number` is what Moodle calls ID number.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    also: tuple[str, ...] = ()
    number: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def keys(self) -> set[str]:
        """Everything that this student alone should answer to, folded."""
        first, last = self.first_name, self.last_name
        texts = [self.id, self.email, self.email.split("@")[0], first + last, last + first]
        texts += [self.number, *self.also]
        return {key for text in texts for key in folded(text) if key}


def folded(text: str) -> set[str]:
    """`text` without case, accents, spaces and punctuation, in the ways in which a platform may write it.

    The same for composed and decomposed letters: `Müller` is `muller` and `mueller` in NFC as in NFD.
    """
    lower = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return {_bare(lower), _bare(lower.translate(_GERMAN))}


def _bare(text: str) -> str:
    # й is и with a breve in NFD, and another letter: marks are taken from Latin letters only.
    kept, latin = [], False
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.combining(character):
            if not latin:
                kept.append(character)
        else:
            latin = character < "\u0250"
            kept.append(character)
    return "".join(c for c in unicodedata.normalize("NFC", "".join(kept)) if c.isalnum())


def read_roster(course: Course, path: Path | None = None) -> list[Person]:
    """The class by `roster.csv`; empty when there is none and none was named."""
    place = path or course.root / ROSTER
    return read_people(place) if path or place.exists() else []


def read_people(place: Path) -> list[Person]:
    """The people in a table.

    Any of the usual column names, separators and Excel's byte-order mark are understood, and a gradebook exported from
    Canvas. Raises `DeskError` that names the line.
    """
    table = read_csv(place)
    if not table:
        return []
    if CanvasFile.is_one(table[0]):
        table = _of_canvas(CanvasFile(table))
    columns = _columns(table[0], place)
    people: dict[str, Person] = {}
    for number, row in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in row) and not _is_staff(row, columns):
            person = _person(row, columns, place, number)
            if person.id in people:
                raise DeskError(f"{place}, line {number}: {person.id!r} is there twice.", "Give each student one line.")
            people[person.id] = person
    return list(people.values())


def _columns(head: list[str], place: Path) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    plain = [re.sub(r"[\W_]+", "", title.casefold()) for title in head]
    for number, title in enumerate(plain):
        for column, names in _COLUMNS.items():
            if title in names:
                found.setdefault(column, []).append(number)
    known = {name: column for column, names in _COLUMNS.items() for name in names}
    for title, written in zip(plain, head, strict=True):
        meant = [] if title in known else difflib.get_close_matches(title, known, n=1, cutoff=_MISSPELT)
        if meant and known[meant[0]] not in found:
            raise DeskError(
                f"{place}, line 1: the column {written!r} is not known.{did_you_mean(meant)}",
                f"Mend its title, or take the column out. Known are {HEAD.strip()} and what platforms call them.",
            )
    if not {"id", "email", "identifier"} & found.keys():
        raise DeskError(
            f"{place}, line 1: no column names the students; found: {', '.join(head)}.",
            f"Its first line is {HEAD.strip()}",
        )
    return found


def _person(row: list[str], columns: dict[str, list[int]], place: Path, number: int) -> Person:
    def all_of(column: str) -> list[str]:
        cells = [row[index] if index < len(row) else "" for index in columns.get(column, ())]
        return [unicodedata.normalize("NFC", cell).strip() for cell in cells if cell.strip()]

    def of(column: str) -> str:
        return next(iter(all_of(column)), "")

    first, last = of("first_name"), of("last_name")
    if not (first or last) and of("name"):
        last, _, first = of("name").partition(",") if "," in of("name") else of("name").rpartition(" ")[::-1]
    # GitHub Classroom's identifier is its only one; Moodle's grading worksheet has another, `Participant 1234`.
    ids = all_of("id") or ([] if of("email") else all_of("identifier"))
    who = ids[0] if ids else of("email")
    wrong = unsafe_name(who) or (None if who and "/" not in who and not who.startswith(".") else "it names no folder")
    if who == IGNORED:
        wrong = "in mapping.csv it leaves files out"
    if wrong:
        raise DeskError(
            f"{place}, line {number}: {who!r} cannot be a student's id: {wrong}.", "Choose another id there."
        )
    also = [name.strip() for cell in all_of("also") for name in cell.split(";")]
    also += [name for name in (*ids[1:], *all_of("identifier")) if name != who]
    return Person(who, first.strip(), last.strip(), of("email"), tuple(also), of("number"))


def _is_staff(row: list[str], columns: dict[str, list[int]]) -> bool:
    """Whether the row's role is that of somebody who teaches; whoever has no known role is a student."""
    roles = " ".join(row[index] for index in columns.get("role", ()) if index < len(row))
    words = set(re.findall(r"[^\W\d_]+", roles.casefold()))
    return bool(words & _STAFF) and "student" not in words


def _of_canvas(canvas: CanvasFile) -> list[list[str]]:
    """A gradebook of Canvas as a roster; other lines than students' are left empty, so that numbers of lines stay."""
    rows = [["id", "first_name", "last_name", "email", "also", "also"]]
    for line in canvas.lines:
        first, last = line.first_last
        who = [line.login or line.sis_id or line.number, first, last, line.login if "@" in line.login else ""]
        rows.append([*who, line.sis_id, line.number] if line.is_student else [])
    return rows


def handed_in(root: Path) -> set[str]:
    """The students for whom a course folder holds work."""
    return {path.name for path in (root / "submitted").glob("[!.]*")}


def refuse_eaten_zeros(place: Path, people: Iterable[Person], there: Iterable[str]) -> None:
    """Raise `DeskError` where ids in the roster fit those that are `there` only with zeros before them.

    A spreadsheet that takes `0471` for a number saves `471`; that student would be in the class with nothing, and
    their work would be nobody's.
    """
    ids, students = {person.id for person in people}, set(there)
    whole = {student.lstrip("0"): student for student in students - ids if student.isascii() and student.isdigit()}
    eaten = {one: whole[one] for one in sorted(ids - students) if one in whole}
    if eaten:
        some = ", ".join(f"{one!r} stands for {other!r}" for one, other in list(eaten.items())[:3])
        raise DeskError(
            f"{place}: zeros are missing before {len(eaten)} of the ids: {some}{', ...' if len(eaten) > 3 else ''}.",
            "A spreadsheet has taken the ids for numbers. Write them with their zeros, with a text editor or from a "
            "new export that is opened with the column as text; or name folders in submitted/ as the roster does.",
        )

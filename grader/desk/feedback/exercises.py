"""A graded notebook taken apart: each exercise with its verdict, and the student's own cells that belong to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from grader.desk.course.decisions import FULL, OUT, READ
from grader.desk.feedback.at_home import at_home
from grader.desk.feedback.marks import Marks
from grader.desk.feedback.released import Asked, Sheet
from grader.desk.feedback.room import Room
from grader.desk.feedback.said import Lines, Said, Source, taken_apart
from grader.desk.feedback.shown import Output, code_lines, outputs_of, text_with_formulas
from grader.judge.authoring.verdicts import NotWritten
from grader.judge.grading.result import NEVER_ASKED
from grader.judge.repair.released import NOTES_ID

RIGHT, NEARLY, WRONG = "right", "nearly right", "not right yet"
OPEN, LATER, WAITING, UNGRADED = "not written yet", "not reached", "to be read", "not graded"
DECIDED = {FULL: "full points for all", OUT: "not counted", READ: "not read"}  # whatever was found in it
HALF = 0.5  # of an exercise's points: nearly right from here on
TINY = 1e-9
MAX_CELLS = 150  # of a page
MAX_LINES = 250  # of a cell
NO_ROOM = Markup("<p>[This cell is left out: the page is full.]</p>")
NO_RESPONSE = "No response."  # nbgrader's own comment on an untouched answer

_PICTURE = re.compile(r"[0-4]{1,12}(?:/[0-4]{1,12}){0,7}")

Place = tuple[int, int]  # the number of a cell, and a line of it, both from 1


@dataclass(frozen=True)
class Loss:
    """Properties that did not hold, for one reason.

    place: what it is about, in the student's own code. picture: how wrong each entry of the result is, 0 to 4, row by
    row; empty where there is nothing to see. home: how to see it at home.
    """

    titles: tuple[str, ...]
    points: float
    most: float
    said: Said
    place: Place | None = None
    picture: tuple[str, ...] = ()
    home: str = ""


@dataclass
class Piece:
    """Lines of code, and what is to be said below the last of them."""

    lines: list[Markup]
    losses: list[Loss] = field(default_factory=list)


@dataclass
class Shown:
    """A cell of the student's: `pieces` of code, or `text`."""

    number: int
    pieces: list[Piece] = field(default_factory=list)
    text: Markup | None = None
    outputs: list[Output] = field(default_factory=list)
    left_out: int = 0


@dataclass
class Exercise:
    """One row of the table, and its part of the page. `held`: properties that hold, each with a remark or none."""

    asked: Asked
    points: float
    state: str
    held: list[tuple[str, str]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    comments: list[Markup] = field(default_factory=list)
    cells: list[Shown] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"part-{self.asked.grade_id}"

    @property
    def lost(self) -> int:
        """The number of properties that did not hold."""
        return sum(len(loss.titles) for loss in self.losses)

    @property
    def remark(self) -> str:
        """What is to be known of all that holds, where it is the same for all of it."""
        remarks = {remark for _, remark in self.held}
        return remarks.pop() if len(remarks) == 1 else ""

    @property
    def elsewhere(self) -> list[Loss]:
        """What is about no line of the cells that are shown with the exercise."""
        here = {cell.number for cell in self.cells if cell.pieces}
        return [loss for loss in self.losses if loss.place is None or loss.place[0] not in here]


@dataclass(frozen=True)
class Work:
    """A notebook as its page shows it. `others`: own cells below the last exercise; `left_out`: not shown."""

    exercises: list[Exercise]
    others: list[Shown]
    left_out: int = 0


def ungraded(sheet: Sheet) -> Work:
    """Where nothing could be read: the exercises that there are."""
    return Work([Exercise(asked, 0.0, UNGRADED) for asked in sheet.asked.values() if asked.most], [])


def work_of(
    cells: Sequence[Mapping],
    sheet: Sheet,
    marks: Marks,
    parts: Mapping[str, Mapping],
    unanswered: Sequence[str],
    room: Room | None = None,
) -> Work:
    """The student's work out of the cells of the graded notebook, in its order.

    parts: what grading found, by grade_id of the graded cell, as plain data; empty where no result is kept.
    unanswered: grade_ids of answer cells that are as they were released.
    """
    numbered = list(enumerate((cell for cell in cells if cell.get("id") != NOTES_ID), start=1))
    own = [(number, cell) for number, cell in numbered if _is_own(cell, sheet, unanswered)]
    lines = Lines([_source(number, cell) for number, cell in own[:MAX_CELLS] if cell.get("cell_type") == "code"])
    comments = _comments(sheet, marks)
    found = {
        grade_id: _exercise(asked, sheet, marks, parts.get(grade_id, {}), lines, unanswered, comments.get(grade_id, []))
        for grade_id, asked in sheet.asked.items()
    }
    exercises = {grade_id: one for grade_id, one in found.items() if one.asked.most or one.comments}
    room = room or Room()
    waiting: list[tuple[int, Mapping]] = []
    left = own[:MAX_CELLS]
    for number, cell in numbered:
        exercise = exercises.get(_mark(cell).get("grade_id", ""))
        while left and left[0][0] <= number and (exercise or left[0][0] < number):
            waiting.append(left.pop(0))
        if exercise:
            exercise.cells += [_shown(*one, exercise.losses, room) for one in waiting]
            waiting = []
    return Work(list(exercises.values()), [_shown(*one, [], room) for one in [*waiting, *left]], len(own[MAX_CELLS:]))


def _is_own(cell: Mapping, sheet: Sheet, unanswered: Sequence[str]) -> bool:
    """Did the student write it? Answers, and what is no cell of the released notebook."""
    mark = _mark(cell)
    if (mark.get("grade") or mark.get("locked")) and not (mark.get("solution") or mark.get("task")):
        return False
    return mark.get("grade_id") not in unanswered and not sheet.is_given(cell.get("cell_type", ""), _text(cell))


def _source(number: int, cell: Mapping) -> Source:
    return Source(number, _mark(cell).get("grade_id", ""), _text(cell).rstrip("\n").split("\n")[:MAX_LINES])


def _comments(sheet: Sheet, marks: Marks) -> dict[str, list[Markup]]:
    """What a person wrote, by the graded cell that it goes with: comments stand at answer cells."""
    graded = {asked.owner: grade_id for grade_id, asked in sheet.asked.items()}
    found: dict[str, list[Markup]] = {}
    for cell, comment in marks.comments.items():
        if comment != NO_RESPONSE:
            grade_id = graded.get(cell) or next(iter(sheet.asked), "")
            found.setdefault(grade_id, []).append(text_with_formulas(comment))
    return found


def _exercise(
    asked: Asked,
    sheet: Sheet,
    marks: Marks,
    part: Mapping,
    lines: Lines,
    unanswered: Sequence[str],
    comments: list[Markup],
) -> Exercise:
    score = marks.scores.get(asked.grade_id)
    points = score.points if score else 0.0
    outcomes = part.get("outcomes", ())
    lost = [one for one in outcomes if not one["passed"]]
    held = [(one["title"], one["remark"]) for one in outcomes if one["passed"]]
    if score and score.decided and (score.decided.what == OUT or score.graded < asked.most - TINY):
        comments = [*comments, Markup.escape(score.decided.for_students)]
        asked = replace(asked, most=0.0) if score.decided.what == OUT else asked
        state = DECIDED[score.decided.what]
    elif score and score.needs_person and score.manual is None and asked.manual:
        state = WAITING
    elif points >= asked.most - TINY:
        state, lost = RIGHT, []  # be it by a person's hand
    elif (asked.manual and asked.owner in unanswered) or (lost and all(one["code"] == NotWritten.code for one in lost)):
        state = OPEN
    elif lost and all(one["hint"] in NEVER_ASKED for one in outcomes):
        state = LATER
    else:
        state = NEARLY if points >= HALF * asked.most else WRONG
    losses = _losses(lost, asked, sheet, lines) if state in (NEARLY, WRONG, LATER) else []
    return Exercise(asked, points, state, held, losses, comments)


def _losses(lost: Sequence[Mapping], asked: Asked, sheet: Sheet, lines: Lines) -> list[Loss]:
    """One for each reason: when a process has ended, every property after it has the same."""
    reasons: dict[Said, list[Mapping]] = {}
    for one in lost:
        said = taken_apart(one["hint"])
        if said.what.rstrip(".") == one["title"].rstrip("."):
            said = replace(said, what="")
        reasons.setdefault(said, []).append(one)
    made = []
    for said, some in reasons.items():
        titles = tuple(one["title"] for one in some)
        points, most = (round(sum(one[key] for one in some), 6) for key in ("points", "max_points"))
        picture = next((tuple(one["picture"].split("/")) for one in some if _PICTURE.fullmatch(one["picture"])), ())
        home = at_home(some, asked.check, sheet.at_home)
        made.append(Loss(titles, points, most, said, lines.find(said, titles[0], asked.owner), picture, home))
    return made


def _shown(number: int, cell: Mapping, losses: Sequence[Loss], room: Room) -> Shown:
    if cell.get("cell_type") != "code":
        attachments = cell.get("attachments")
        text = text_with_formulas(_text(cell), attachments if isinstance(attachments, dict) else {})
        return Shown(number, text=text if room.takes(len(text)) else NO_ROOM)
    source = _text(cell).rstrip("\n").split("\n")
    lines = code_lines("\n".join(source[:MAX_LINES]))  # of blank lines without end the lexer's time is their square
    if not room.takes(sum(map(len, lines))):
        return Shown(number, text=NO_ROOM)
    shown = Shown(number, left_out=max(0, len(source) - MAX_LINES))
    at: dict[int, list[Loss]] = {}
    for loss in losses:
        if loss.place and loss.place[0] == number:
            at.setdefault(min(max(loss.place[1], 1), len(lines)), []).append(loss)
    begin = 0
    for line in sorted({*at, len(lines)}):
        shown.pieces.append(Piece(lines[begin:line], at.get(line, [])))
        begin = line
    shown.outputs = list(outputs_of(cell, number, room))
    return shown


def _mark(cell: Mapping) -> Mapping:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return mark if isinstance(mark, dict) else {}


def _text(cell: Mapping) -> str:
    source = cell.get("source", "")
    return "".join(source) if isinstance(source, list) else source

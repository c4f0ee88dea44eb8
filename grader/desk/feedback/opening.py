"""The first lines of a page: what is right, what nearly, what to look at first, as a teacher would say it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from grader.desk.course.deadlines import LateRule
from grader.desk.feedback.exercises import DECIDED, LATER, NEARLY, OPEN, RIGHT, WAITING, WRONG, Exercise, Loss
from grader.desk.feedback.shown import words
from grader.desk.gradebook.late_days import Settled

MOST_NAMED = 6  # exercises named in one sentence
PLACE = Markup('<a href="#{}">{}</a>')


def not_graded() -> list[Markup]:
    """Where there is a file and nothing of it could be judged."""
    return [
        Markup("Your file could not be graded, so there are no points for it yet. The note below says why."),
        Markup("If you can mend that, hand it in again. If it is not clear how, ask your instructor."),
    ]


def opening(exercises: Sequence[Exercise]) -> list[Markup]:
    """Sentences on what the notebook shows; the first is the most important one."""
    judged = [one for one in exercises if one.asked.most and one.state not in DECIDED.values()]
    attempted = [one for one in judged if one.state != OPEN or one.asked.kind != "bonus"]
    core = [one for one in attempted if one.state != WAITING]
    sentences = [_what_is_right(core)] if core else []
    sentences += _what_is_not(core)
    waiting = [one for one in judged if one.state == WAITING]
    if waiting:
        what, be = ("A written answer", "is") if len(waiting) == 1 else (f"{len(waiting)} written answers", "are")
        sentences.append(Markup(f"{what} {be} still to be read; the points for it come later."))
    return sentences + _first(core)


def _what_is_right(core: Sequence[Exercise]) -> Markup:
    right = [one for one in core if one.state == RIGHT]
    if len(right) == len(core):
        return Markup("Well done: everything you wrote is right.")
    if not right and all(one.state == OPEN for one in core):
        return Markup(
            "Nothing is written in the marked cells yet, so there was nothing to judge. "
            "Code in a cell of your own counts if it stands above the test of its exercise."
        )
    if not right:
        return Markup("No exercise is completely right yet.")
    many = f"{len(right)} of {len(core)} exercises"
    return Markup("You have ") + (many if len(right) > MOST_NAMED else _listed(right)) + Markup(" right.")


def _what_is_not(core: Sequence[Exercise]) -> list[Markup]:
    found = []
    nearly = [one for one in core if one.state == NEARLY]
    if nearly:
        one = nearly[0]
        many = f": {len(one.held)} of {len(one.held) + one.lost} properties hold" if one.lost else ""
        found.append(Markup("You are close with ") + _listed(nearly) + (many if len(nearly) == 1 else "") + ".")
    later = [one for one in core if one.state == LATER]
    if later:
        found.append(Markup("Your notebook ended before ") + _listed(later) + "; the note below says why.")
    for state, lead in ((WRONG, "Not right yet: "), (OPEN, "Not written yet: ")):
        some = [one for one in core if one.state == state]
        if some and len(some) < len(core):
            found.append(Markup(lead) + _listed(some) + ".")
    return found


def _first(core: Sequence[Exercise]) -> list[Markup]:
    """What to look at first: the earliest of what counts, because later exercises use it."""
    order = {"points": 0, "practice": 1, "bonus": 2}
    left = sorted((one for one in core if one.state not in (RIGHT, LATER)), key=lambda one: order[one.asked.kind])
    if not left:
        return []
    one = left[0]
    if one.state == OPEN:
        begun = any(other.state != OPEN for other in core)
        return [Markup(f"<b>{'Go on' if begun else 'Begin'} with</b> ") + _link(one) + Markup(".")]
    why = _why(one.losses[0]) if one.losses else Markup("")
    return [Markup("<b>Look first at</b> ") + _link(one) + why + ("" if why.endswith("?") else ".")]


def _why(loss: Loss) -> Markup:
    said = loss.said
    if said.likely:
        about = Markup(" ({})").format(words(said.what)) if said.what else Markup("")
        return about + Markup(": probably ") + words(said.likely.rstrip("."))
    told = f"{said.what}: {said.seen}" if said.what and said.seen else said.seen or said.what
    return Markup(": ") + words(told.rstrip(".")) if told else Markup("")


def _link(one: Exercise) -> Markup:
    return PLACE.format(one.anchor, one.asked.short)


def _listed(some: Sequence[Exercise]) -> Markup:
    """ "ReLU, forward and train"; of very many only how many."""
    if len(some) > MOST_NAMED:
        return Markup(f"{len(some)} exercises")
    named = [_link(one) for one in some]
    return Markup(", ").join(named[:-1]) + Markup(" and ") + named[-1] if len(named) > 1 else named[0]


def bonus_left(exercises: Sequence[Exercise]) -> Markup:
    """Which bonus is not earned yet; empty if there is none."""
    left = [
        one for one in exercises if one.asked.kind == "bonus" and one.state not in (RIGHT, WAITING, *DECIDED.values())
    ]
    if not left:
        return Markup("")
    named = [_link(one) + f" ({one.asked.most - one.points:.4g})" for one in left]
    return Markup("Bonus points still to be had: ") + Markup(", ").join(named) + Markup(".")


def late_words(settled: Settled | None, penalty: float = 0.0, rule: LateRule | None = None, spent: int = 0) -> str:
    """What a student is told of how late a week was; empty for work that was in time.

    spent: the late days of `rule` that went into all weeks of the term so far.
    """
    taken = f"{_counted(penalty, 'point')} taken off for it" if penalty else ""
    if settled is None or not (settled.days or settled.too_late):
        return f"Handed in late: {taken}." if taken else ""
    late = f"Handed in {_counted(settled.days, 'day')} late" if settled.days else "Handed in late"
    if settled.too_late:
        return f"{late}, after the last moment that counts" + (f": {taken}." if taken else ".")
    days = f"{_counted(settled.spent, 'late day')} spent on it" if settled.spent else ""
    told = ", ".join(filter(None, (days, taken)))
    sentence = f"{late}: {told}." if told else f"{late}."
    if rule and rule.late_days:
        sentence += f" {_counted(max(0, rule.late_days - spent), 'late day')} of {rule.late_days} left for the term."
    return sentence


def _counted(number: float, what: str) -> str:
    return f"{number:.4g} {what}{'' if number == 1 else 's'}"

"""The question `picture`: the smallest ReLU net with a given graph, judged by its graph and its size."""

import numpy as np

from grader.judge.authoring.personal import Sheet, personal_key
from grader.judge.authoring.verdicts import Wrong, named
from week02_matrix_diff import quiz_1_questions as asked

from . import worked

GRID = np.arange(-40, 61) / 4
TOO_MANY = "the graph is right, and fewer units can draw it"


def graph(units, offset):
    """Values of offset + sum of a max(0, w x + b) on the grid."""
    w, b, a = (np.array(column, dtype=float)[:, None] for column in zip(*units, strict=True))
    return offset + np.sum(a * np.maximum(0, w * GRID + b), axis=0)


def judge_graph(net, question):
    """Raise ``Wrong`` unless the student's net draws the picture."""
    wanted, found = graph(*worked.picture(question.numbers)), graph(*net)
    if np.allclose(found, wanted, rtol=0, atol=1e-6):
        return
    for number, (reason, slip) in enumerate(worked.picture_slips(question.numbers).items()):
        if np.allclose(found, graph(*slip), rtol=0, atol=1e-6):
            raise named("picture", reason, number)
    if np.ptp(found - wanted) < 1e-6:
        raise Wrong("picture: the graph has the right form at the wrong height: look at the offset", "offset")
    raise Wrong("picture: these units draw another graph", "another_graph")


def judge_size(net, question):
    judge_graph(net, question)
    if len(net[0]) > len(worked.picture(question.numbers)[0]):
        raise Wrong(f"picture: {TOO_MANY}", "too_many")


def lines(units, offset):
    return f"units = {[tuple(unit) for unit in units]}\noffset = {offset}"


def solution(question):
    return lines(*worked.picture(question.numbers))


def wrong(question):
    slips = {reason: lines(*slip) for reason, slip in worked.picture_slips(question.numbers).items()}
    return {**slips, TOO_MANY: lines(*worked.with_one_more(question.numbers))}


def _units_sheet(question):
    units, _ = worked.picture(question.numbers)
    shown = "; ".join(f"({w:g}, {b:g}, {a:g})" for w, b, a in units)
    return f"for example {shown}".replace("-", "−")


def _offset_sheet(question):
    return f"{worked.level(question.numbers)}".replace("-", "−")


def picture_keys():
    """The keys of both questions for the picture: does the net draw it, and is it as small as can be?"""
    draws, smallest = (one for one in asked.ask.questions.values() if one.of is asked.picture)
    drawn = Sheet(_units_sheet, solution, wrong, lost=lambda question, reason: reason != TOO_MANY)
    personal_key(draws, drawn, judge_graph)
    personal_key(smallest, Sheet(_offset_sheet, solution, wrong), judge_size)

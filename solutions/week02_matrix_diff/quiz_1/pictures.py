"""The question `picture`: the smallest ReLU net with a given graph, judged by its graph and its size."""

import numpy as np

from grader.checks.quiz.quiz import read_number, read_rows
from grader.judge.authoring.personal import AnswerKey, personal_test
from grader.judge.authoring.quiz import by_value
from grader.judge.authoring.verdicts import Wrong
from week02_matrix_diff.quiz_1_questions import picture

from . import worked

GRID = np.arange(-40, 61) / 4
TOO_MANY = "the graph is right, and fewer units can draw it"


def graph(units, offset):
    """Values of offset + sum of a max(0, w x + b) on the grid."""
    w, b, a = (np.array(column, dtype=float)[:, None] for column in zip(*units, strict=True))
    return offset + np.sum(a * np.maximum(0, w * GRID + b), axis=0)


def read(student):
    return read_rows(by_value(student.units), 3), read_number(by_value(student.offset))


def judge_graph(net, question):
    """Raise ``Wrong`` unless the student's net draws the picture."""
    wanted, found = graph(*worked.picture(question.numbers)), graph(*net)
    if np.allclose(found, wanted, rtol=0, atol=1e-6):
        return
    for reason, slip in worked.picture_slips(question.numbers).items():
        if np.allclose(found, graph(*slip), rtol=0, atol=1e-6):
            raise Wrong(f"picture: likely {reason}", "named")
    if np.ptp(found - wanted) < 1e-6:
        raise Wrong("picture: the graph has the right form at the wrong height: look at the offset", "offset")
    raise Wrong("picture: these units draw another graph", "differs")


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


def _test(title, judge, sheet, lost):
    part = AnswerKey(picture, sheet, solution, wrong, lost)
    return personal_test("test_picture", points=0.5, title=title, part=part, read=read, judge=judge)


def _units_sheet(question):
    units, _ = worked.picture(question.numbers)
    shown = "; ".join(f"({w:g}, {b:g}, {a:g})" for w, b, a in units)
    return f"for example {shown}".replace("-", "−")


def _offset_sheet(question):
    return f"{worked.level(question.numbers)}".replace("-", "−")


draws_the_picture = _test(
    "The units and the offset draw the picture.",
    judge_graph,
    _units_sheet,
    lost=lambda question, reason: reason != TOO_MANY,
)
smallest_net = _test(
    "They draw it, and no smaller net does.", judge_size, _offset_sheet, lost=lambda question, reason: True
)

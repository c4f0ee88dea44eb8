"""The question `gate`: three biases, each right anywhere in an interval."""

from grader.checks.quiz.quiz import read_numbers
from grader.judge.authoring.personal import AnswerKey, personal_test
from grader.judge.authoring.quiz import by_value
from grader.judge.authoring.verdicts import Wrong
from week02_matrix_diff.quiz_1_questions import gate

from . import worked

GATES = ("AND", "OR", "a copy of the input with the larger weight")
NEVER = "with this bias the unit never fires"
SIGN = "the sign: with a bias above 0 the unit fires even when both inputs are 0"


def gate_test(place, title):
    """The hidden test of one of the three biases."""

    def read(student):
        return read_numbers(by_value(student.gate), len(GATES))

    def judge(found, question):
        intervals, bias = worked.gate(question.numbers), found[place]
        if _inside(bias, intervals[place]):
            return
        raise Wrong(f"gate: {_why_not(bias, intervals)}", "named")

    def sheet(question):
        above, most = worked.gate(question.numbers)[place]
        return f"{above} < b ≤ {most}".replace("-", "−")

    def wrong(question):
        return {reason: f"gate = {values}" for reason, values in slips(question).items()}

    def lost(question, reason):
        return not _inside(slips(question)[reason][place], worked.gate(question.numbers)[place])

    part = AnswerKey(gate, sheet, solution, wrong, lost)
    return personal_test("test_gate", points=1 / len(GATES), title=title, part=part, read=read, judge=judge)


def solution(question):
    return f"gate = {[_middle(interval) for interval in worked.gate(question.numbers)]}"


def slips(question):
    """{reason: three biases}"""
    intervals = worked.gate(question.numbers)
    for_and, for_or, for_copy = (_middle(interval) for interval in intervals)
    return {
        "this is the bias of OR": [for_or, for_and, for_copy],
        "this is the bias of a copy of the input with the larger weight": [for_copy, for_or, for_and],
        SIGN: [-for_and, -for_or, -for_copy],
        NEVER: [2 * intervals[0][0], for_or, for_copy],
        "at the border: the sum is exactly 0 there, and the unit is silent": [intervals[0][0], for_or, for_copy],
    }


def _why_not(bias, intervals):
    if bias == intervals[0][0]:
        return "at the border: the sum is exactly 0 there, and the unit is silent"
    if bias > 0:
        return SIGN
    for name, interval in zip(GATES, intervals, strict=True):
        if _inside(bias, interval):
            return f"this is the bias of {name}"
    return NEVER


def _inside(bias, interval):
    return interval[0] < bias <= interval[1]


def _middle(interval):
    return (interval[0] + interval[1]) / 2

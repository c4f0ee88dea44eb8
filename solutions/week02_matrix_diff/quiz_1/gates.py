"""The question `gate`: three biases, each right anywhere in an interval."""

from grader.checks.diagnosis.named import Named
from grader.checks.questions import Right
from grader.judge.authoring.personal import Sheet, personal_key
from grader.judge.authoring.verdicts import Wrong
from week02_matrix_diff import quiz_1_questions as asked

from . import worked

BIT = 1e-9
GATES = ("AND", "OR", "a copy of the input with the larger weight")
NEVER = Named("never_fires", "with this bias the unit never fires")
SIGN = Named("sign_of_bias", "the sign: with a bias above 0 the unit fires even when both inputs are 0")


def gate_keys():
    """The keys of the three biases."""
    for question in asked.ask.questions.values():
        if question.of is asked.gate:
            gate_key(question)


def gate_key(one):
    """The key of one of the three biases."""
    place = one.place

    def judge(found, question):
        intervals, bias = worked.gate(question.numbers), found[place]
        if _inside(bias, intervals[place]):
            return
        why = _why_not(bias, intervals)
        raise Wrong(f"gate: {why}", f"named:{why.code}", why)

    def sheet(question):
        above, most = worked.gate(question.numbers)[place]
        return f"{above} < b ≤ {most}".replace("-", "−")

    def wrong(question):
        return {reason: f"gate = {values}" for reason, values in slips(question).items()}

    def lost(question, reason):
        return not _inside(slips(question)[reason][place], worked.gate(question.numbers)[place])

    def known(question):
        """The interval is open below, so its middle is moved up by the smallest bit."""
        low, high = worked.gate(question.numbers)[place]
        reasons = {reason: float(values[place]) for reason, values in slips(question).items()}
        half = (high - low) / 2 - BIT
        return Right(low + half + 2 * BIT, "gate", reasons, rtol=0.0, atol=half, hidden=True)

    personal_key(one, Sheet(sheet, solution, wrong, lost, known), judge)


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
        return Named("at_the_border", "at the border: the sum is exactly 0 there, and the unit is silent")
    if bias > 0:
        return SIGN
    for name, interval in zip(GATES, intervals, strict=True):
        if _inside(bias, interval):
            return Named("bias_of_another", f"this is the bias of {name}")
    return NEVER


def _inside(bias, interval):
    return interval[0] < bias <= interval[1]


def _middle(interval):
    return (interval[0] + interval[1]) / 2

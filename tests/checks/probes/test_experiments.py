"""Experiments with wrong functions: what is found is true, and is found whatever the mistake is called."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.questions import Right, Roles, question
from grader.checks.questions.experiments import recorded, right_of, with_facts
from grader.checks.questions.judging import judge
from grader.checks.questions.record import Recorded, read, written

rng = np.random.default_rng(5)
CASE = SimpleNamespace(
    X=rng.normal(size=(5, 3)), W=rng.normal(size=(3, 4)), b=rng.normal(size=4), rate=0.25, old=rng.normal(size=(5, 3))
)


@question("test_mix", points=1, probes=Roles(batch="X", fixed="old", terms="b"))
def mixes(student, X, W, b, rate, old):
    """Rows times W."""
    return student.mix(X, W, b, rate)


def right(case):
    return Right(np.tanh(case.X @ case.W * case.rate) + case.b, "mix")


@question("test_total", points=1, probes=Roles(batch="X", fixed="old", terms="b"))
def totals(student, X, W, b, rate, old):
    """All rows times W."""
    return student.mix(X, W, b, rate)


def total(case):
    return Right(3 * (case.X @ case.W).sum(axis=0) * case.rate, "total")


class Counting:
    """Right at its second call only, or other at every call."""

    def __init__(self, second):
        self.calls, self.second = 0, second

    def __call__(self, X, W, b, rate):
        self.calls += 1
        mine = np.tanh(X @ W * rate) + b
        return mine if self.second and self.calls > 1 else mine + (self.second or self.calls)


def loop(X, W, b, rate):
    """The last sample is left out."""
    out = np.zeros((len(X), W.shape[1]))
    for n in range(len(X) - 1):
        out[n] = np.tanh(X[n] @ W * rate) + b
    return out


def neighbours(X, W, b, rate):
    return np.tanh((X + X.mean(axis=0)) @ W * rate) + b


def last_weight(X, W, b, rate):
    return np.tanh(X[:, :-1] @ W[:-1] * rate) + b


WRONG = {
    "ignored": (mixes, lambda X, W, b, rate: np.tanh(X @ W * rate), "b makes no difference to your result"),
    "hard-coded": (mixes, lambda X, W, b, rate: np.tanh(X @ W * 0.1) + b, "rate makes no difference to your result"),
    "read from elsewhere": (
        mixes,
        lambda X, W, b, rate: np.tanh(CASE.X @ CASE.W * CASE.rate) + CASE.b + 1,
        "the result is always the same, whatever X, W, b and rate are",
    ),
    "stopped loop": (mixes, loop, "the last row of X makes no difference to your result"),
    "lost column": (mixes, last_weight, "the last column of X makes no difference to your result"),
    "samples mixed": (
        mixes,
        neighbours,
        "a change in the first row of X changes other rows of your result, too; it should not",
    ),
    "linear": (mixes, lambda X, W, b, rate: X @ W * rate + b, "your result is linear in X; the right one is not"),
    "by place": (
        mixes,
        lambda X, W, b, rate: np.tanh(X @ W * rate) + b + np.arange(len(X))[:, None],
        "what a sample gives depends on its place in the batch, not only on the sample",
    ),
    "right above zero": (
        mixes,
        lambda X, W, b, rate: np.tanh(np.maximum(X, 0) @ W * rate) + b,
        "right where no number in X is negative",
    ),
    "a term doubled": (mixes, lambda X, W, b, rate: np.tanh(X @ W * rate) + 2 * b, "right where b is zero"),
    "another at every call": (mixes, Counting(0), "a second call with the same arguments gives something else"),
    "right later": (mixes, Counting(1), "a second call with the same arguments is right, the first is not"),
    "mean": (
        totals,
        lambda X, W, b, rate: 3 * (X @ W).mean(axis=0) * rate,
        "right for a batch of one sample, not for a larger one",
    ),
    "wrong power": (
        totals,
        lambda X, W, b, rate: (X * abs(X) @ W).sum(axis=0),
        "rate makes no difference to your result",
    ),
    "squared": (
        totals,
        lambda X, W, b, rate: 3 * (X**2 @ W).sum(axis=0) * rate,
        "with X twice as large your result is 4 times as large; it should be 2 times as large",
    ),
    "order": (
        totals,
        lambda X, W, b, rate: 3 * (np.arange(1, len(X) + 1) @ X @ W) * rate,
        "the order of the samples changes your result",
    ),
    "square only": (
        totals,
        lambda X, W, b, rate: 3 * (X @ (W if len(W) == W.shape[1] else W[::-1])).sum(axis=0) * rate,
        "right where W is square, not here",
    ),
}


def facts(asked, key, function):
    """What experiments find, with the right numbers at hand; and the verdict."""

    def answer(case, seconds):
        return asked.ask({"mix": function}, vars(case))

    given = answer(CASE, 1)
    verdict = judge(asked, given, CASE, key(CASE)).verdict
    return with_facts(asked, verdict, CASE, key(CASE), given, answer, lambda one: right_of(one, CASE, key))


@pytest.mark.parametrize("name", WRONG)
def test_what_is_found_is_told(name):
    """Codes are stable words, sentences are about the function."""
    asked, function, told = WRONG[name]
    verdict = facts(asked, right if asked is mixes else total, function)
    assert not verdict.ok and all(code.startswith("probe:") for code, _ in verdict.facts)
    said = [text for _, text in verdict.facts]
    assert any(text.startswith(told) for text in said) if told else not said, said


@pytest.mark.parametrize("name", [name for name in WRONG if not name.startswith(("another", "right later"))])
def test_a_record_leads_to_the_same(name):
    """At home there are only short forms of the right numbers, read from a file."""
    asked, function, _ = WRONG[name]
    key = right if asked is mixes else total
    kept = Recorded(CASE, key(CASE), {}, recorded(asked, CASE, key))
    (kept,) = read(written({"mixes": kept})).values()

    def answer(case, seconds):
        return asked.ask({"mix": function}, vars(case))

    given = answer(kept.case, 1)
    verdict = judge(asked, given, kept.case, kept.right).verdict
    found = with_facts(asked, verdict, kept.case, kept.right, given, answer, lambda one: kept.probes.get(one.name))
    assert found.facts == facts(asked, key, function).facts


def test_numbers_that_are_all_but_zero_settle_nothing():
    """Rounding would be compared: of a result times 1e-13 nothing is said that is not true."""
    assert (
        facts(totals, total, lambda X, W, b, rate: 1e-13 * total(SimpleNamespace(X=X, W=W, rate=rate)).value).facts
        == ()
    )


def test_a_mask_that_leaves_one_entry_of_a_row_is_no_ground_for_a_word_on_columns():
    """It is these numbers that make the others zero, and not the rule."""
    X = np.array([[1.0, -1.0, -2.0], [0.5, 1.5, -0.5], [-1.0, 2.0, 1.0]])

    @question("test_mask", points=1, probes=Roles(batch="X G"))
    def masks(student, X, G):
        """G where X is positive."""
        return student.mask(X, G)

    def key(case):
        return Right(case.G * (case.X > 0), "mask")

    def answer(case, seconds=None):
        return case.G * np.sign(case.X)

    case = SimpleNamespace(X=X, G=rng.normal(size=(3, 3)))
    verdict = judge(masks, answer(case), case, key(case)).verdict
    found = with_facts(masks, verdict, case, key(case), answer(case), answer, lambda one: right_of(one, case, key))
    assert not verdict.ok and not [text for _, text in found.facts if "other columns" in text]


def test_nothing_is_tried_where_it_is_right_or_named():
    """A function that passes is asked once."""
    calls = []

    def mix(X, W, b, rate):
        calls.append(X)
        return np.tanh(X @ W * rate) + b

    assert facts(mixes, right, mix).facts == () and len(calls) == 1

    def named(case):
        return Right(right(case).value, "mix", {"the bias is forgotten": right(case).value - case.b})

    assert facts(mixes, named, lambda X, W, b, rate: np.tanh(X @ W * rate)).code == "named"


class Liar:
    """Gives something that nobody asked for from the second call on."""

    def __init__(self, lie):
        self.calls, self.lie = 0, lie

    def __call__(self, X, W, b, rate):
        self.calls += 1
        if self.calls == 1:
            return X @ W + 1
        return self.lie() if callable(self.lie) else self.lie


@pytest.mark.parametrize(
    "lie", [None, "text", [], [[]], {}, np.zeros((2**20, 0)), np.array(["a"]), np.nan, 1e308, 10**400, lambda: 1 / 0]
)
def test_answers_that_lie_are_worth_nothing(lie):
    """No exception, and no sentence made of them but that the second call differs."""
    said = facts(mixes, right, Liar(lie)).facts
    assert [code for code, _ in said] in ([], ["probe:again"])


def test_experiments_end_in_time():
    """A second in all, whatever a call takes."""

    def slow(X, W, b, rate):
        time.sleep(0.3)
        return X @ W

    started = time.monotonic()
    facts(mixes, right, slow)
    assert time.monotonic() - started < 3

"""Experiments that take something out: one entry alone, terms that are zero, numbers that are equal or very small."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.questions import Right, Roles, experiments, question
from grader.checks.questions.experiments import Budget, recorded, right_of, with_facts
from grader.checks.questions.judging import judge
from grader.checks.questions.record import Recorded, read, written

rng = np.random.default_rng(5)


@pytest.fixture(autouse=True)
def all_the_time_there_is(monkeypatch):
    """What is found must not hang on how busy the machine is."""
    monkeypatch.setattr(experiments, "SECONDS", 60.0)
    monkeypatch.setattr(experiments, "Budget", lambda: Budget(60.0))


def said_of(asked, function, case, value):
    """What experiments find, as sentences; with the short forms of right numbers that a record has."""

    def right(case):
        return Right(value(**vars(case)), "mix")

    def answer(case, seconds=0):
        return asked.ask({"mix": function}, vars(case))

    given = answer(case)
    verdict = judge(asked, given, case, right(case)).verdict
    assert not verdict.ok
    found = with_facts(asked, verdict, case, right(case), given, answer, lambda one: right_of(one, case, right))
    return [text for _, text in found.facts]


# Of an array one number is made


@question("test_worst", points=1, probes=Roles(each="curvatures"))
def worst(student, rate, curvatures):
    """The largest of all."""
    return student.mix(rate, curvatures)


CURVATURES = SimpleNamespace(rate=0.4, curvatures=np.array([1.3, 0.2, 6.1, 2.2]))


def left(rate, k):
    return np.abs(1 - rate * k)


def largest(rate, curvatures):
    return left(rate, curvatures).max()


ALONE = "for each entry of curvatures alone your result is right; of all of them together it is"


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda rate, k: left(rate, k).min(), f"{ALONE} the smallest of these, and should be the largest"),
        (lambda rate, k: left(rate, k).mean(), f"{ALONE} the mean of these, and should be the largest"),
        (lambda rate, k: left(rate, k).prod(), f"{ALONE} the product of these, and should be the largest"),
        (lambda rate, k: left(rate, k)[0], f"{ALONE} that of the first entry of these, and should be the largest"),
        (lambda rate, k: left(rate, k.mean()), f"{ALONE} not"),
        (lambda rate, k: (1 - rate * k).min(), "for curvatures[2] alone your result is right but for a minus"),
        (
            lambda rate, k: np.where(k > 2, 0.9, 1).max() * largest(rate, k) * (0.5 if k.max() > 2 else 1),
            "for curvatures[0] and curvatures[1] alone your result is right, for curvatures[2] and curvatures[3]",
        ),
    ],
)
def test_what_is_made_of_an_array_of_which_each_entry_is_right(function, told):
    """The entries alone, and then all of them."""
    said = said_of(worst, function, CURVATURES, largest)
    assert any(text.startswith(told) for text in said), said


# Terms, numbers of one kind, very small numbers


@question("test_settings", points=1, probes=Roles(terms="eps decay", alike="a b", small="rate"))
def settings(student, w, rate, a, b, eps, decay):
    """Numbers that do different things."""
    return student.mix(w, rate, a, b, eps, decay)


SETTINGS = SimpleNamespace(w=rng.normal(size=6), rate=0.3, a=0.6, b=0.8, eps=0.2, decay=0.4)


def mixed(w, rate, a, b, eps, decay):
    return rate * (1 + a) * (a * w / (np.sqrt(b * w**2) + eps) + decay * np.cos(w)) / (1 + rate * w**2)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (
            lambda w, rate, a, b, eps, decay: mixed(w, rate, a, b, np.sqrt(b * w**2 + eps) - np.sqrt(b * w**2), decay),
            "right where eps is zero, not here",
        ),
        (
            lambda w, rate, a, b, eps, decay: mixed(w, rate, a, b, eps, decay * np.tan(w)),
            "right where decay is zero, not here",
        ),
        (
            lambda w, rate, a, b, eps, decay: mixed(w, rate, a, b, eps * (1 + decay), decay),
            "right where eps or decay is zero, not here",
        ),
        (
            lambda w, rate, a, b, eps, decay: mixed(w, rate, a, b, eps, decay) * (1 + b) / (1 + a),
            "right where a and b are equal, not here",
        ),
        (
            lambda w, rate, a, b, eps, decay: mixed(w, rate, a, b, eps, decay) * (1 + rate * w**2),
            "where rate is very small your result is nearly right, not here",
        ),
        (
            lambda w, rate, a, b, eps, decay: 2 * mixed(w, rate, a, b, eps, decay) * (1 + rate * w**2),
            "where rate is very small your result is nearly twice the right one",
        ),
        (
            lambda w, rate, a, b, eps, decay: rate * mixed(w, rate, a, b, eps, decay) * (1 + w**2),
            "where rate is very small your result goes like rate to the power 2, the right one goes like rate",
        ),
    ],
)
def test_right_where_something_is_taken_out(function, told):
    """Terms one by one; what is still wrong then is somewhere else."""
    said = said_of(settings, function, SETTINGS, mixed)
    assert any(text.startswith(told) for text in said), said


def test_nothing_is_said_of_what_is_wrong_without_them_too():
    """Wrong wherever it is asked."""
    said = said_of(settings, lambda w, *of: np.cos(37 * mixed(w, *of)), SETTINGS, mixed)
    assert not [text for text in said if text.startswith("right where")], said


# A default that a call leaves out is taken out as well


@question("test_calls", points=1, probes=Roles(calls="calls", names=("w", {}), terms="eps", defaults={"eps": 0.1}))
def calls_(student, calls):
    """With and without a number."""
    return [student.mix(w, **options) for w, options in calls]


def test_a_term_by_default_is_taken_out():
    """Everywhere alike, so that all calls are right without it."""

    def value(w, eps=0.1):
        return 1 / (np.abs(w) + eps)

    def wrong(w, eps=0.1):
        return 1 / np.sqrt(w**2 + eps)

    case = SimpleNamespace(calls=[(rng.normal(size=4), {}), (rng.normal(size=4), {"eps": 0.3})])
    said = said_of(calls_, wrong, case, lambda calls: [value(w, **options) for w, options in calls])
    assert "right where eps is zero, not here" in said, said


def test_a_record_has_the_right_numbers_of_these_cases():
    """Written and read again, it knows what is right for one entry alone."""

    def key(case):
        return Right(largest(**vars(case)), "mix")

    kept = Recorded(CURVATURES, key(CURVATURES), {}, recorded(worst, CURVATURES, key))
    (found,) = read(written({"worst": kept})).values()
    assert found.probes == kept.probes and "alone:curvatures[3]" in found.probes

"""Experiments with wrong functions: what is found is true, and is found whatever the mistake is called."""

import time
from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.probes import variants
from grader.checks.probes.conclusions import conclude
from grader.checks.probes.digests import digest
from grader.checks.questions import Right, Roles, experiments, question
from grader.checks.questions.experiments import SECONDS, Budget, ending, others_of, recorded, right_of, with_facts
from grader.checks.questions.forms import items
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
    "complement": (
        mixes,
        lambda X, W, b, rate: np.tanh(X @ W * (1 - rate)) + b,
        "right if it is given 1 - rate in place of rate",
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


@question("test_total", points=1, probes=Roles())
def lengths(student, v, rate):
    """A single number."""
    return student.mix(v, rate)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda y: 2 * y, "twice the right one"),
        (lambda y: y / 2, "half of the right one"),
        (lambda y: y - 1, "the right one less 1"),
        (lambda y: y + 1, "the right one plus 1"),
        (lambda y: 1 - y, "1 - the right one"),
        (lambda y: y + y**2, ""),
    ],
)
def test_one_number_is_related_to_the_right_one_in_every_case(wrong, told):
    """One alone may be twice the right one by chance; three are not."""

    def key(case):
        return Right(float(np.sum(case.v**2) + np.cos(case.rate)), "length")

    def answer(case, seconds=None):
        return wrong(key(case).value)

    case = SimpleNamespace(v=rng.normal(size=3), rate=0.3)
    verdict = judge(lengths, answer(case), case, key(case)).verdict
    found = with_facts(lengths, verdict, case, key(case), answer(case), answer, lambda one: right_of(one, case, key))
    said = [text for code, text in found.facts if code.startswith("probe:everywhere/")]
    assert [text.removeprefix("your result is ").partition(",")[0] for text in said] == [told] * bool(told)


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


@pytest.mark.parametrize("nothing", [np.nan, np.inf])
def test_what_is_not_finite_is_not_called_another_result(nothing):
    """nan is not equal to nan, and yet the second call gives the same."""
    found = facts(mixes, right, lambda X, W, b, rate: np.where(X @ W > 0, X @ W, nothing)).facts
    assert "probe:again" not in [code for code, _ in found]


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


# Lists of calls, states, defaults


def step(w, grad, m, t, lr, beta=0.9):
    m = beta * m + (1 - beta) * grad
    return w - lr * m / (1 - beta**t), m


@question(
    "test_step",
    points=1,
    probes=Roles(
        calls="calls",
        names=("w", "grad", ("m",), ("t", "lr"), {}),
        terms="w",
        states="m",
        count="t",
        defaults={"beta": 0.9},
    ),
)
def steps(student, calls):
    """A step with memory."""
    return [student.mix(w, grad, *states, *rest, **options)[0] for w, grad, states, rest, options in calls]


CALLS = SimpleNamespace(
    calls=[
        (*rng.normal(size=(2, 4)), [rng.normal(size=4)], [3, 0.1], {"beta": 0.6}),
        (*rng.normal(size=(2, 4)), [rng.normal(size=4)], [4, 0.1], {}),
    ]
)


def stepped(case):
    return [Right(step(w, grad, *states, *rest, **options)[0], "w") for w, grad, states, rest, options in case.calls]


def nesterov(case):
    return {"Nesterov's step": [w - rest[1] * grad for w, grad, _, rest, _ in case.calls]}


SLIPS = {
    "no memory": (lambda w, grad, m, t, lr, beta=0.9: (w - lr * grad, m), "this is Nesterov's step"),
    "state": (
        lambda w, grad, m, t, lr, beta=0.9: step(w, grad, 2 * m, t, lr, beta),
        "right at the first call, where m is zero, not at later ones",
    ),
    "count": (
        lambda w, grad, m, t, lr, beta=0.9: step(w, grad, m, 1, lr, beta),
        "t makes no difference to your result",
    ),
    "default": (
        lambda w, grad, m, t, lr, beta=0.99: step(w, grad, m, t, lr, beta),
        "right where beta is given, not where it is left out: another default?",
    ),
    "for the default": (
        lambda w, grad, m, t, lr, beta=0.9: step(w, grad, m, t, lr, beta if beta == 0.9 else beta**2),
        "right where beta is left out, not where it is given",
    ),
    "rate squared": (
        lambda w, grad, m, t, lr, beta=0.9: step(w, grad, m, t, lr**2, beta),
        "with lr twice as large what depends on lr in your result is 4 times as large; it should be 2 times as large",
    ),
    "climbs": (
        lambda w, grad, m, t, lr, beta=0.9: step(w, -grad, m, t, lr, beta),
        "what depends on grad in your result has the wrong sign",
    ),
    "decays": (
        lambda w, grad, m, t, lr, beta=0.9: step(w - lr * w, grad, m, t, lr, beta),
        "right where w is zero, not here",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_steps_with_states_and_defaults(name):
    """In a list of calls each is changed in the same way; with short forms of right numbers, as a record has them."""
    function, told = SLIPS[name]

    def answer(case, seconds):
        return steps.ask({"mix": function}, vars(case))

    kept = Recorded(
        CALLS, stepped(CALLS), {}, recorded(steps, CALLS, stepped), others_of(nesterov(CALLS), stepped(CALLS))
    )
    (kept,) = read(written({"steps": kept})).values()
    given = answer(kept.case, 1)
    verdict = judge(steps, given, kept.case, kept.right).verdict
    of = (kept.case, kept.right, given, answer)
    found = with_facts(steps, verdict, *of, lambda one: kept.probes.get(one.name), lambda: kept.others)
    assert told in [text for _, text in found.facts]


FORMS = SimpleNamespace(cases=[(rng.normal(size=n), rng.normal(size=(n, n))) for n in (3, 4)])


# Few numbers: what holds wherever the function is asked


@question("test_noise", points=1, probes=Roles(words={"k": "the curvature"}))
def noises(student, rate, k, size):
    """A single number."""
    return student.mix(rate, k, size)


NOISE = SimpleNamespace(rate=0.3, k=1.7, size=0.9)


def noise(rate, k, size):
    return rate * size**2 / (2 + rate * k)


def said_of(asked, function, case, key):
    """What experiments find, as sentences."""

    def answer(case, seconds=0):
        return asked.ask({"mix": function}, vars(case))

    given = answer(case)
    verdict = judge(asked, given, case, key(case)).verdict
    found = with_facts(asked, verdict, case, key(case), given, answer, lambda one: right_of(one, case, key))
    return [text for _, text in found.facts]


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda *of: -noise(*of), "minus the right one"),
        (lambda *of: noise(*of) / 2, "half of the right one"),
        (lambda *of: noise(*of) / np.log(2), "the right one times 1/ln 2, as with a logarithm to the base 2"),
        (lambda rate, k, size: noise(rate, k, size) / rate**2, "the right one times 1/(rate squared)"),
        (lambda rate, k, size: -noise(rate, k, size) * k / 2, "the right one times -half of k"),
        (lambda *of: noise(*of) ** 2, "the right one squared"),
        (lambda rate, k, size: noise(rate, k, size) + 2 * size, "the right one + twice size"),
    ],
)
def test_a_relation_that_holds_in_all_cases(function, told):
    """Of a single number nothing is said by one case."""
    said = said_of(noises, function, NOISE, lambda case: Right(noise(**vars(case)), "noise"))
    assert len(said) == 1 and said[0].startswith(f"your result is {told}"), said


@pytest.mark.parametrize(
    "function",
    [
        lambda rate, k, size: noise(NOISE.rate, k, size) * 2,  # twice the right one, for this rate alone
        lambda rate, k, size: -noise(rate, k, size) + 0.01 * (k - NOISE.k),
        lambda rate, k, size: noise(rate, k, size) * (1 + 1e-3 * rate),
    ],
)
def test_a_relation_that_holds_in_one_case_is_none(function):
    """By chance, or nearly."""
    said = said_of(noises, function, NOISE, lambda case: Right(noise(**vars(case)), "noise"))
    assert not [text for text in said if "all other cases" in text]


@question("test_noise_at", points=1, form=items(length=3), probes=Roles())
def noises_at(student, times, rate, k, size):
    """A single number at several times."""
    return [student.mix(t, rate, k, size) for t in times]


@pytest.mark.parametrize(
    ("excess", "told"), [(lambda t: 2, ["the right one + twice size"]), (lambda t: 1 + np.cos(t), [])]
)
def test_a_term_too_much_in_one_part_is_told_where_it_is_in_all(excess, told):
    """At the first time both are twice the size."""

    def right(case):
        return [Right(noise(case.rate, case.k, case.size) + t, "noise") for t in case.times]

    case = SimpleNamespace(times=[0, 1, 2], **vars(NOISE))
    said = said_of(noises_at, lambda t, *of: noise(*of) + t + excess(t) * of[-1], case, right)
    assert [text.split(",")[0] for text in said if "all other cases" in text] == [
        f"your result is {one}" for one in told
    ]


@question("test_shares", points=1, probes=Roles())
def shares(student, X):
    """A softmax by rows."""
    return student.mix(X)


def by_rows(X):
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def by_one_maximum(X):
    e = np.exp(X - X.max())
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("X", "function", "told"),
    [
        # With one maximum for all rows it is the distance of the rows that gives 0 / 0.
        ([[-1e3, -1e3 + 1, -1e3 + 2], [1e3, 1e3 - 1, 1e3 - 2]], by_one_maximum, False),
        ([[-1.0, 2.0, 1.0], [2.0, -2.0, 3.0]], lambda X: by_rows(X) + 0 * np.sqrt(X), True),
    ],
)
def test_the_sign_is_told_of_numbers_that_are_not_large(X, function, told):
    case = SimpleNamespace(X=np.array(X))
    with np.errstate(all="ignore"):
        said = said_of(shares, function, case, lambda case: Right(by_rows(case.X), "the shares"))
    assert ("where no number in X is negative your result has no NaN and no infinity in it" in said) == told


@question("test_sums", points=1, form=items(length=2), probes=Roles(calls="cases", names="a s"))
def sums(student, cases):
    """A sum of two terms, for numbers of unlike size."""
    return [student.mix(a, s) for a, s in cases]


def test_a_share_is_told_where_it_holds_in_every_part():
    """In the large one the term whose sign is wrong is nearly all there is."""

    def right(case):
        return [Right(a + a * s, "mix") for a, s in case.cases]

    a, s = np.random.default_rng(8).normal(size=(2, 6))
    said = said_of(sums, lambda a, s: a - a * s, SimpleNamespace(cases=[(a, s), (a, 1e12 * s)]), right)
    assert said and "what depends on s in your result has the wrong sign" in said
    assert not [text for text in said if "depends on a" in text]


@question("test_swap", points=1, probes=Roles())
def swaps(student, a, b, n):
    """A single number of two, in which their order counts, and of a whole one."""
    return student.mix(a, b, n)


SWAP = SimpleNamespace(a=0.7, b=1.9, n=3)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda a, b, n: (b - a * b**2) / n, "right if it is given a and b in each other's place"),
        (lambda a, b, n: (0.7 - 1.9 * a**2) / n if b == 0.7 else a, None),  # right so, but not the other way round
        (lambda a, b, n: (a - b * a**2) / (n + 1), None),  # too few numbers for a word on n
    ],
)
def test_a_single_number_with_something_else_in_the_place_of_an_argument(function, told):
    """It must hold the other way round, too."""
    said = said_of(swaps, function, SWAP, lambda case: Right((case.a - case.b * case.a**2) / case.n, "swap"))
    assert said[:1] == [told] if told else not [text for text in said if "right if" in text], said


@question("test_loss", points=1, probes=Roles(batch="p y", labels="y"))
def losses(student, p, y):
    """A loss of two classes."""
    return student.mix(p, y)


LOSS = SimpleNamespace(p=rng.uniform(0.1, 0.9, size=7), y=np.array([0, 1, 1, 0, 1, 0, 0]))


def loss(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda p, y: -np.mean(y * np.log(p)), "right where all of y are 1, not where there are zeros among them"),
        (lambda p, y: -np.mean((1 - y) * np.log(1 - p)), "right where all of y are 0, not where there are ones"),
        (lambda p, y: loss(p, 1 - y), "right if it is given 1 - y in place of y"),
        (lambda p, y: loss(p, y) + np.mean(p), None),
    ],
)
def test_labels_of_two_classes(function, told):
    """All of one class, and the classes exchanged."""
    said = said_of(losses, function, LOSS, lambda case: Right(loss(case.p, case.y), "loss"))
    if told:
        assert [text for text in said if text.startswith(told)], said
    else:
        assert not [text for text in said if " y " in text or "1 - y" in text], said


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda X, W, b, rate: np.tanh(2 * X @ W * rate) + b, "this is what is right where X is twice as large"),
        (lambda X, W, b, rate: np.tanh(abs(X) @ W * rate) + b, "this is what is right for |X| in place of X"),
        (lambda X, W, b, rate: np.tanh(X @ W * rate) + b + 0.1 * X.mean(), None),
    ],
)
def test_what_is_right_for_another_argument(function, told):
    """Where no other experiment says as much."""
    said = said_of(mixes, function, CASE, right)
    assert told in said if told else not [text for text in said if text.startswith("this is")], said


@question("test_worst", points=1, probes=Roles())
def worst(student, steps, rate):
    """The largest of some numbers."""
    return student.mix(steps, rate)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda steps, rate: rate * steps.mean(), True),
        (lambda steps, rate: rate * steps[-1], True),
        (lambda steps, rate: rate * steps.max() ** 2, False),
    ],
)
def test_an_entry_that_should_make_no_difference(function, told):
    """Here the last one is the smallest, and counts for nothing."""
    case = SimpleNamespace(steps=np.array([0.5, 3.0, 1.2, 0.1]), rate=0.5)
    said = said_of(worst, function, case, lambda case: Right(case.rate * case.steps.max(), "worst"))
    felt = [text for text in said if "makes a difference to your result; here it should make none" in text]
    assert bool(felt) == told, said


def scaled(X, W, b, rate):
    return X / (np.sqrt(np.mean(X**2, axis=0)) + rate)


@question("test_scale", points=1, probes=Roles())
def scales(student, X, rate):
    """Columns by their size, with something beside it."""
    return student.mix(X, None, None, rate)


@pytest.mark.parametrize(("beside", "told"), [(0, True), (0.5, False)])
def test_what_stays_as_it_is_where_the_right_one_does_not(beside, told):
    """The right result has no power of X; one that lacks a term has."""
    case = SimpleNamespace(X=CASE.X, rate=0.5)

    def wrong(X, W, b, rate):
        return 3 * scaled(X, W, b, beside * rate) + 1e-3 * rate

    said = said_of(scales, wrong, case, lambda case: Right(scaled(case.X, None, None, case.rate), "scaled"))
    words = "with X twice as large your result stays as it is; the right one does not"
    assert (words in said) == told or beside == 0, said


# Functions that the text states


@question("test_slope", points=1, probes=Roles(calls="cases", names="x A"))
def slope(student, cases):
    """The derivative of x'Ax."""
    return [student.mix(*case) for case in cases]


slope.differences(lambda student, cases: [(lambda x, A=A: x @ A @ x, x) for x, A in cases], "x'Ax")


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x, A: x @ A @ x, "this is the value of x'Ax, not its derivative"),
        (lambda x, A: np.outer(x, x), "this is the derivative of x'Ax with respect to A"),
        (lambda x, A: (A + A.T) @ x / (x @ A @ x), "this is the right result divided by x'Ax"),
        (lambda x, A: (A + A.T) @ x * (x @ A @ x), "this is the right result times x'Ax"),
        (lambda x, A: A @ x, None),
    ],
)
def test_what_the_function_gives_of_which_a_derivative_is_asked(function, told):
    """Its value, its derivative by another argument, and what is off by its value."""

    def key(case):
        return [Right((A + A.T) @ x, "slope") for x, A in case.cases]

    said = said_of(slope, function, FORMS, key)
    assert told in said if told else not [text for text in said if text.startswith("this is")], said


# Matrices


@question("test_form", points=1, probes=Roles(calls="cases", names="x A", words={"x": "the vector"}))
def forms(student, cases):
    """The gradient of a form."""
    return [student.mix(*case) for case in cases]


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x, A: 2 * A @ x, "right where A is symmetric, not here"),
        (lambda x, A: A @ x, "where A is symmetric your result is 0.5 times the right one, here it is not"),
        (lambda x, A: (A @ A + A.T @ A.T) @ x, "right where A is the identity, not here"),
        (lambda x, A: (A + A.T) @ np.ones(len(x)), "the vector makes no difference to your result"),
        (lambda x, A: (A + A.T) @ x + 1, "where the vector is zero your result is not zero; it should be"),
    ],
)
def test_matrices_of_special_kinds(function, told):
    """What a wrong product of matrices is right for."""

    def key(case):
        return [Right((A + A.T) @ x, "forms") for x, A in case.cases]

    def answer(case, seconds):
        return forms.ask({"mix": function}, vars(case))

    given = answer(FORMS, 1)
    verdict = judge(forms, given, FORMS, key(FORMS)).verdict
    found = with_facts(forms, verdict, FORMS, key(FORMS), given, answer, lambda one: right_of(one, FORMS, key))
    assert told in [text for _, text in found.facts]


@question("test_product", points=1, probes=Roles(calls="cases", names="A B n"))
def products(student, cases):
    """Two matrices, and a number that counts."""
    return [student.mix(*case) for case in cases]


PRODUCTS = SimpleNamespace(cases=[(rng.normal(size=(n, n)), rng.normal(size=(n, n)), n) for n in (2, 3)])


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda A, B, n: B @ A.T / n, "right if it is given A and B in each other's place"),
        (lambda A, B, n: A @ B / n, "right if it is given B.T in place of B"),
        (lambda A, B, n: A @ B.T / n + (n == 2), None),
        (lambda A, B, n: A @ B.T / (2 * n), None),  # half of what is right has been said
        (lambda A, B, n: A @ B.T / n * (1 + 1e-9), None),
    ],
)
def test_something_else_in_the_place_of_an_argument(function, told):
    """Told where the result is right with it in all numbers."""

    def key(case):
        return [Right(A @ B.T / n, "product") for A, B, n in case.cases]

    def answer(case, seconds):
        return products.ask({"mix": function}, vars(case))

    given = answer(PRODUCTS, 1)
    verdict = judge(products, given, PRODUCTS, key(PRODUCTS)).verdict
    of = (products, verdict, PRODUCTS, key(PRODUCTS), given, answer)
    said = [text for _, text in with_facts(*of, lambda one: right_of(one, PRODUCTS, key)).facts]
    assert told in said if told else not any("in place" in text or "each other's" in text for text in said), said


@pytest.mark.parametrize(
    ("a", "b", "exchanged"),
    [
        (np.array([1.0, -2.0]), np.array([0.5, 30.0]), True),
        (1.0, 1e-8, False),  # an eps in the place of a rate takes the rate away
        (np.zeros(2), np.ones(2), False),
        (np.ones(2), np.ones(3), False),
    ],
)
def test_two_arguments_are_exchanged_where_they_are_alike(a, b, exchanged):
    """Of one shape, and less than a hundred times as large."""
    found = [one.name for one in variants(SimpleNamespace(a=a, b=b), Roles())]
    assert ("swapped:a+b" in found) == exchanged


def test_whole_numbers_are_counted_on_and_back():
    """Lists of them too; no truth values, no labels."""
    case = SimpleNamespace(n=3, times=[1, 4], flag=True, kinds=np.array([0, 2]))
    found = {one.name: one.case for one in variants(case, Roles(labels="kinds"))}
    assert found["next:n"].n == 4 and found["previous:times"].times == [0, 3]
    assert not {"next:flag", "next:kinds", "ones:kinds"} & found.keys()


def test_labels_and_seeds():
    """Labels are asked about in another order, a generator with another seed."""

    @question("test_pick", points=1, probes=Roles(labels="y", rng="seed"))
    def picks(student, X, y, seed):
        """Some columns."""
        return student.mix(X, y, seed)

    case = SimpleNamespace(X=rng.normal(size=(4, 3)), y=np.array([0, 1, 2, 1]), seed=3)

    def key(case):
        return Right(case.X[np.arange(4), case.y], "picks")

    def answer(case, seconds):
        return picks.ask({"mix": lambda X, y, seed: X.sum(axis=1)}, vars(case))

    given = answer(case, 1)
    verdict = judge(picks, given, case, key(case)).verdict
    found = with_facts(picks, verdict, case, key(case), given, answer, lambda one: right_of(one, case, key))
    assert [code for code, _ in found.facts] == ["probe:reseeded/seed", "probe:shuffled/y"]


# The budget


def test_a_notebook_has_five_seconds_for_experiments(monkeypatch):
    """One for each failed test while they last, none for a passed one."""
    now = [0.0]
    monkeypatch.setattr(experiments.time, "monotonic", lambda: now[0])
    budget, calls = Budget(), []

    def slow(case, seconds):
        now[0] += min(0.4, seconds)
        calls.append(seconds)
        return case.X @ case.W

    for question_number in range(7):
        begun = now[0]
        verdict = judge(mixes, CASE.X @ CASE.W, CASE, right(CASE)).verdict
        with_facts(
            mixes,
            verdict,
            CASE,
            right(CASE),
            CASE.X @ CASE.W,
            slow,
            lambda one: right_of(one, CASE, right),
            dict,
            budget,
        )
        assert now[0] - begun == pytest.approx(1 if question_number < 5 else 0)
    assert max(calls) <= SECONDS


def test_a_call_that_hangs_costs_only_the_second(monkeypatch):
    """At home an alarm ends it, and what was found before is told."""
    monkeypatch.setattr(experiments, "SECONDS", 0.2)

    def hangs(X, W, b, rate):
        while rate > 0.3:
            pass
        return np.tanh(X @ W * rate)

    def answer(case, seconds):
        with ending(seconds):
            return mixes.ask({"mix": hangs}, vars(case))

    given, started = answer(CASE, 1), time.monotonic()
    verdict = judge(mixes, given, CASE, right(CASE)).verdict
    with_facts(mixes, verdict, CASE, right(CASE), given, answer, lambda one: right_of(one, CASE, right))
    assert time.monotonic() - started < 2


@question("test_entries", points=1, probes=Roles(words={"G": "grad_output"}))
def entries(student, X, G):
    """Something of each entry."""
    return student.mix(X, G)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda X, G: G * X * (1 - X), "your result is grad_output * (X - X^2)"),
        (lambda X, G: G * np.tanh(X), "your result is grad_output * tanh(X)"),
        (lambda X, G: np.minimum(X, 0), "your result is min(X, 0)"),
        (lambda X, G: 2 * np.tanh(X) - 1, "your result is -1 + 2 tanh(X)"),
        (lambda X, G: G * np.cos(X), None),
        (lambda X, G: X, None),
    ],
)
def test_a_formula_that_fits_all_entries(function, told):
    """Of plain functions with plain numbers; the argument itself is none."""
    case = SimpleNamespace(X=rng.normal(size=(4, 5)), G=rng.normal(size=(4, 5)))

    def key(case):
        return Right(case.G * (1 - np.tanh(case.X) ** 2), "entries")

    def answer(case, seconds):
        return entries.ask({"mix": function}, vars(case))

    given = answer(case, 1)
    verdict = judge(entries, given, case, key(case)).verdict
    said = [text for _, text in with_facts(entries, verdict, case, key(case), given, answer, lambda _: None).facts]
    assert told in said if told else not any(text.startswith("your result is ") for text in said), said


@pytest.mark.parametrize(
    ("deviation", "told"),
    [
        (lambda n, m: m**-0.5, "probe:larger/n"),
        (lambda n, m: 1 / n, "probe:larger/n"),
        (lambda n, m: n**-0.5, "probe:share_of_sizes/1/sqrt(2)"),
        (lambda n, m: 0.88 * (2 / n) ** 0.5, None),
    ],
)
def test_the_size_of_what_depends_on_chance(deviation, told):
    """By the sizes that it was drawn for: roughly, but at several."""

    @question("test_draws", points=1, probes=Roles(sizes="n m", fixed="seed"))
    def draws(student, n, m, seed):
        """A deviation."""
        return float(student.mix(n, m, np.random.default_rng(seed)).std())

    case = SimpleNamespace(n=150, m=100, seed=3)

    def key(case):
        return Right((2 / case.n) ** 0.5, "deviation", rtol=0.03)

    def answer(case, seconds):
        return draws.ask({"mix": lambda n, m, rng: rng.normal(0, deviation(n, m), size=(n, m))}, vars(case))

    given = answer(case, 1)
    verdict = judge(draws, given, case, key(case)).verdict
    found = with_facts(draws, verdict, case, key(case), given, answer, lambda one: right_of(one, case, key))
    assert [code for code, _ in found.facts] == ([told] if told else [])


def test_of_several_parts_the_one_that_is_told():
    """What makes no difference to it, though it does to another; and a dictionary's values are arguments."""

    @question("test_parts", points=1, probes=Roles())
    def parts(student, X, state):
        """Two parts."""
        return student.mix(X, **state)

    case = SimpleNamespace(X=rng.normal(size=(4, 3)), state={"old": rng.normal(size=3), "share": 0.3})

    def key(case):
        X, old, share = case.X, *case.state.values()
        return [Right(X * old, "first"), Right(share * old + (1 - share) * X.mean(axis=0), "second")]

    def answer(case, seconds):
        return parts.ask({"mix": lambda X, old, share: [X * old, X.mean(axis=0)]}, vars(case))

    given = answer(case, 1)
    verdict = judge(parts, given, case, key(case)).verdict
    found = with_facts(parts, verdict, case, key(case), given, answer, lambda one: right_of(one, case, key))
    assert verdict.what == "second"
    assert "old and share make no difference to your result" in [text for _, text in found.facts]


def test_counts_that_stay_say_nothing_of_an_argument():
    """Of whole numbers a small change need not show: an argument that the student's result feels is no fact."""

    @question("test_counts", points=1, probes=Roles())
    def counts(student, x, limit):
        """How many are above the limit."""
        return student.mix(x, limit)

    case = SimpleNamespace(x=np.array([0.1, 0.2, 5.0, 6.0]), limit=2.0)

    def key(case):
        return Right(float((case.x > case.limit).sum()), "counts")

    def answer(case, seconds):
        return counts.ask({"mix": lambda x, limit: float((x > limit - 1.85).sum())}, vars(case))

    given = answer(case, 1)
    verdict = judge(counts, given, case, key(case)).verdict
    found = with_facts(counts, verdict, case, key(case), given, answer, lambda one: right_of(one, case, key))
    assert not [code for code, _ in found.facts if code.startswith("probe:felt")]


@question("test_ends", points=1, probes=Roles())
def ends(student, v):
    """The smallest, the middle and the largest."""
    return list(student.mix(v))


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda v: (np.max(v), np.mean(v), np.min(v)), ["your results are the right ones, in another order"]),
        (lambda v: (np.max(v), np.mean(v), np.max(v)), []),
        (lambda v: (np.max(v), np.mean(v), 2 * np.min(v)), []),
    ],
)
def test_right_results_in_another_order(function, told):
    case = SimpleNamespace(v=np.array([0.3, 2.1, -1.7, 0.4]))

    def key(case):
        return [Right(float(one), "ends") for one in (np.min(case.v), np.mean(case.v), np.max(case.v))]

    assert [text for text in said_of(ends, function, case, key) if "order" in text] == told


@question("test_two", points=1, probes=Roles())
def two(student, v, rate):
    """A sum of squares and a product."""
    return list(student.mix(v, rate))


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda v, rate: (v @ v * rate, -v.sum() / rate), ["your result is minus the right one"]),
        (lambda v, rate: (-v @ v * rate, -v.sum() / rate), ["your result is minus the right one"]),
        (lambda v, rate: (v @ v * rate, -v.sum() / 0.7), []),
    ],
)
def test_the_one_result_that_is_wrong_is_related_to_the_right_one(function, told):
    case = SimpleNamespace(v=np.array([0.3, 2.1, -1.7, 0.4]), rate=0.7)

    def key(case):
        return [Right(one, "two") for one in (case.v @ case.v * case.rate, case.v.sum() / case.rate)]

    found = said_of(two, function, case, key)
    assert [text.partition(",")[0] for text in found if text.startswith("your result is")] == told, found


# What others give


def told_beside(yours, *others):
    """The facts on eight numbers beside others, which have the names of their places."""
    short = {str(place): [digest(one)] for place, one in enumerate(others)}
    return [fact.code for fact in conclude([RIGHT_EIGHT], [yours], [], short)]


RIGHT_EIGHT, MOVE = np.random.default_rng(5).normal(size=(2, 8))


def test_another_function_is_told_where_it_explains_all_that_is_wrong():
    other = RIGHT_EIGHT + 1e-3 * MOVE
    assert told_beside(other, other) == ["probe:equal/0"]
    assert told_beside(RIGHT_EIGHT + MOVE, RIGHT_EIGHT + MOVE[::-1], RIGHT_EIGHT + MOVE) == ["probe:equal/1"]


def test_a_small_mistake_is_not_taken_for_one_that_is_nearly_as_small():
    """What is wrong is a thousandth of the numbers: to five digits these are alike, and they are not the same."""
    assert told_beside(RIGHT_EIGHT + 1e-4 * MOVE, RIGHT_EIGHT + 1.02e-4 * MOVE) == []
    assert told_beside(RIGHT_EIGHT + 1e-6 * MOVE, RIGHT_EIGHT - 1e-6 * MOVE) == []


def test_of_a_part_with_few_numbers_nothing_is_said_to_be_equal():
    """At the start of a schedule many others have the same rate."""

    @question("test_mix", points=1, probes=Roles())
    def rates(student, low):
        """Two numbers."""
        return student.mix(low)

    def key(case):
        return [Right(case.low, "at the start"), Right(np.arange(5.0), "later")]

    case, given = SimpleNamespace(low=0.3), [0.7, np.arange(5.0)]
    of = (rates, judge(rates, given, case, key(case)).verdict, case, key(case), given, lambda case, seconds: given)
    beside = {"a constant": [digest(np.array(0.7)), digest(np.ones(5))]}
    assert with_facts(*of, lambda one: None, lambda: beside).facts == ()


@question("test_rates", points=1, probes=Roles(calls="calls", names=("step", "steps", "lr")))
def rates(student, calls):
    """A rate for each call."""
    return np.array([student.mix(*call) for call in calls])


RATES = SimpleNamespace(calls=[(5, 5, 0.2), (1, 4, 0.3), (3, 3, 0.7), (2, 7, 0.4), (0, 6, 0.5), (0, 3, 0.9)])


def rate(step, steps, lr):
    return lr * (1 + step) / steps if step < steps else lr


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda step, steps, lr: lr * (1 + step) / steps, ["wrong in the calls where step is equal to steps"]),
        (lambda step, steps, lr: rate(step, steps, lr) if step else 0, ["wrong in the calls where step is 0"]),
        (lambda step, steps, lr: lr, ["right in the calls where step is equal to steps"]),
        (lambda step, steps, lr: rate(step, steps, lr) * (1 + (lr > 0.6)), []),  # no whole number tells which
        (lambda step, steps, lr: 2 * rate(step, steps, lr), []),
    ],
)
def test_the_calls_that_are_wrong_have_something_in_common(function, told):
    found = said_of(rates, function, RATES, lambda case: Right(np.array([rate(*call) for call in case.calls]), "rates"))
    assert [text.partition(",")[0] for text in found if "in the calls" in text] == told, found


@question("test_root", points=1, probes=Roles())
def roots(student, x):
    """The root of a mean square."""
    return student.mix(x)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda x: np.sqrt(np.cumsum(x)), ["where no number in x is negative your result has no NaN"]),
        (lambda x: x / 0.0, []),
        (lambda x: np.sqrt(np.cumsum(np.abs(x))), []),  # wrong, and finite
    ],
)
def test_where_a_result_is_finite(function, told):
    """The sign of an argument brings in NaN, or something else does."""
    case = SimpleNamespace(x=np.array([0.5, -2.0, 1.5, -0.3]))
    with np.errstate(all="ignore"):
        found = said_of(roots, function, case, lambda case: Right(np.sqrt(np.cumsum(case.x**2)), "roots"))
    assert [text.partition(" and ")[0] for text in found if "NaN" in text] == told, found


def test_of_an_answer_for_either_kind_the_first_is_looked_at():
    """A run that stopped has no numbers to compare."""

    @question("test_kinds", points=1, probes=Roles(fixed="x"))
    def kinds(student, x):
        """Two kinds of results, of which one must be right."""
        return student.mix(x)

    case = SimpleNamespace(x=np.array([0.5, -2.0, 1.5, -0.3, 0.9, 4.0]))
    right = Right(np.cumsum(case.x), "sums", either=Right(np.cumsum(case.x**2), "sums"))
    beside = {"the running mean": [digest(np.cumsum(case.x) / np.arange(1, 7))]}

    def facts_of(answer):
        verdict = judge(kinds, answer, case, right).verdict
        return with_facts(
            kinds, verdict, case, right, answer, lambda case, seconds: answer, lambda _: None, lambda: beside
        )

    assert facts_of([np.cumsum(case.x) / np.arange(1, 7), 0 * case.x]).facts[0][1] == "this is the running mean"
    assert facts_of([0 * case.x + 3, np.cumsum(case.x) / np.arange(1, 7)]).facts == ()
    assert facts_of(["ValueError: no", 0 * case.x]).facts == ()


def test_what_all_parts_are_is_not_told_of_one_again():
    """One part alone may be equal to what fits no other."""

    @question("test_errors", points=1, probes=Roles(fixed="pairs"))
    def errors(student, pairs):
        """One number for each pair."""
        return [student.mix(*pair) for pair in pairs]

    case = SimpleNamespace(pairs=[(1.5, 2.5), (4.5, 3.5)])
    right = [Right(one + other, "errors") for one, other in case.pairs]
    beside = {"the larger": [digest(np.array(one)) for one in (2.5, 4.5)]}
    beside["the second"] = [digest(np.array(one)) for one in (2.5, 3.5)]

    def said(answer):
        verdict = judge(errors, answer, case, right).verdict
        found = with_facts(
            errors, verdict, case, right, answer, lambda *_, **__: answer, lambda _: None, lambda: beside
        )
        return [text for _, text in found.facts if text.startswith("this is")]

    assert said([2.5, 4.5]) == ["this is the larger"]
    assert said([2.5, 9.0]) == [] and said([9.0, 9.5]) == []

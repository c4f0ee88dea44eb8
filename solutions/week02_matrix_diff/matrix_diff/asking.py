"""What the keys of the matrix derivatives have in common: texts, random points, keys of a row of questions.

Most of a row's points are for the derivative at a general point, where no symmetry hides a mistake and the sizes all
differ; a part is for a simpler case (a symmetric matrix, single numbers, the identity), which a half right derivation
earns; a tenth for leaving the arguments alone.
"""

from dataclasses import replace

import numpy as np

from grader.checks.diagnosis.named import Named, numbered
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_terms

TRANSPOSED = Named("transposed", "transposed: what stands before dX in the trace is the transpose of the gradient")
NO_TRANSPOSE = "a transpose is forgotten"
ONE_TERM = Named("one_term", "only one of two terms: it occurs twice, and each time it changes")
SYMMETRIC_ONLY = Named("symmetric_only", "right for a symmetric A only: of the two terms, one has A transposed")
TRACE_ORDER = Named(
    "trace_order", "wrong order in the trace: factors may be turned round, tr(ABC) = tr(BCA), but not swapped"
)
FACTOR_TWO = Named("factor_two", "a factor 2 is missing")


def regular(rng, n, sign=None):
    """A random matrix [n, n] that is not symmetric, with singular values between 1 and 2; sign: of its determinant."""
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    X = left * rng.uniform(1, 2, size=n) @ right
    if sign is not None and np.sign(np.linalg.det(X)) != sign:
        X[0] = -X[0]
    return X


def tall(rng, n, k):
    """A random matrix [n, k] of full column rank, with singular values between 1 and 2."""
    return np.linalg.qr(rng.normal(size=(n, k)))[0] @ regular(rng, k)


def symmetric(rng, n):
    """A random symmetric matrix [n, n], positive definite with eigenvalues between 1 and 2."""
    Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    M = Q * rng.uniform(1, 2, size=n) @ Q.T
    return (M + M.T) / 2


def positive(rng, n):
    """A random matrix [n, n] with x'Ax > 0 for every x except 0, and not symmetric."""
    K = rng.normal(size=(n, n))
    return symmetric(rng, n) + (K - K.T) / 2


def summed(terms):
    """The function that these are the terms of."""
    return lambda *args: sum(terms(*args).values())


NUMBERS = {"det X": ("X", np.linalg.det), "x'Ax": ("x A", lambda x, A: x @ A @ x)}
POWERS = {1: "times {}", 2: "times {} squared", -1: "divided by {}", -2: "divided by {} squared"}
EVERY: list["Derivative"] = []  # in the order of the notebook


class Derivative:
    """What a function of the student's has to give, and what it gives after known mistakes.

    call   as the student reads it, "d_dot(a, x)"
    right  of the arguments in that order
    slips  of the arguments: {what is wrong: what it gives}
    terms  of the arguments: {words: a term}, the terms that add up to what is right
    others of the arguments: {words: what another function of the course gives}
    """

    def __init__(self, call, right, slips, terms=None, others=None):
        self.call, self.right, self.slips = call, right, slips
        self.terms, self.others = terms or (lambda *args: {}), others or (lambda *args: {})
        self.letters = call.partition("(")[2].rstrip(")").split(", ")
        EVERY.append(self)

    def beside(self, cases):
        """What else is known of at these points: {words: a value for each point}.

        What is right with one of its terms altered, and what other functions of the course give; and what other
        derivatives of the notebook give, where they take no argument that this has not.
        """
        if all(np.size(arg) == 1 for args in cases for arg in args):
            return {}  # too many are the same for single numbers
        points = [dict(with_other_terms(self.terms(*args))) | self.others(*args) | self.scaled(*args) for args in cases]
        found = {words: [point[words] for point in points] for words in points[0]}
        for other in EVERY:
            places = [self.letters.index(letter) for letter in other.letters if letter in self.letters]
            if other is not self and len(places) == len(other.letters):
                try:
                    found[f"what {other.call} gives"] = [
                        other.right(*(args[place] for place in places)) for args in cases
                    ]
                except (ValueError, np.linalg.LinAlgError):
                    continue  # for other shapes
        return found

    def scaled(self, *args):
        """The right result with a number of the notebook as a factor too many or too few."""
        right, found = self.right(*args), {}
        for words, (letters, function) in NUMBERS.items():
            if letters.split() == self.letters:
                number = function(*args)
                for power, told in POWERS.items():
                    found[f"the right result {told.format(words)}"] = right * number**power
        return found

    def wanted(self, args, where="", follows=False, **options):
        """The right numbers at a point; `where` says which. follows: what a wrong derivation gives is accepted."""
        right, slips = self.right(*args), self.slips(*args)
        named = {}
        for text, wrong in numbered(slips):
            told = [earlier for other, earlier in named.items() if other.code == text.code]
            if not any(_equal(wrong, value) for value in (right, *told)):
                named[text] = wrong
        also = []
        if follows:
            for wrong in (*named.values(), *_usual_slips(right)):
                if _shows_a_result(wrong, right) and not any(_equal(wrong, other) for other in also):
                    also.append(wrong)
            named = {text: wrong for text, wrong in named.items() if not any(_equal(wrong, other) for other in also)}
        return Right(right, f"{self.call}{where}", named, also=also, **options)


def _equal(one, other):
    return np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def _usual_slips(right):
    """The sign, a factor 2, a transpose."""
    yield from (-right, 2 * right, right / 2)
    if right.ndim == 2 and not _equal(right, right.T):
        yield right.T


def _shows_a_result(wrong, right):
    shaped = np.shape(wrong) in (np.shape(right), np.shape(right)[::-1])
    return shaped and bool(np.isfinite(wrong).all() and not np.allclose(wrong, 0) and not _equal(wrong, right))


SMALL = 1e-6


def large(value, factor=1e12):
    """Far larger, but for the first entry: a difference with a step for that one drowns in the others."""
    far = factor * value
    if np.size(value) > 1:
        far.flat[0] = value.flat[0]
    return far


def far(value):
    """For Hessians: differences of a gradient are right there, second differences of a function are not."""
    return large(value, 2e5)


def and_scaled(draw, scales):
    """The points that this draws, and one where arguments are others: `scales` has a factor or a function, by places.

    The formula is as right there, and no difference is, be the function a polynomial of second degree. All sizes stay
    within single precision.
    """

    def drawn(rng):
        points, scaled = listed(draw(rng)), list(listed(draw(rng))[0])
        for place, factor in scales.items():
            scaled[place] = factor(scaled[place]) if callable(factor) else factor * scaled[place]
        return [*points, tuple(scaled)]

    return drawn


def and_small(draw, place):
    """A point, and another where the argument at `place` is small."""
    return and_scaled(draw, {place: SMALL})


def listed(points):
    return points if isinstance(points, list) else [points]


def cases_of(draw):
    def drawn(rng):
        return Case(cases=listed(draw(rng)))

    return drawn


def values(question, derivative, draw, where="", public=None, scales=None, **more):
    """The key of a question about numbers. draw(rng): a point, or a list of points, of which `where` may be a list.

    public(rng): likewise, for the record, where a smaller point says as much.
    scales: a point is added where differences lose their digits, see `and_scaled`.
    """
    if scales:
        draw, public = and_scaled(draw, scales), public and and_scaled(public, scales)
        where = [*listed(where), ", where differences lose their digits"]
    if public:
        more["record"] = cases_of(public)
    cases = cases_of(draw)

    class _:
        draw = cases

        def right(case):
            words = where if isinstance(where, list) else [where] * len(case.cases)
            told, rights = set(), []
            for args, word in zip(case.cases, words, strict=True):
                wanted = derivative.wanted(args, word)
                # What was told at an earlier point is not told again.
                fresh = {text: wrong for text, wrong in wanted.mistakes.items() if text not in told}
                rights.append(replace(wanted, mistakes=fresh))
                told |= fresh.keys()
            return rights

        def others(case):
            return derivative.beside(case.cases)

    _key(question, _, **more)


def alone(question, draw, *derivatives, public=None, lent=None):
    """The key of a question about arguments. draw(rng): a point for each of the derivatives; public: for the record.

    What a wrong derivation gives is accepted: it is judged by the questions about numbers.
    """
    more = ({"record": cases_of(public)} if public else {}) | ({"lent": lent} if lent else {})
    cases = cases_of(draw)

    class _:
        draw = cases

        def right(case):
            pairs = zip(derivatives, case.cases, strict=True)
            return [derivative.wanted(args, follows=True) for derivative, args in pairs]

    _key(question, _, **more)


def _key(question, cls, **more):
    for name, part in more.items():
        setattr(cls, name, part)
    key(question)(cls)

"""What holds for every verdict, whatever comes in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.diagnosis.diagnose import diagnose

UNPLANNED = "cannot be compared"  # the net under the rules: none of them should need it
LAX = settings(deadline=None, max_examples=100)
SHAPES = hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
FLOATS = st.floats(allow_nan=True, allow_infinity=True, width=64)
TAME = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
FINITE = hnp.arrays(np.float64, SHAPES, elements=TAME)
ANY_ARRAY = st.one_of(
    hnp.arrays(np.float64, SHAPES, elements=FLOATS),
    hnp.arrays(np.complex128, SHAPES),
    hnp.arrays(np.bool_, SHAPES),
    hnp.arrays(np.int64, SHAPES),
    hnp.arrays(np.float16, SHAPES),
    hnp.arrays("U3", SHAPES),
    hnp.arrays("M8[D]", SHAPES),
    hnp.arrays(np.object_, SHAPES, elements=st.none() | st.text(max_size=2) | FLOATS | st.lists(FLOATS, max_size=2)),
)


class Liar(np.ndarray):
    """An array that claims another shape and raises when it is compared or converted."""

    shape = (99, 99)

    def __eq__(self, other):
        raise RuntimeError("no")

    def __array__(self, *args, **kwargs):
        raise RuntimeError("no")


class Trap:
    """An object that raises whatever is asked of it."""

    def __getattribute__(self, name):
        raise RuntimeError(name)

    def __len__(self):
        raise RuntimeError("len")


class LyingList(list):
    def __len__(self):
        raise RuntimeError("len")


SCALARS = st.none() | st.booleans() | FLOATS | st.complex_numbers() | st.integers() | st.text(max_size=3)
ANYTHING = st.one_of(ANY_ARRAY, SCALARS, st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3), max_leaves=6))
ODD = {
    "object that raises": Trap,
    "list without length": lambda: LyingList([1]),
    "array that lies": lambda: np.full((2, 3), 4.0).view(Liar),
    "masked array": lambda: np.ma.masked_greater(np.arange(6.0).reshape(2, 3), 3),
    "matrix": lambda: np.arange(6.0).reshape(2, 3).view(np.matrix),
    "records": lambda: np.zeros((2, 3), dtype=[("a", float), ("b", int)]),
    "huge integer": lambda: 10**400,
    "huge negative integer": lambda: -(10**400),
    "class": lambda: Trap.__class__,
    "long double": lambda: np.longdouble("1e4000") * np.ones((2, 3)),
    "huge numbers": lambda: np.full((2, 3), 1e308),
    "list in itself": lambda: _endless(),
}


def _endless():
    loop = []
    loop.append(loop)
    return loop


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("expected", [np.ones((2, 3)), np.full((2, 3), -1e308), np.array(1.0), np.zeros((0, 3))])
@pytest.mark.parametrize("sequences", [True, False])
def test_never_raises_for_odd_objects(name, expected, sequences):
    """Objects made to break a comparison get a verdict as well."""
    verdict = diagnose(ODD[name](), expected, "result", sequences=sequences)
    assert not verdict.ok and verdict.hint() and UNPLANNED not in verdict.text()


@LAX
@given(yours=ANYTHING, expected=FINITE, sequences=st.booleans())
def test_never_raises(yours, expected, sequences):
    """Whatever a student returns gets a verdict in at most four lines and a hint in one."""
    verdict = diagnose(yours, expected, "result", scales={"batch_size": 5, "learning_rate": 0.1}, sequences=sequences)
    assert len(verdict.text("exercise").splitlines()) <= 4
    assert len(verdict.hint().splitlines()) == 1
    assert verdict.ok == (verdict.code == "ok")
    assert UNPLANNED not in verdict.pattern


@LAX
@given(yours=ANYTHING, expected=ANY_ARRAY.filter(lambda a: a.dtype.kind in "fciub"), wrong=ANYTHING)
def test_never_raises_for_odd_expected_or_named_values(yours, expected, wrong):
    """Infinite, huge and complex expected numbers and any named value are survived as well."""
    verdict = diagnose(yours, expected, mistakes={"named": wrong, "nothing": None})
    assert UNPLANNED not in verdict.pattern


@LAX
@given(expected=FINITE, power=st.integers(-10, 10), seed=st.integers(0, 1000))
def test_rounding_noise_is_right(expected, power, seed):
    """A right result of any size is not blamed for the last bits."""
    expected = expected * 10.0**power
    noise = np.random.default_rng(seed).uniform(-1, 1, expected.shape) * 1e-13
    top = np.abs(expected).max(initial=0.0)
    assert diagnose(expected * (1 + noise) + top * noise, expected).ok


@LAX
@given(seed=st.integers(0, 10_000), n=st.integers(1, 40), scale=st.floats(1e-6, 1e6))
def test_another_order_of_summation_is_right(seed, n, scale):
    """The same product by another route agrees."""
    rng = np.random.default_rng(seed)
    A, B = scale * rng.normal(size=(3, n)), rng.normal(size=(n, 4))
    order = rng.permutation(n)
    assert diagnose(np.einsum("ij,jk->ik", A[:, order], B[order]), A @ B).ok
    assert diagnose(sum(np.outer(A[:, k], B[k]) for k in order), A @ B).ok


@LAX
@given(
    expected=hnp.arrays(np.float64, (3, 4), elements=st.floats(0.1, 10), unique=True),
    ratio=st.floats(1e-3, 1e3).filter(lambda r: abs(r - 1) > 1e-2),
)
def test_stated_factor_is_the_factor(expected, ratio):
    """When the verdict speaks of a factor, it is that one."""
    verdict = diagnose(ratio * expected, expected)
    if verdict.code == "factor":
        shown = verdict.pattern.split(" = ")[1].split(" in all")[0]
        numerator, _, denominator = shown.partition("/")
        assert np.isclose(float(numerator) / float(denominator or 1), ratio, rtol=1e-3)
    else:
        assert verdict.code in ("integer", "function", "precision", "differs", "some", "part")


@LAX
@given(FINITE.filter(lambda a: np.abs(a).max(initial=0) > 0.2), st.integers(-12, 0))
def test_zero_is_never_right_for_what_is_tiny_but_not_zero(expected, power):
    """Tolerances follow the size of the array: zeros do not pass for a gradient of 1e-12. Below 1e-13 it is debris."""
    assert diagnose(0 * expected, expected * 10.0**power).code == "zero"

"""The layers: the references against JAX, also far out; their names and arguments.

JAX differentiates its own layers by itself, in float64. Where rounding matters most, mpmath has the digits it takes.
"""

import inspect
from pathlib import Path

import mpmath
import numpy as np
import pytest

from grader.judge.grading.spec import load_notebook, reference_cells

REPO = Path(__file__).resolve().parents[2]
WEEK, NAME = "week02_matrix_diff", "layers"
CELLS = reference_cells(REPO, WEEK, NAME)


def given(cell):
    notebook = load_notebook(REPO, WEEK, NAME).released
    return next(c.source for c in notebook.cells if c.id == cell)


REFERENCE = {"np": np}
exec(given("given_module"), REFERENCE)
for _source in CELLS.values():
    exec(_source, REFERENCE)


@pytest.fixture(scope="module")
def jax():
    """JAX with 64 bits, as long as this module's tests run."""
    module = pytest.importorskip("jax")
    module.config.update("jax_enable_x64", True)
    yield module
    module.config.update("jax_enable_x64", False)


ACTIVATIONS = {
    "SoftMax": ((), lambda jax, x: jax.nn.softmax(x, axis=1)),
    "LogSoftMax": ((), lambda jax, x: jax.nn.log_softmax(x, axis=1)),
    "ELU": ((1.7,), lambda jax, x: jax.nn.elu(x, 1.7)),
    "SoftPlus": ((), lambda jax, x: jax.nn.softplus(x)),
}


@pytest.mark.parametrize("scale", [1, 30, 1000])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_those_of_jax(jax, name, scale):
    """Value and input gradient, for inputs of size 1 to 1e3."""
    arguments, theirs = ACTIVATIONS[name]
    rng = np.random.default_rng(scale)
    x, G = scale * rng.uniform(-1, 1, size=(6, 5)), rng.normal(size=(6, 5))
    layer = REFERENCE[name](*arguments)
    value, gradient = jax.jit(lambda x, G: (theirs(jax, x), jax.vjp(lambda x: theirs(jax, x), x)[1](G)[0]))(x, G)
    np.testing.assert_allclose(layer.forward(x), value, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(layer.backward(x, G), gradient, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("x", [-1000.0, -40.0, 0.0, 40.0, 1000.0])
def test_softplus_is_right_to_the_last_digits(x):
    """Against a thousand digits: ln(1 + e^x) and 1 / (1 + e^-x)."""
    layer, one = REFERENCE["SoftPlus"](), np.array([[x]])
    with mpmath.workdps(1000):
        value = float(mpmath.log(1 + mpmath.exp(x)))
        slope = float(1 / (1 + mpmath.exp(-x)))
    assert layer.forward(one)[0, 0] == pytest.approx(value, rel=1e-14, abs=1e-300)
    assert layer.backward(one, np.ones((1, 1)))[0, 0] == pytest.approx(slope, rel=1e-13, abs=1e-16)


def test_criteria_are_those_of_jax(jax):
    rng = np.random.default_rng(1)
    x, t, y = rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), np.array([2, 0, 1, 1, 2])
    cases = [
        ("MSECriterion", t, lambda x: jax.numpy.mean(jax.numpy.sum((x - t) ** 2, axis=1))),
        ("NLLCriterion", y, lambda x: -jax.numpy.mean(jax.numpy.take_along_axis(x, y[:, None], axis=1))),
    ]
    for name, target, theirs in cases:
        value, gradient = jax.jit(jax.value_and_grad(theirs))(x)
        criterion = REFERENCE[name]()
        assert criterion.forward(x, target) == pytest.approx(float(value), rel=1e-13)
        np.testing.assert_allclose(criterion.backward(x, target), gradient, rtol=1e-13)


def test_a_whole_network_is_that_of_jax(jax):
    """Gradients of the input and of every parameter, through all layers and a loss."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(7, 4)), rng.integers(0, 3, size=7)
    Linear, Sequential = REFERENCE["Linear"], REFERENCE["Sequential"]
    inner = Sequential(Linear(4, 6), REFERENCE["ELU"](0.5), Linear(6, 5), REFERENCE["SoftPlus"]())
    network = Sequential(inner, Linear(5, 3), REFERENCE["LogSoftMax"]())
    parameters = [array.copy() for array in network.parameters()]
    loss = REFERENCE["NLLCriterion"]()

    def theirs(parameters, x):
        W1, b1, W2, b2, W3, b3 = parameters
        hidden = jax.nn.softplus(jax.nn.elu(x @ W1 + b1, 0.5) @ W2 + b2)
        logs = jax.nn.log_softmax(hidden @ W3 + b3, axis=1)
        return -jax.numpy.mean(logs[np.arange(7), y])

    value, (wanted, wanted_x) = jax.jit(jax.value_and_grad(theirs, argnums=(0, 1)))(parameters, x)
    output = network.forward(x)
    assert loss.forward(output, y) == pytest.approx(float(value), rel=1e-12)
    grad_x = network.backward(x, loss.backward(output, y))
    np.testing.assert_allclose(grad_x, wanted_x, rtol=1e-11, atol=1e-14)
    for mine, one in zip(network.gradients(), wanted, strict=True):
        np.testing.assert_allclose(mine, one, rtol=1e-11, atol=1e-14)


class Counting(np.ndarray):
    """An array whose products, matrix products too, add the multiplications they take to `taken`."""

    taken = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        options |= {"out": tuple(map(np.asarray, options["out"]))} if "out" in options else {}
        found = np.asarray(getattr(ufunc, method)(*map(np.asarray, inputs), **options))
        if ufunc in (np.multiply, np.matmul):
            Counting.taken += found.size * (np.shape(inputs[0])[-1] if ufunc is np.matmul else 1)
        return found.view(Counting)


def test_the_way_back_costs_about_two_forward_passes():
    """As autodiff says, and the lecture of week 1: in multiplications, for layers with 90 000 weights."""
    network = REFERENCE["Sequential"](*(REFERENCE["Linear"](*sizes) for sizes in ((200, 300), (300, 100))))
    x, counts = np.random.default_rng(3).normal(size=(8, 200)).view(Counting), []
    for way in (lambda: network.forward(x), lambda: network.backward(x, np.ones((8, 100)).view(Counting))):
        before = Counting.taken
        way()
        counts.append(Counting.taken - before)
    assert counts == [8 * 90_000, 2 * 8 * 90_000]


# The notebook.

SIGNATURES = {
    "Linear": "n_in n_out",
    "SoftMax": "",
    "LogSoftMax": "",
    "ELU": "alpha",
    "SoftPlus": "",
    "Sequential": "layers",
    "MSECriterion": "",
    "NLLCriterion": "",
}


@pytest.fixture(scope="module")
def spec():
    return load_notebook(REPO, WEEK, NAME)


def parameters_of(function):
    return " ".join(inspect.signature(function).parameters)


def test_names_points_and_arguments_are_those_of_the_contract(spec):
    """Eight classes of half a bonus point, in stubs and reference alike."""
    assert {cell.grade_id: (cell.points, cell.bonus) for cell in spec.cells} == {
        f"test_{name}": (0.5, True) for name in SIGNATURES
    }
    stubs = {"np": np}
    exec(given("given_module"), stubs)
    for cell in spec.released.cells:
        if cell.id in SIGNATURES:
            exec(cell.source, stubs)
    for name, arguments in SIGNATURES.items():
        second = "target" if name.endswith("Criterion") else "grad_output"
        for namespace in (stubs, REFERENCE):
            cls = namespace[name]
            assert parameters_of(cls) == arguments if "__init__" in vars(cls) else not arguments
            assert parameters_of(cls.backward) == f"self x {second}"
    assert inspect.signature(REFERENCE["ELU"]).parameters["alpha"].default == 1.0

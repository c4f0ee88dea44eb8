# ruff: noqa: E731

# %% standard_normal_and_random
def he_init(input_units, output_units, rng):
    return rng.standard_normal((input_units, output_units)) * (2.0 / input_units) ** 0.5


def xavier_init(input_units, output_units, rng):
    c = np.sqrt(3 / ((input_units + output_units) / 2))
    return c * (2 * rng.random((input_units, output_units)) - 1)


# %% column_by_column
def he_init(input_units, output_units, rng):
    columns = [rng.normal(0, np.sqrt(2 / input_units), input_units) for _ in range(output_units)]
    return np.array(columns).T


def xavier_init(input_units, output_units, rng):
    limit = (6 / (output_units + input_units)) ** 0.5
    return rng.uniform(low=-limit, high=limit, size=[input_units, output_units])


# %% loc_and_scale
def he_init(input_units, output_units, rng):
    std = np.sqrt(2 / input_units)
    return rng.normal(loc=0, scale=std, size=(input_units, output_units))


def xavier_init(input_units, output_units, rng):
    bound = np.sqrt(6 / (input_units + output_units))
    return rng.uniform(-bound, bound, (input_units, output_units))


# %% size_before_scale
def he_init(input_units, output_units, rng):
    shape = [input_units, output_units]
    return rng.normal(size=shape, scale=np.sqrt(2.0) / np.sqrt(input_units))


def xavier_init(input_units, output_units, rng):
    shape = [input_units, output_units]
    variance = 2 / (input_units + output_units)
    c = np.sqrt(3 * variance)
    return rng.uniform(size=shape, high=c, low=-c)


# %% entry_by_entry
def he_init(input_units, output_units, rng):
    W = np.zeros((input_units, output_units))
    for i in range(input_units):
        for j in range(output_units):
            W[i, j] = rng.normal(0, (2 / input_units) ** 0.5)
    return W


def xavier_init(input_units, output_units, rng):
    c = (6 / (input_units + output_units)) ** 0.5
    return np.array([[rng.uniform(-c, c) for _ in range(output_units)] for _ in range(input_units)])


# %% flat_and_reshaped
def he_init(input_units, output_units, rng):
    n = input_units * output_units
    return (rng.standard_normal(n) * np.sqrt(2 / input_units)).reshape(input_units, output_units)


def xavier_init(input_units, output_units, rng):
    n = input_units * output_units
    c = np.sqrt(6) / np.sqrt(input_units + output_units)
    return np.reshape(-c + 2 * c * rng.random(n), (input_units, output_units))


# %% single_precision
def he_init(input_units, output_units, rng):
    return rng.standard_normal((input_units, output_units), dtype=np.float32) * np.float32(np.sqrt(2 / input_units))


def xavier_init(input_units, output_units, rng):
    c = np.float32(np.sqrt(6 / (input_units + output_units)))
    return (rng.random((input_units, output_units), dtype=np.float32) * 2 - 1) * c


# %% in_place
def he_init(input_units, output_units, rng):
    weights = np.empty((input_units, output_units))
    rng.standard_normal(out=weights)
    weights *= np.sqrt(2 / input_units)
    return weights


def xavier_init(input_units, output_units, rng):
    weights = np.empty((input_units, output_units))
    rng.random(out=weights)
    weights -= 0.5
    weights *= np.sqrt(12 * 2 / (input_units + output_units))
    return weights


# %% helpers_with_hints
import math


def standard_deviation(fan: float, gain: float = 1.0) -> float:
    return math.sqrt(gain / fan)


def he_init(input_units: int, output_units: int, rng: np.random.Generator) -> np.ndarray:
    assert input_units > 0 and output_units > 0
    return standard_deviation(input_units, gain=2) * rng.normal(size=(input_units, output_units))


def xavier_init(input_units: int, output_units: int, rng: np.random.Generator) -> np.ndarray:
    limit = math.sqrt(3) * standard_deviation((input_units + output_units) / 2)
    return limit * rng.uniform(-1, 1, size=(input_units, output_units))


# %% covariance_of_many_units
def he_init(input_units, output_units, rng):
    """Every column is one draw of a normal vector."""
    covariance = np.eye(input_units) * 2 / input_units
    return rng.multivariate_normal(np.zeros(input_units), covariance, size=output_units, method="cholesky").T


def xavier_init(input_units, output_units, rng):
    c = np.sqrt(6 / (input_units + output_units))
    signs = rng.choice([-1, 1], size=(input_units, output_units))
    return c * signs * rng.random((input_units, output_units))


# %% box_and_muller
def he_init(input_units, output_units, rng):
    shape = (input_units, output_units)
    radius = np.sqrt(-2 * np.log(1 - rng.random(shape)))
    return radius * np.cos(2 * np.pi * rng.random(shape)) * np.sqrt(2 / input_units)


def xavier_init(input_units, output_units, rng):
    shape = (input_units, output_units)
    return np.interp(rng.random(shape), [0, 1], np.array([-1, 1]) * np.sqrt(6 / sum(shape)))


# %% lambdas
he_init = lambda input_units, output_units, rng: rng.normal(0, np.sqrt(2 / input_units), (input_units, output_units))
xavier_init = lambda input_units, output_units, rng: (
    rng.uniform(-1, 1, (input_units, output_units)) * np.sqrt(6 / (input_units + output_units))
)


# %% drawn_as_out_by_in
def he_init(input_units, output_units, rng):
    return np.sqrt(2 / input_units) * rng.normal(size=(output_units, input_units)).T


def xavier_init(input_units, output_units, rng):
    c = np.sqrt(6 / (input_units + output_units))
    return rng.uniform(-c, c, size=(output_units, input_units)).T


# %% a_child_of_the_generator
def he_init(input_units, output_units, rng):
    child = np.random.default_rng(rng.integers(2**63))
    return np.sqrt(2 / input_units) * child.normal(size=(input_units, output_units))


def xavier_init(input_units, output_units, rng):
    c = np.sqrt(6 / (input_units + output_units))
    child = rng.spawn(1)[0]
    return child.uniform(-c, c, size=(input_units, output_units))

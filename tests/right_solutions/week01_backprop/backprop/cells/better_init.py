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

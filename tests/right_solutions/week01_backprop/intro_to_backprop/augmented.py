# Biases as a column of ones, helper cells, fractions, a set of letters.

# %% before cube_step
def downhill(point, slope, rate):
    return point - rate * slope


# %% before two_steps_down
from fractions import Fraction

# %% two_steps_down
two_steps_down = Fraction(4) * Fraction(1, 2) ** 2


# %% cube_step
def cube_step(theta, x, y, learning_rate):
    """The minimum is at sum(x^3 y) / sum(x^6); a step goes a share of the way there."""
    curvature = float(np.mean(x**6))
    slope = curvature * theta - float(np.mean(x**3 * y))
    return float(downhill(theta, slope, learning_rate))


# %% quadratic_step
def quadratic_step(theta, x, y, learning_rate):
    A = np.vstack([x * x, x, 1 + 0 * x])
    return downhill(theta, (A @ A.T @ theta - A @ y) / A.shape[1], learning_rate)


# %% two_paths
two_paths = Fraction(8)


# %% hidden_layer_grads
def hidden_layer_grads(x, y, w0, b0, w1, b1):
    def with_ones(array):
        return np.hstack([array, np.ones((len(array), 1))])

    hidden = sigmoid(with_ones(x) @ np.vstack([w0, b0]))
    out = (with_ones(hidden) @ np.vstack([w1, b1[None]]) - y) / len(y)
    second = with_ones(hidden).T @ out
    first = with_ones(x).T @ (out * w1.T * hidden * (1 - hidden))
    return first[:-1], first[-1], second[:-1], second[-1]


# %% zero_start
zero_start = {"d", "c"}

# %% unit_change
unit_change = 1_000_000

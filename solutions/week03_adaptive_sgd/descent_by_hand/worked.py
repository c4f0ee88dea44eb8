"""The worksheet's steps as functions: from the weights so far, start included, to the next one."""

import numpy as np

ETA, ALPHA = 0.1, 0.9
SAMPLES = [(1.0, 2.0), (2.0, 3.0)]


def slope(w):
    """Slope of the mean squared error of both samples."""
    return float(np.mean([-2 * x * (y - w * x) for x, y in SAMPLES]))


def descent(w):
    return w[-1] - ETA * slope(w[-1])


def stochastic(w):
    x, y = SAMPLES[(len(w) - 1) % 2]
    return w[-1] + ETA * 2 * x * (y - w[-1] * x)


def velocity(w):
    """The last velocity: what the last step subtracted."""
    return w[-2] - w[-1] if len(w) > 1 else 0.0


def momentum(w):
    return w[-1] - ALPHA * velocity(w) - ETA * slope(w[-1])


def nesterov(w):
    ahead = w[-1] - ALPHA * velocity(w)
    return ahead - ETA * slope(ahead)


def rmsprop(w):
    mean_square = 0.0
    for weight in w:
        mean_square = ALPHA * mean_square + (1 - ALPHA) * slope(weight) ** 2
    return w[-1] - ETA * slope(w[-1]) / np.sqrt(mean_square) if mean_square else np.nan


def adam(w):
    m = v = 0.0
    for weight in w:
        m, v = 0.9 * m + 0.1 * slope(weight), 0.9 * v + 0.1 * slope(weight) ** 2
    correction = 1 - 0.9 ** len(w)
    return w[-1] - ETA * (m / correction) / np.sqrt(v / correction) if v else np.nan

# %% gd_rate
def gd_rate(eta, curvatures):
    return max(abs(1 - eta * min(curvatures)), abs(1 - eta * max(curvatures)))


# %% best_gd
def best_gd(smallest, largest):
    kappa = largest / smallest
    return [2 / (smallest + largest), (kappa - 1) / (kappa + 1)]


# %% noise_floor
def noise_floor(eta, curvature, variance):
    return eta * variance / (curvature * (2 - eta * curvature))


# %% heavy_ball_rate
import cmath


def heavy_ball_rate(eta, mu, curvatures):
    rates = []
    for c in curvatures:
        b = 1 + mu - eta * c
        root = cmath.sqrt(b * b - 4 * mu)
        rates.append(max(abs(b + root), abs(b - root)) / 2)
    return max(rates)


# %% best_heavy_ball
from math import sqrt


def best_heavy_ball(smallest, largest):
    kappa = largest / smallest
    rate = (sqrt(kappa) - 1) / (sqrt(kappa) + 1)
    eta = 4 / (sqrt(smallest) + sqrt(largest)) ** 2
    return eta, rate**2, rate

# %% gd_rate
# The factor 1 - eta k falls in a straight line with k, so its largest size stands at one of the two ends. Curvatures
# between them do not matter.
def gd_rate(eta, curvatures):
    return max(abs(1 - eta * min(curvatures)), abs(1 - eta * max(curvatures)))


# %% best_gd
# Only the ratio of the curvatures decides how fast it goes. Their size decides the rate, and nothing else.
def best_gd(smallest, largest):
    condition = largest / smallest
    return 2 / (smallest * (1 + condition)), (condition - 1) / (condition + 1)


# %% noise_floor
# Written out, 1 - (1 - eta k)^2 is eta k (2 - eta k). So for small rates the floor is eta times the variance over 2 k:
# half the rate, half the floor.
def noise_floor(eta, curvature, variance):
    return eta * variance / (curvature * (2 - eta * curvature))


# %% heavy_ball_rate
# The product of the two eigenvalues is mu. Where they are complex both have the size sqrt(mu), whatever the curvature:
# all these directions shrink alike.
def heavy_ball_rate(eta, mu, curvatures):
    return max(np.max(np.abs(np.roots([1, eta * k - 1 - mu, mu]))) for k in curvatures)


# %% best_heavy_ball
# The condition number enters by its root: with momentum, a condition of 100 is as fast as one of 10 without.
def best_heavy_ball(smallest, largest):
    root = np.sqrt(largest / smallest)
    rate = (root - 1) / (root + 1)
    return (1 - rate) ** 2 / smallest, rate**2, rate

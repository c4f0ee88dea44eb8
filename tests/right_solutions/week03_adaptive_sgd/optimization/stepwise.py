# %% gd_rate
def gd_rate(eta, curvatures):
    worst = 0
    for k in sorted(curvatures):
        factor = abs(1 - eta * k)
        if factor > worst:
            worst = factor
    return float(worst)


# %% best_gd
def best_gd(smallest, largest):
    """Where the two lines cross: solved as a linear system for (eta, rate)."""
    # rate = 1 - eta * smallest;  rate = eta * largest - 1
    eta, rate = np.linalg.solve([[smallest, 1], [largest, -1]], [1, 1])
    return eta, rate


# %% noise_floor
def noise_floor(eta, curvature, variance):
    square = 0.0
    for _ in range(5000):
        square = (1 - eta * curvature) ** 2 * square + eta**2 * variance
    return square


# %% heavy_ball_rate
def heavy_ball_rate(eta, mu, curvatures):
    """In blocks: one matrix for all directions."""
    n = len(curvatures)
    A, one = np.diag(curvatures), np.eye(n)
    M = np.block([[one - eta * A, -mu * one], [eta * A, mu * one]])
    return abs(np.linalg.eigvals(M)).max()


# %% best_heavy_ball
def best_heavy_ball(smallest, largest):
    """sqrt(eta) and sqrt(mu) from two linear equations."""
    a, b = np.sqrt(smallest), np.sqrt(largest)
    s, r = np.linalg.solve([[a, 1], [b, -1]], [1, 1])
    return s**2, r**2, abs(r)

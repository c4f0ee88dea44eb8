# %% gd_rate
def gd_rate(eta, curvatures):
    factors = 1 - eta * np.array(curvatures)
    return max(factors.max(), -factors.min())


# %% best_gd
def best_gd(smallest, largest):
    centre, radius = (largest + smallest) / 2, (largest - smallest) / 2
    return 1 / centre, radius / centre


# %% noise_floor
def noise_floor(eta, curvature, variance):
    total = sum((1 - eta * curvature) ** (2 * t) for t in range(20_000))
    return total * eta**2 * variance


# %% heavy_ball_rate
def heavy_ball_rate(eta, mu, curvatures):
    """Complex roots have the size sqrt(mu), real ones by the formula."""
    rates = []
    for k in curvatures:
        trace, det = 1 + mu - eta * k, mu
        inside = trace**2 - 4 * det
        if inside < 0:
            rates.append(np.sqrt(det))
        else:
            rates.append((abs(trace) + np.sqrt(inside)) / 2)
    return np.max(rates)


# %% best_heavy_ball
def best_heavy_ball(smallest, largest):
    gap = np.sqrt(largest) - np.sqrt(smallest)
    rate = gap**2 / (largest - smallest)
    mu = rate * rate
    eta = 2 * (1 + mu) / (smallest + largest)
    return eta, mu, rate

# %% gd_rate
def gd_rate(eta, curvatures):
    return np.linalg.norm(1 - eta * np.asarray(curvatures), np.inf)


# %% best_gd
def best_gd(smallest, largest):
    eta = 1 / np.mean([smallest, largest])
    return np.array([eta, 1 - eta * smallest])


# %% noise_floor
def noise_floor(eta, curvature, variance):
    x = eta * curvature
    return (eta / curvature) * variance / (2 - x)


# %% heavy_ball_rate
def heavy_ball_rate(eta, mu, curvatures):
    k = np.asarray(curvatures, dtype=complex)
    half = (1 + mu - eta * k) / 2
    root = np.sqrt(half**2 - mu)
    return np.maximum(abs(half + root), abs(half - root)).max()


# %% best_heavy_ball
def best_heavy_ball(smallest, largest):
    low, high = np.sqrt([smallest, largest])
    rate = 1 - 2 * low / (low + high)
    return np.array([4 / (low + high) ** 2, rate**2, rate])

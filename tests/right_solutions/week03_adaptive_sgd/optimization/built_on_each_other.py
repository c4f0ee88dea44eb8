# %% best_gd
def best_gd(smallest, largest):
    eta = 1 / ((smallest + largest) / 2)
    return eta, gd_rate(eta, np.array([smallest, largest]))


# %% noise_floor
def noise_floor(eta, curvature, variance):
    a = gd_rate(eta, np.array([curvature]))
    settled = variance * eta**2
    return np.float64(settled / ((1 - a) * (1 + a)))


# %% heavy_ball_rate
def heavy_ball_rate(eta, mu, curvatures):
    def rate(k):
        return np.abs(np.roots([1, -(1 + mu - eta * k), mu])).max()

    return np.array([rate(k) for k in curvatures]).max()


# %% best_heavy_ball
def best_heavy_ball(smallest, largest):
    r = (largest**0.5 - smallest**0.5) / (largest**0.5 + smallest**0.5)
    eta, mu = (1 - r) ** 2 / smallest, r * r
    return eta, mu, heavy_ball_rate(eta, mu, np.array([smallest, largest]))

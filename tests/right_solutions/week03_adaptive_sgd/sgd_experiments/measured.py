# Every number found by experiment, with the notebook's own tools.

# %% step_limit
etas = np.linspace(0.01, 1, 991)
step_limit = etas[heavy_ball.rate(etas, 0 * etas, [2, 5, 8]) < 1].max()

# %% batch_noise
batch_noise = np.round(np.sqrt(100) / np.sqrt(4), 1)

# %% noise_floor
noise_floor = "B"

# %% shuffling
shuffling = "c "

# %% momentum_limit
etas = np.linspace(0.001, 1, 1000)
momentum_limit = float(etas[heavy_ball.rate(etas, 0.9 + 0 * etas, 10) < 1][-1])

# %% best_momentum
etas, mus = np.meshgrid(np.linspace(0.01, 0.2, 191), np.linspace(0, 0.99, 199))
place = np.argmin(heavy_ball.rate(etas, mus, [1, 25]))
best_momentum = np.array([etas.ravel()[place], mus.ravel()[place]])

# %% reach
reach = sum(0.5 / (1 + t) ** 2 for t in range(100_000))


# %% cosine_rate
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    if t >= steps:
        return lr_low
    return lr_low + (lr_high - lr_low) * np.cos(np.pi * t / (2 * steps)) ** 2

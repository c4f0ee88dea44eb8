# %% step_limit
# The factor 1 - eta c must stay above -1 for the steepest curvature: eta < 2 / 8.
step_limit = 0.25

# %% batch_noise
# The standard deviation of a mean falls with the root of the number of points: sqrt(100 / 4).
batch_noise = 5

# %% noise_floor
noise_floor = "b"

# %% shuffling
shuffling = "c"

# %% momentum_limit
# -1 = (1 + mu - eta c) + mu with d = 1, -1, 1, ... gives eta = 2 (1 + mu) / c.
momentum_limit = 0.38

# %% best_momentum
# Polyak: eta = (2 / (sqrt(25) + sqrt(1)))^2, mu = ((sqrt(25) - sqrt(1)) / (sqrt(25) + sqrt(1)))^2; the factor is
# sqrt(mu) = 2/3, against 24/26 = 0.92 of plain descent.
best_momentum = (0.1111, 0.4444)

# %% reach
# 0.5 pi^2 / 6.
reach = 0.82


# %% cosine_rate
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    """The learning rate at step t = 0, 1, ... of a cosine schedule over `steps` steps; lr_low for t > steps.

    Half a wave of the cosine from lr_high down to lr_low. Loshchilov and Hutter, 2017, without restarts.
    """
    share = min(t / steps, 1.0)
    return lr_low + (lr_high - lr_low) * (1 + np.cos(np.pi * share)) / 2

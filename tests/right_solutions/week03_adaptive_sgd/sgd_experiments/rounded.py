# Rounded as far as the questions allow; whole numbers where they do.

# %% step_limit
step_limit = 1 / 4

# %% batch_noise
batch_noise = np.int64(5)

# %% noise_floor
noise_floor = "b"

# %% shuffling
shuffling = "c"

# %% momentum_limit
momentum_limit = np.array(0.38)

# %% best_momentum
best_momentum = (0.11, 0.44)

# %% reach
reach = 0.82


# %% cosine_rate
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    t = np.clip(t, 0, steps)
    return np.interp(np.cos(np.pi * t / steps), [-1, 1], [lr_low, lr_high])

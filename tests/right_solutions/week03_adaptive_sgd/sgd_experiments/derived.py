# Every number from a formula.

# %% before step_limit
import math


# %% step_limit
step_limit = 2 / max(2, 5, 8)

# %% batch_noise
batch_noise = math.sqrt(100 / 4)

# %% noise_floor
noise_floor = "(b)"

# %% shuffling
shuffling = "C"

# %% momentum_limit
mu, curvature = 0.9, 10
momentum_limit = 2 * (1 + mu) / curvature

# %% best_momentum
best_momentum = [(2 / (math.sqrt(25) + 1)) ** 2, ((math.sqrt(25) - 1) / (math.sqrt(25) + 1)) ** 2]

# %% reach
reach = math.pi**2 / 12


# %% cosine_rate
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    middle, height = (lr_high + lr_low) / 2, (lr_high - lr_low) / 2
    return middle + height * math.cos(math.pi * min(1, t / steps))

# %% as_in_the_text
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    if t > steps:
        return lr_low
    return lr_low + 0.5 * (lr_high - lr_low) * (1 + np.cos(np.pi * t / steps))


# %% half_angle
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    return lr_low + (lr_high - lr_low) * np.cos(np.pi / 2 * min(t / steps, 1)) ** 2


# %% math_and_where
import math


def cosine_rate(t, steps, lr_high, lr_low=0.0):
    wave = (1 + math.cos(math.pi * t / steps)) / 2
    return np.where(t <= steps, lr_low + (lr_high - lr_low) * wave, lr_low)


# %% sine
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    share = np.minimum(t, steps) / steps
    return lr_high - (lr_high - lr_low) * np.sin(np.pi * share / 2) ** 2


# %% weights_of_both_ends
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    up = (1 + np.cos(np.pi * np.clip(t / steps, 0, 1))) / 2
    return up * lr_high + (1 - up) * lr_low


# %% half_open
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    print(t)
    return float(lr_low + (lr_high - lr_low) * (1 + np.cos(t / steps * np.pi)) / 2 if t < steps else lr_low)

# %% cosine_rate
# The share of the way is cut off at 1: without that, the rate would rise again after the last step.
def cosine_rate(t, steps, lr_high, lr_low=0.0):
    quarter = np.pi / 2 * min(t, steps) / steps
    return lr_low + (lr_high - lr_low) * np.cos(quarter) ** 2

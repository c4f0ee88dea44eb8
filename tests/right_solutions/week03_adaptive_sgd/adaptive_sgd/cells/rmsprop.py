# %% sqrt_first
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    s = alpha * mean_square + (1 - alpha) * grad * grad
    rms = np.sqrt(s)
    return w - lr * (grad / (rms + eps)), s


# %% power
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    s = np.power(grad, 2) * (1 - alpha) + mean_square * alpha
    return w - (lr / (s**0.5 + eps)) * grad, s


# %% asserts
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    assert w.shape == grad.shape == mean_square.shape
    assert np.all(mean_square >= 0)
    mean_square = mean_square - (1 - alpha) * (mean_square - grad**2)
    print(mean_square.max())
    return w - lr * grad / (np.sqrt(mean_square) + eps), mean_square


# %% single
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    s = (alpha * mean_square + (1 - alpha) * grad**2).astype(np.float32)
    return (w - lr * grad / (np.sqrt(s) + eps)).astype(np.float32), s

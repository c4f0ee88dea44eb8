# %% negative_product
def sgd_step(w, grad, lr):
    return w + -1 * lr * grad


# %% named_result
def sgd_step(w, grad, lr):
    new_w = w.copy()
    new_w = new_w - grad * lr
    return new_w


# %% asarray
def sgd_step(w, grad, lr):
    return np.asarray(w) - float(lr) * np.asarray(grad)


# %% single
def sgd_step(w, grad, lr):
    return (w - lr * grad).astype(np.float32)

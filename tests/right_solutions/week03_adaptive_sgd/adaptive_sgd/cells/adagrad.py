# %% by_sgd
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    total = sum_square + grad**2
    return sgd_step(w, grad / (np.sqrt(total) + eps), lr), total


# %% rate_by_coordinate
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    G = grad * grad + sum_square
    rates = lr / (np.sqrt(G) + eps)
    return w - rates * grad, G


# %% hypot
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    root = np.hypot(np.sqrt(sum_square), grad)
    return w - lr * grad / (root + eps), sum_square + grad * grad

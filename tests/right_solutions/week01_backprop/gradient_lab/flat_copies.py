# %% numerical_grad
def numerical_grad(f, x, h=1e-5):
    flat = np.array(x, dtype=float).ravel()
    slopes = []
    for k in range(flat.size):
        moved = []
        for side in (h, -h):
            point = flat.copy()
            point[k] += side
            moved.append(f(point.reshape(x.shape)))
        slopes.append((moved[0] - moved[1]) / (2 * h))
    return np.array(slopes).reshape(x.shape)


# %% relative_error
def relative_error(a, b):
    worst = 0.0
    for p, q in zip(np.ravel(a), np.ravel(b)):  # noqa: B905
        if p != q:
            worst = max(worst, abs(p - q) / (abs(p) + abs(q)))
    return worst


# %% tenfold
tenfold = 10**2

# %% kink_reading
kink_reading = "C"

# %% both_zero
both_zero = " b "


# %% bug_1
def dense_backward(X, W, G):
    return G @ W.T, X.T @ G, G.sum(0)


# %% bug_2
def softmax_cross_entropy(logits, y):
    rows = np.arange(len(y))
    log_p = logits - np.log(np.sum(np.exp(logits), axis=1))[:, None]
    grad = np.exp(log_p)
    grad[rows, y] = grad[rows, y] - 1
    return -log_p[rows, y].sum() / len(y), grad / len(y)


# %% bug_3
def standardise_backward(X, G, eps=1e-5):
    n = X.shape[0]
    mean, var = X.mean(0), X.var(0)
    std = np.sqrt(var + eps)
    d_var = np.sum(G * (X - mean), axis=0) * -0.5 * std**-3
    d_mean = np.sum(-G / std, axis=0)
    return G / std + d_var * 2 * (X - mean) / n + d_mean / n


# %% twenty
twenty = "d)"

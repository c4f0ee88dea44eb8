# %% numerical_grad
def numerical_grad(f, x, h=1e-5):
    grad = np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index", "zerosize_ok"])
    while not it.finished:
        where = it.multi_index
        old = float(x[where])
        x[where] = old + h
        fp = f(x)
        x[where] = old - h
        fm = f(x)
        x[where] = old
        grad[where] = (fp - fm) / (2.0 * h)
        it.iternext()
    return grad


# %% relative_error
def relative_error(a, b):
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))


# %% tenfold
tenfold = 100.0

# %% kink_reading
kink_reading = "c"

# %% both_zero
both_zero = "b"


# %% bug_1
def dense_backward(X, W, G):
    """Sums over the batch, sample by sample."""
    assert X.shape[0] == G.shape[0]
    dW, db = np.zeros(W.shape), np.zeros(W.shape[1])
    for x, g in zip(X, G):  # noqa: B905
        dW += np.outer(x, g)
        db += g
    return np.array([W @ g for g in G]), dW, db


# %% bug_2
def softmax_cross_entropy(logits, y):
    n, c = logits.shape
    p = np.zeros((n, c))
    for i in range(n):
        e = np.exp(logits[i] - max(logits[i]))
        p[i] = e / sum(e)
    loss = 0.0
    for i in range(n):
        loss -= np.log(p[i, y[i]]) / n
        p[i, y[i]] -= 1
    return loss, p / n


# %% bug_3
def standardise_backward(X, G, eps=1e-5):
    dX = np.zeros_like(X)
    n, d = X.shape
    for j in range(d):
        s = np.sqrt(np.var(X[:, j]) + eps)
        z = (X[:, j] - np.mean(X[:, j])) / s
        for i in range(n):
            dX[i, j] = (n * G[i, j] - sum(G[:, j]) - z[i] * sum(G[:, j] * z)) / (n * s)
    return dX


# %% twenty
twenty = "D"

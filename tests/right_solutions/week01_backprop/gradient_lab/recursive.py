# %% numerical_grad
def numerical_grad(f, x, h=1e-5):
    result = np.empty_like(x)
    saved = x.copy()

    def visit(index):
        if len(index) < x.ndim:
            for k in range(x.shape[len(index)]):
                visit((*index, k))
            return
        x[index] += h
        result[index] = f(x)
        x[...] = saved
        x[index] -= h
        result[index] -= f(x)
        x[...] = saved

    visit(())
    result /= 2 * h
    return result


# %% relative_error
def relative_error(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    both = (a == 0) & (b == 0)
    if both.all():
        return 0
    a, b = a[~both], b[~both]
    return (abs(a - b) / (abs(a) + abs(b) + 1e-12)).max()


# %% tenfold
tenfold = 100

# %% kink_reading
kink_reading = "c"

# %% both_zero
both_zero = "b"


# %% bug_1
def dense_backward(X, W, G):
    dX = np.tensordot(G, W, axes=(1, 1))
    dW = np.tensordot(X, G, axes=(0, 0))
    db = np.add.reduce(G)
    return dX, dW, db


# %% bug_2
def softmax_cross_entropy(logits, y):
    n = len(y)
    shifted = (logits.T - logits.max(axis=1)).T
    p = (np.exp(shifted).T / np.exp(shifted).sum(axis=1)).T
    loss = -np.mean(np.log(np.take_along_axis(p, y[:, None], axis=1)))
    gradient = p.copy()
    np.subtract.at(gradient, (np.arange(n), y), 1)
    return float(loss), np.divide(gradient, n)


# %% bug_3
def standardise_backward(X, G, eps=1e-5):
    n = len(X)
    columns = []
    for x, g in zip(X.T, G.T):  # noqa: B905
        s = np.sqrt(x.var() + eps)
        z = (x - x.mean()) / s
        jacobian = (np.eye(n) - np.ones((n, n)) / n - np.outer(z, z) / n) / s
        columns.append(jacobian @ g)
    return np.stack(columns, axis=1)


# %% twenty
twenty = "d"

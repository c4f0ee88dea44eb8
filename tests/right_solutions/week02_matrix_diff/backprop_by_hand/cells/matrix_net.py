# ruff: noqa: B905

# %% sample_by_sample
def matrix_net_grads(X, y, W1, W2, w3):
    n = len(X)
    g1, g2, g3 = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)
    for x, t in zip(X, y):
        a = sigmoid(x @ W1)
        b = sigmoid(a @ W2)
        e = (b @ w3 - t) / n
        g3 += e * b
        d2 = e * w3 * b * (1 - b)
        g2 += np.outer(a, d2)
        d1 = (W2 @ d2) * a * (1 - a)
        g1 += np.outer(x, d1)
    return g1, g2, g3

# The points are expanded before classify expands them again, which changes nothing; keywords in another order.


# %% expand
def expand(X):
    a, b = X[:, 0], X[:, 1]
    return np.stack([a, b, a * a, b * b, a * b, np.ones(len(X))], axis=1)


# %% classify
def classify(X, w):
    z = expand(expand(X)) @ w
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


# %% compute_loss
def compute_loss(X, y, w):
    F = expand(X)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = classify(w=w, X=F)
        usual = -np.where(y == 1, np.log(p), np.log(1 - p))
    z = F @ w
    return np.mean(np.where(np.abs(z) < 15, usual, np.logaddexp(0, np.where(y == 1, -z, z))))


# %% compute_grad
def compute_grad(X, y, w):
    F = expand(X)
    return F.T @ (classify(w=w, X=F) - y) / len(y)

# %% row_times_features
def compute_grad(X, y, w):
    return (classify(X, w) - y) @ expand(X) / X.shape[0]


# %% mean_over_axis
def compute_grad(X, y, w):
    residual = classify(X=X, w=w) - y
    return np.mean(residual[:, np.newaxis] * expand(X), axis=0)


# %% sigmoid_of_its_own
def compute_grad(X, y, w):
    F = expand(X)
    p = 1 / (1 + np.exp(-(F @ w)))
    return F.T.dot(p - y) / len(y)


# %% column_and_ravel
def compute_grad(X, y, w):
    F = expand(X)
    delta = classify(X, w).reshape(-1, 1) - y.reshape(-1, 1)
    return (F.T @ delta / len(delta)).ravel()


# %% not_cancelled
def compute_grad(X, y, w):
    F, p = expand(X), classify(X, w)
    dL_dp = -(y / p - (1 - y) / (1 - p))
    dL_dz = dL_dp * p * (1 - p)
    return np.average(F * dL_dz[:, None], axis=0)


# %% einsum
def compute_grad(X, y, w):
    return np.einsum("ij,i->j", expand(X), classify(X, w) - y) / np.size(y)


# %% loop_over_points
def compute_grad(X, y, w):
    total = np.zeros_like(w)
    for features, p, label in zip(expand(X), classify(X, w), y, strict=True):
        total += features * (p - label)
    return total / len(X)


# %% differences_of_the_loss
def compute_grad(X, y, w):
    h, grad = 1e-5, np.zeros(6)
    for place in range(6):
        step = h * np.eye(6)[place]
        grad[place] = (compute_loss(X, y, w + step) - compute_loss(X, y, w - step)) / (2 * h)
    return grad


# %% signs
def compute_grad(X, y, w):
    F, signs = expand(X), 2 * y - 1
    return -(F * (signs / (1 + np.exp(signs * (F @ w))))[:, None]).mean(0)

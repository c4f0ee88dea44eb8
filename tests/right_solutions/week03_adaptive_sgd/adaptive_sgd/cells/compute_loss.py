# %% signs
def compute_loss(X, y, w):
    margin = np.where(y == 1, 1, -1) * (expand(X) @ w)
    return np.mean(np.logaddexp(0, -margin))


# %% maximum_and_log1p
def compute_loss(X, y, w):
    z = expand(X) @ w
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return losses.sum() / len(losses)


# %% two_logaddexps
def compute_loss(X, y, w):
    z = np.dot(expand(X), w)
    log_p, log_q = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    return -np.average(y * log_p + (1 - y) * log_q)


# %% float_of_a_column
def compute_loss(X, y, w):
    z = expand(X) @ w.reshape(-1, 1)
    y = y.reshape(-1, 1)
    assert z.shape == y.shape
    return float(np.mean(np.logaddexp(np.zeros_like(z), z) - y * z))


# %% logsumexp_of_two_classes
def compute_loss(X, y, w):
    z = expand(X) @ w
    logits = np.column_stack([np.zeros(len(z)), z])
    top = logits.max(axis=1)
    log_sum = top + np.log(np.sum(np.exp(logits - top[:, None]), axis=1))
    return np.mean(log_sum - logits[np.arange(len(y)), y.astype(int)])


# %% log_of_the_probability_of_the_label
def log_sigmoid(z):
    return np.minimum(z, 0) - np.log1p(np.exp(-abs(z)))


def compute_loss(X, y, w):
    n, z = X.shape[0], expand(X) @ w
    return -(log_sigmoid(z[y == 1]).sum() + log_sigmoid(-z[y == 0]).sum()) / n


# %% loop
def compute_loss(X, y, w):
    total = 0
    for z, label in zip(expand(X) @ w, y, strict=True):
        total += np.logaddexp(0, z) - label * z
    return total / len(X)


# %% probability_where_it_is_precise
def compute_loss(X, y, w):
    z = expand(X) @ w
    p = classify(X, w)
    with np.errstate(all="ignore"):
        usual = -(y * np.log(p) + (1 - y) * np.log(1 - p))
    return np.mean(np.where(np.abs(z) < 10, usual, np.logaddexp(0, z) - y * z))

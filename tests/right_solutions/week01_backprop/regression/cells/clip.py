# %% hypot_and_isclose
import functools


def clip_by_global_norm(grads, max_norm):
    norm = functools.reduce(np.hypot, (np.linalg.norm(a) for pair in grads for a in pair), 0.0)
    k = 1 if norm <= max_norm else max_norm / norm
    return [tuple(k * a for a in pair) for pair in grads], norm


def standardize(x_train, x_other):
    constant = np.all(np.isclose(x_train, x_train[0], rtol=1e-9, atol=0), axis=0)
    mu, sd = np.average(x_train, axis=0), np.sqrt(np.mean((x_train - np.mean(x_train, axis=0)) ** 2, axis=0))
    sd[constant] = 1.0
    return (x_train - mu) / sd, (x_other - mu) / sd

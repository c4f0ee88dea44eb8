"""The judge's own logistic regression on quadratic features."""

import numpy as np


def features(X):
    """[n, 2] -> [n, 6]: x0, x1, x0^2, x1^2, x0 x1, 1."""
    first, second = np.asarray(X, dtype=float).T
    return np.column_stack((first, second, first * first, second * second, first * second, np.ones_like(first)))


def probability(X, w):
    """P(y = 1), [n], for any finite logit."""
    z = features(X) @ w
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


def loss(X, y, w):
    """Mean logistic loss, a float: ln(1 + e^-|z|) + max(z, 0) - y z, averaged."""
    z = features(X) @ w
    return float(np.mean(np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - np.asarray(y) * z))


def gradient(X, y, w):
    """Gradient of ``loss`` in w, [6]."""
    return np.mean((probability(X, w) - np.asarray(y))[:, None] * features(X), axis=0)

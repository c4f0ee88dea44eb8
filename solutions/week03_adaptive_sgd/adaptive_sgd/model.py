"""The judge's own logistic regression on quadratic features."""

import numpy as np


def features(X):
    """[n, 2] -> [n, 6]: x0, x1, x0^2, x1^2, x0 x1, 1."""
    first, second = np.asarray(X, dtype=float).T
    return np.column_stack((first, second, first * first, second * second, first * second, np.ones_like(first)))


def sigmoid(z):
    """1 / (1 + e^-z) for any finite z."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, small) / (1 + small)


def probability(X, w):
    """P(y = 1), [n], for any finite logit."""
    return sigmoid(features(X) @ w)


def loss_of(z, y, share=1.0):
    """Mean logistic loss of logits, a float: ln(1 + e^-|z|) + max(z, 0) - y z, averaged, each with its share."""
    return float(np.mean(share * (np.log1p(np.exp(-np.abs(z))) + np.maximum(z, 0) - np.asarray(y) * z)))


def loss(X, y, w):
    """Mean logistic loss, a float."""
    return loss_of(features(X) @ w, y)


def gradient(X, y, w):
    """Gradient of ``loss`` in w, [6]."""
    return np.mean((probability(X, w) - np.asarray(y))[:, None] * features(X), axis=0)

# %% two_branches
def classify(X, w):
    z = np.dot(expand(X), w)
    e = np.exp(-np.abs(z))
    return np.where(z > 0, 1 / (1 + e), e / (1 + e))


# %% clipped_where_it_no_longer_matters
def classify(X, w):
    z = np.clip(expand(X) @ w, -700, 700)
    return 1.0 / (1.0 + np.exp(-z))


# %% overflow_is_harmless
def classify(X, w):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-expand(X).dot(w)))


# %% logaddexp
def classify(X, w):
    return np.exp(-np.logaddexp(0, -np.matmul(expand(X), w)))


# %% tanh_on_its_own_features
def classify(X, w):
    a, b = X[:, 0], X[:, 1]
    z = w[0] * a + w[1] * b + w[2] * a**2 + w[3] * b**2 + w[4] * a * b + w[5]
    return 0.5 + 0.5 * np.tanh(0.5 * z)


# %% masks
def classify(X, w):
    logits = np.sum(expand(X) * w, axis=1)
    probability = np.ones(len(logits))
    negative = logits < 0
    probability[~negative] = 1 / (1 + np.exp(-logits[~negative]))
    probability[negative] = np.exp(logits[negative]) / (1 + np.exp(logits[negative]))
    return probability


# %% column_inside_row_outside
def classify(X, w):
    z = expand(X=X) @ np.reshape(w, (-1, 1))
    assert z.shape == (len(X), 1)
    return (0.5 * (1 + np.tanh(z / 2))).squeeze(axis=1)


# %% helper_with_math
import math


def sigmoid(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else 1 - 1 / (1 + math.exp(z))


def classify(X, w):
    return np.array([sigmoid(z) for z in expand(X) @ w])


# %% softmax_of_two
def classify(X, w):
    z = expand(X) @ w
    logits = np.stack([np.zeros_like(z), z], axis=1)
    logits = logits - logits.max(axis=1, keepdims=True)
    weights = np.exp(logits)
    return weights[:, 1] / weights.sum(axis=1)

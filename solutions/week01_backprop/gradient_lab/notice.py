# %% numerical_grad
# The entry is put back by assignment: subtracting h again would leave a last digit behind. It takes two calls of f for
# each entry, which is far too slow to train with and just right for a check.
def numerical_grad(f, x, h=1e-5):
    slopes = []
    for k in range(x.size):
        unit = np.zeros(x.size)
        unit[k] = 1
        move = h * unit.reshape(x.shape)
        slopes.append((f(x + move) - f(x - move)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


# %% relative_error
# Where both numbers are 0 the quotient would be 0 / 0. There the difference is 0, so any other denominator gives the 0
# that is meant.
def relative_error(a, b):
    size = np.abs(a) + np.abs(b)
    return np.divide(np.abs(a - b), size, out=np.zeros(size.shape), where=size > 0).max()


# %% bug_1
# The bias is added to every row, so its gradient collects from every row: a sum. In a batch of one, sum and mean are
# the same, and there the bug could hide.
def dense_backward(X, W, G):
    return G @ W.T, X.T @ G, np.ones(len(G)) @ G


# %% bug_2
# A softmax has to know which axis holds the classes. Along the other one it still gives numbers between 0 and 1, so the
# loss alone does not give it away; the sums of the rows do.
def softmax_cross_entropy(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)  # public
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # public
    one_hot = np.eye(logits.shape[1])[y]  # public
    return -np.sum(one_hot * log_p) / len(y), (np.exp(log_p) - one_hot) / len(y)


# %% bug_3
# An entry of X reaches the result in three ways: directly, through the mean and through the variance. The way through
# the mean is the reason why every column of dX adds up to zero.
def standardise_backward(X, G, eps=1e-5):
    centred = X - X.mean(axis=0)
    s = np.sqrt(np.mean(centred**2, axis=0) + eps)
    ds = -np.sum(G * centred, axis=0) / s**2
    d_centred = G / s + ds * centred / (len(X) * s)
    return d_centred - d_centred.mean(axis=0)

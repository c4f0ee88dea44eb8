# %% numerical_grad
def unit(shape, index):
    e = np.zeros(shape)
    e[index] = 1.0
    return e


def numerical_grad(f, x, h=1e-5):
    def quotient(e):
        return (f(x + h * e) - f(x - h * e)) / h / 2

    return np.array([quotient(unit(x.shape, i)) for i in np.ndindex(*x.shape)]).reshape(x.shape)


# %% relative_error
def relative_error(a, b):
    with np.errstate(invalid="ignore"):
        ratio = np.abs(np.subtract(a, b)) / np.add(np.abs(a), np.abs(b))
    return float(np.nanmax(np.nan_to_num(ratio)))


# %% tenfold
tenfold = (0.1 / 0.01) ** 2

# %% kink_reading
kink_reading = "c"

# %% both_zero
both_zero = "b"


# %% bug_1
def dense_backward(X, W, G):
    ones = np.ones((1, len(X)))
    dX = np.dot(G, W.transpose())
    dW = np.dot(X.transpose(), G)
    return [dX, dW, np.dot(ones, G).reshape(-1)]


# %% bug_2
def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


def softmax_cross_entropy(logits, y):
    one_hot = np.eye(logits.shape[1])[y]
    p = softmax(logits)
    return np.mean(-np.log(np.sum(one_hot * p, axis=1))), (p - one_hot) / len(logits)


# %% bug_3
def standardise_backward(X, G, eps=1e-5):
    n = len(X)
    centred = X - np.mean(X, axis=0, keepdims=True)
    inverse = 1 / np.sqrt(np.mean(centred**2, axis=0, keepdims=True) + eps)
    d_inverse = np.sum(G * centred, axis=0, keepdims=True)
    d_centred = G * inverse + d_inverse * (-(inverse**3)) * centred / n
    return d_centred - d_centred.mean(axis=0, keepdims=True)


# %% twenty
twenty = "d"

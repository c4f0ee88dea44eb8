# %% hstack_of_columns
def expand(X):
    x0 = X[:, 0:1]
    x1 = X[:, 1:2]
    return np.hstack((x0, x1, x0**2, x1**2, x0 * x1, np.ones_like(x0)))


# %% c_
def expand(X):
    return np.c_[X, X**2, X[:, 0] * X[:, 1], np.ones(X.shape[0])]


# %% list_of_columns_transposed
def expand(X):
    a, b = X.T
    return np.array([a, b, a * a, b * b, a * b, a * 0 + 1]).T


# %% filled_column_by_column
def expand(X):
    X_expanded = np.zeros((X.shape[0], 6))
    X_expanded[:, :2] = X
    X_expanded[:, 2:4] = X**2
    X_expanded[:, 4] = X[:, 0] * X[:, 1]
    X_expanded[:, -1] = 1
    return X_expanded


# %% prod_and_asserts
def expand(X):
    assert X.ndim == 2 and X.shape[1] == 2
    squares, product = np.power(X, 2), np.prod(X, axis=1, keepdims=True)
    out = np.concatenate([X, squares, product, np.ones((len(X), 1))], axis=-1)
    assert out.shape == (len(X), 6)
    return out


# %% powers_by_exponents
EXPONENTS = np.array([[1, 0], [0, 1], [2, 0], [0, 2], [1, 1], [0, 0]])


def expand(X):
    return np.prod(X[:, None, :] ** EXPONENTS, axis=2)


# %% asarray_and_einsum
def expand(X):
    X = np.asarray(X, dtype=float)
    with_one = np.column_stack([X, np.ones(len(X))])
    products = np.einsum("ni,nj->nij", with_one, with_one)
    return products[:, [0, 1, 0, 1, 0, 2], [2, 2, 0, 1, 1, 2]]


# %% comprehension
def expand(X):
    print("expanding", X.shape)
    return np.vstack([np.array((x, y, x * x, y * y, x * y, 1), dtype=float) for x, y in X])


# %% remembered_by_bytes
_seen = {}


def expand(X):
    key = (X.shape, X.tobytes())
    if key not in _seen:
        _seen[key] = np.c_[X, X**2, X[:, 0] * X[:, 1], np.ones(len(X))]
    return _seen[key].copy()

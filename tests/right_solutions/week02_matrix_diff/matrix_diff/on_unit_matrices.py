# The differential as a function, read off entry by entry on the unit vectors and matrices.

# %% before dot
def entries(shape):
    """Unit arrays of this shape, one for each entry."""
    for index in np.ndindex(*shape):
        unit = np.zeros(shape)
        unit[index] = 1.0
        yield index, unit


def read_off(df, like):
    gradient = np.zeros(np.shape(like))
    for index, unit in entries(np.shape(like)):
        gradient[index] = df(unit)
    return gradient


# %% dot
def d_dot(a, x):
    return read_off(lambda dx: a @ dx, x)


# %% quadratic
def d_quadratic(x, A):
    return read_off(lambda dx: dx @ A @ x + x @ A @ dx, x)


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    return np.array([read_off(lambda dx: dy @ A @ dx + dx @ A @ dy, x) for dy in np.eye(len(x))])  # noqa: B023


# %% log_quadratic
def d_log_quadratic(x, A):
    return read_off(lambda dx: (dx @ A @ x + x @ A @ dx) / (x @ A @ x), x)


# %% cubic
def d_cubic(x):
    columns = [dx * (x @ x) + x * (2 * x @ dx) for dx in np.eye(len(x))]
    return np.stack(columns, axis=1)


# %% chain
def d_chain(J_f, grad_g):
    return np.array([grad_g @ (J_f @ dx) for dx in np.eye(J_f.shape[1])])


# %% trace
def d_trace(X):
    return read_off(np.trace, X)


# %% trace_ab
def d_trace_ab(A, B):
    return read_off(lambda dA: np.trace(dA @ B), A)


# %% bilinear
def d_bilinear(x, A, y):
    return read_off(lambda dA: x @ dA @ y, A)


# %% xab
def d_xab_x(x, A, b):
    return read_off(lambda dx: dx @ A @ b, x)


def d_xab_A(x, A, b):
    return read_off(lambda dA: x @ dA @ b, A)


# %% trace_axb
def d_trace_axb(A, X, B):
    return read_off(lambda dX: np.trace(A @ dX @ B), X)


# %% trace_axx
def d_trace_axx(A, X):
    return read_off(lambda dX: np.trace(A @ dX.T @ X + A @ X.T @ dX), X)


# %% sandwich
def d_sandwich(a, X, A):
    return read_off(lambda dX: a @ dX @ A @ X @ a + a @ X @ A @ dX @ a, X)


# %% inverse
def d_inverse(X, dX):
    # X d(X^-1) = -dX X^-1, solved column by column.
    right_side = -dX @ np.linalg.inv(X)
    return np.stack([np.linalg.solve(X, column) for column in right_side.T], axis=1)


# %% det
def d_det(X):
    inverse, value = np.linalg.inv(X), np.linalg.det(X)
    return read_off(lambda dX: value * np.trace(inverse @ dX), X)


# %% logdet
def d_logdet(X):
    inverse = np.linalg.inv(X)
    return read_off(lambda dX: np.trace(inverse @ dX), X)


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    inverse = np.linalg.inv(X)
    return read_off(lambda dX: np.trace(A @ dX @ B @ inverse + A @ X @ B @ d_inverse(X, dX)), X)


# %% trace_hard
def d_trace_hard(A, X, B):
    inverse = np.linalg.inv(X)

    def df(dX):
        first = A @ dX.T @ X @ B @ inverse.T
        second = A @ X.T @ dX @ B @ inverse.T
        third = A @ X.T @ X @ B @ (-inverse @ dX @ inverse).T
        return np.trace(first + second + third)

    return read_off(df, X)


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    inverse, value = np.linalg.inv(M), np.linalg.det(M)
    return read_off(lambda dX: value * np.trace(inverse @ (dX.T @ A @ X + X.T @ A @ dX)), X)


# %% least_squares
def least_squares_grad(w, X, y):
    r = y - X @ w
    return read_off(lambda dw: -2 * r @ X @ dw, w)


def least_squares_hessian(w, X, y):
    return np.array([least_squares_grad(w + unit, X, y) - least_squares_grad(w, X, y) for unit in np.eye(len(w))])


def least_squares_solve(X, y):
    # From 0 the minimum of a parabola is one Newton step away.
    zero = np.zeros(X.shape[1])
    return -np.linalg.solve(least_squares_hessian(zero, X, y), least_squares_grad(zero, X, y))


# %% ridge
def ridge_grad(w, X, y, lam):
    return read_off(lambda dw: -2 * (y - X @ w) @ (X @ dw) + 2 * lam * w @ dw, w)


def ridge_hessian(w, X, y, lam):
    return np.array([ridge_grad(unit, X, y, lam) - ridge_grad(0 * w, X, y, lam) for unit in np.eye(len(w))])


def ridge_solve(X, y, lam):
    # The penalty as further rows of X.
    d = X.shape[1]
    rows, targets = np.vstack([X, np.sqrt(lam) * np.eye(d)]), np.concatenate([y, np.zeros(d)])
    return np.linalg.lstsq(rows, targets, rcond=None)[0]


# %% matrix_factorization
def d_factorization_A(X, A, S):
    R = X - A @ S
    return read_off(lambda dA: -2 * np.sum(R * (dA @ S)), A)


def d_factorization_S(X, A, S):
    R = X - A @ S
    return read_off(lambda dS: -2 * np.sum(R * (A @ dS)), S)


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    def weight(margin):
        if margin > 0:
            return np.exp(-margin) / (1 + np.exp(-margin))
        return 1 / (1 + np.exp(margin))

    gradient = 2 * lam * w
    for row, label in zip(X, y, strict=True):
        gradient = gradient - label * weight(label * (row @ w)) * row
    return gradient


def logistic_l2_step(w, X, y, lam, learning_rate):
    return np.array([old - learning_rate * slope for old, slope in zip(w, logistic_l2_grad(w, X, y, lam), strict=True)])


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    s = 0.5 + 0.5 * np.tanh(X @ W / 2)
    return read_off(lambda dW: np.sum(G * (s * (1 - s)) * (X @ dW)), W)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    # One row at a time, with the whole Jacobian of softmax where the probability of the right class is not 0.
    rows = []
    for z, y in zip(Z, Y, strict=True):
        p = np.exp(z - np.max(z))
        p /= np.sum(p)
        rows.append(-(y - p * np.sum(y)))
    return np.stack(rows) / len(rows)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    H = np.tanh(X @ W1)
    G = d_softmax_cross_entropy(H @ W2, Y)
    first = read_off(lambda dW1: np.sum(G * ((X @ dW1) * (1 - H**2) @ W2)), W1)
    return first, read_off(lambda dW2: np.sum(G * (H @ dW2)), W2)


# %% gaussian_mle
def gaussian_grad_mu(X, mu, Sigma):
    P = np.linalg.inv(Sigma)
    return read_off(lambda dmu: sum((row - mu) @ P @ dmu for row in X), mu)


def gaussian_grad_sigma(X, mu, Sigma):
    P, n = np.linalg.inv(Sigma), len(X)
    S = sum(np.outer(row - mu, row - mu) for row in X)
    return read_off(lambda dS: -n / 2 * np.trace(P @ dS) + np.trace(P @ dS @ P @ S) / 2, Sigma)


def gaussian_mle(X):
    mu = np.array([np.mean(column) for column in X.T])
    return [mu, np.cov(X, rowvar=False, bias=True).reshape(len(mu), len(mu))]


# %% derive_quadratic
derive_quadratic = """
u = A @ x
d(x.T @ u)
= dx.T @ u + x.T @ du
= dx.T @ u + x.T @ A @ dx
= <u + A.T @ x, dx>
"""


# %% derive_log_quadratic
derive_log_quadratic = """
d(ln(x.T @ A @ x))
= 1 / (x.T @ A @ x) * (dx.T @ A @ x + x.T @ A @ dx)
= 1 / (x.T @ A @ x) * (x.T @ A.T @ dx + x.T @ A @ dx)
= <1 / (x.T @ A @ x) * (A + A.T) @ x, dx>
"""


# %% derive_sandwich
derive_sandwich = """
d(tr(a @ a.T @ X @ A @ X))
= tr(a @ a.T @ dX @ A @ X) + tr(a @ a.T @ X @ A @ dX)
= tr(A @ X @ a @ a.T @ dX) + tr(a @ a.T @ X @ A @ dX)
= tr((A @ X @ a @ a.T + a @ a.T @ X @ A) @ dX)
= <(A @ X @ a @ a.T + a @ a.T @ X @ A).T, dX>
"""


# %% derive_inverse
derive_inverse = """
Y = inv(X)
d(Y @ X)
= dY @ X + Y @ dX
= d(I)
= 0
dY @ X = -Y @ dX
dY = -Y @ dX @ Y
d(inv(X))
= -inv(X) @ dX @ inv(X)
"""


# %% derive_trace_axb
derive_trace_axb = """
C = B @ A
d(tr(C @ X))
= tr(C @ dX)
= <C.T, dX>
"""


# %% derive_trace_axx
derive_trace_axx = """
d(tr(X @ A @ X.T))
= tr(dX @ A @ X.T) + tr(X @ A @ dX.T)
= tr(A @ X.T @ dX) + tr(dX @ A.T @ X.T)
= tr(A @ X.T @ dX) + tr(A.T @ X.T @ dX)
= <X @ A.T + X @ A, dX>
"""


# %% derive_logdet
derive_logdet = """
d(-log(det(inv(X))))
= -d(det(inv(X))) / det(inv(X))
= -tr(X @ d(inv(X)))
= tr(X @ inv(X) @ dX @ inv(X))
= <inv(X).T, dX>
"""


# %% derive_trace_axbinv
derive_trace_axbinv = """
d(inv(X)) = -inv(X) @ dX @ inv(X)
d(tr(A @ X @ B @ inv(X)))
= tr(A @ dX @ B @ inv(X) + A @ X @ B @ d(inv(X)))
= tr(A @ dX @ B @ inv(X)) + tr(A @ X @ B @ (-inv(X) @ dX @ inv(X)))
= <(B @ inv(X) @ A).T - (inv(X) @ A @ X @ B @ inv(X)).T, dX>
"""


# %% derive_det_sandwich
derive_det_sandwich = """
d(det(X.T @ A @ X))
= det(X.T @ A @ X) * tr(inv(X.T @ A @ X) @ d(X.T @ A @ X))
= det(X.T @ A @ X) * tr(inv(X.T @ A @ X) @ (dX.T @ A @ X + X.T @ A @ dX))
= <det(X.T @ A @ X) * (A @ X @ inv(X.T @ A @ X) + A.T @ X @ inv(X.T @ A.T @ X)), dX>
"""


# %% derive_ridge
derive_ridge = """
d((y - X @ w) @ (y - X @ w) + lam * w @ w)
= d((y - X @ w) @ (y - X @ w)) + lam * d(w @ w)
= 2 * (y - X @ w) @ d(y - X @ w) + 2 * lam * w @ dw
= -2 * (y - X @ w) @ X @ dw + 2 * lam * w @ dw
= <2 * X.T @ (X @ w - y) + 2 * lam * w, dw>
"""


# %% derive_factorization_A
derive_factorization_A = """
d(norm(X - A @ S)**2)
= 2 * norm(X - A @ S) * d(norm(X - A @ S))
= 2 * <X - A @ S, -dA @ S>
= <2 * (A @ S - X) @ S.T, dA>
"""

# The derivative is read off a differential, by a helper that tries every direction; a few prints and warnings besides.

# %% before dot
import warnings


def read_off(df, like):
    """The array of a linear map that is given as a function of dX."""
    units = np.eye(like.size).reshape(-1, *like.shape)
    return np.array([df(unit) for unit in units]).reshape(like.shape)


# %% dot
def d_dot(a, x):
    print("a'x has the gradient", a)
    return read_off(lambda dx: a @ dx, x)


# %% quadratic
def d_quadratic(x, A):
    return read_off(lambda dx: dx @ A @ x + x @ A @ dx, x)


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    warnings.warn("the Hessian does not depend on x", stacklevel=1)
    return np.stack([d_quadratic(unit, A) for unit in np.eye(len(x))], axis=1)


# %% log_quadratic
def d_log_quadratic(x, A):
    q = x @ A @ x
    return read_off(lambda dx: (dx @ A @ x + x @ A @ dx) / q, x)


# %% cubic
def d_cubic(x):
    def df(dx):
        return dx * (x @ x) + 2 * x * (x @ dx)

    return np.column_stack([df(unit) for unit in np.eye(len(x))])


# %% chain
def d_chain(J_f, grad_g):
    return read_off(lambda dx: grad_g @ (J_f @ dx), J_f[0])


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


# %% det
def d_det(X):
    return read_off(lambda dX: np.linalg.det(X) * np.trace(np.linalg.solve(X, dX)), X)


# %% logdet
def d_logdet(X):
    return read_off(lambda dX: np.trace(np.linalg.solve(X, dX)), X)


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    Y = np.linalg.inv(X)
    return read_off(lambda dX: np.trace(A @ dX @ B @ Y + A @ X @ B @ d_inverse(X, dX)), X)


# %% trace_hard
def d_trace_hard(A, X, B):
    Y = np.linalg.inv(X)

    def df(dX):
        dY = d_inverse(X, dX)
        return np.trace(A @ dX.T @ X @ B @ Y.T + A @ X.T @ dX @ B @ Y.T + A @ X.T @ X @ B @ dY.T)

    return read_off(df, X)


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    return read_off(lambda dX: np.sum(d_det(M) * (dX.T @ A @ X + X.T @ A @ dX)), X)


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    Z = np.clip(X @ W, -700, 700)
    s = 1 / (1 + np.exp(-Z))
    return read_off(lambda dW: np.vdot(G, s * (1 - s) * (X @ dW)), W)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    E = np.exp(Z - Z.max(1, keepdims=True))
    P = E / E.sum(1, keepdims=True)

    def df(dZ):
        return np.sum(np.sum(P * dZ, axis=1) - np.sum(Y * dZ, axis=1)) / len(Z)

    return read_off(df, Z)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    H = np.tanh(X @ W1)
    G = d_softmax_cross_entropy(H @ W2, Y)
    dW1 = read_off(lambda dW1: np.sum(G * (((1 - H**2) * (X @ dW1)) @ W2)), W1)
    dW2 = read_off(lambda dW2: np.sum(G * (H @ dW2)), W2)
    print("the longer gradient:", max(np.linalg.norm(dW1), np.linalg.norm(dW2)))
    return dW1, dW2


# %% least_squares
def least_squares_grad(w, X, y):
    return read_off(lambda dw: 2 * (y - X @ w) @ (-X @ dw), w)


def least_squares_hessian(w, X, y):
    return np.array([[2 * (X @ p) @ (X @ q) for q in np.eye(len(w))] for p in np.eye(len(w))])


def least_squares_solve(X, y):
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


# %% matrix_factorization
def d_factorization_A(X, A, S):
    return read_off(lambda dA: 2 * np.sum((X - A @ S) * (-dA @ S)), A)


def d_factorization_S(X, A, S):
    return read_off(lambda dS: 2 * np.sum((X - A @ S) * (-A @ dS)), S)


# %% derive_quadratic
derive_quadratic = """
d(x.T @ A @ x)
= dx.T @ A @ x + x.T @ A @ dx
= <(A + A.T) @ x, dx>
"""


# %% derive_log_quadratic
derive_log_quadratic = """
q = x.T @ A @ x
d(log(q))
= dq / q
= (dx.T @ A @ x + x.T @ A @ dx) / q
= <(A + A.T) @ x / q, dx>
"""


# %% derive_sandwich
derive_sandwich = """
d(a.T @ X @ A @ X @ a)
= a.T @ dX @ A @ X @ a + a.T @ X @ A @ dX @ a
= tr(A @ X @ a @ a.T @ dX) + tr(a @ a.T @ X @ A @ dX)
= <a @ a.T @ X.T @ A.T + A.T @ X.T @ a @ a.T, dX>
"""


# %% derive_inverse
derive_inverse = """
d(X @ inv(X))
= dX @ inv(X) + X @ d(inv(X))
= 0
d(inv(X))
= -inv(X) @ dX @ inv(X)
"""


# %% derive_trace_axb
derive_trace_axb = """
d(tr(A @ X @ B))
= tr(A @ dX @ B)
= tr(B @ A @ dX)
= <(B @ A).T, dX>
"""


# %% derive_trace_axx
derive_trace_axx = """
d(tr(A @ X.T @ X))
= tr(A @ dX.T @ X) + tr(A @ X.T @ dX)
= tr(X.T @ dX @ A.T) + tr(A @ X.T @ dX)
= tr((A.T + A) @ X.T @ dX)
= <X @ (A + A.T), dX>
"""


# %% derive_logdet
derive_logdet = """
d(log(det(X)))
= d(det(X)) / det(X)
= det(X) * tr(inv(X) @ dX) / det(X)
= tr(inv(X) @ dX)
= <inv(X).T, dX>
"""


# %% derive_trace_axbinv
derive_trace_axbinv = """
d(tr(A @ X @ B @ inv(X)))
= tr(A @ dX @ B @ inv(X)) + tr(A @ X @ B @ d(inv(X)))
= tr(A @ dX @ B @ inv(X)) - tr(A @ X @ B @ inv(X) @ dX @ inv(X))
= tr(B @ inv(X) @ A @ dX) - tr(inv(X) @ A @ X @ B @ inv(X) @ dX)
= <(B @ inv(X) @ A - inv(X) @ A @ X @ B @ inv(X)).T, dX>
"""


# %% derive_det_sandwich
derive_det_sandwich = """
M = X.T @ A @ X
d(det(M))
= det(M) * tr(inv(M) @ dM)
= det(M) * tr(inv(M) @ (dX.T @ A @ X + X.T @ A @ dX))
= det(M) * (tr(X.T @ A.T @ dX @ inv(M).T) + tr(inv(M) @ X.T @ A @ dX))
= <det(M) * (A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>
"""


# %% derive_ridge
derive_ridge = """
r = y - X @ w
d(r.T @ r + lam * w.T @ w)
= 2 * r.T @ dr + 2 * lam * w.T @ dw
= -2 * r.T @ X @ dw + 2 * lam * w.T @ dw
= <2 * lam * w - 2 * X.T @ r, dw>
"""


# %% derive_factorization_A
derive_factorization_A = """
R = X - A @ S
d(norm(R)**2)
= 2 * <R, dR>
= -2 * <R, dA @ S>
= -2 * <R @ S.T, dA>
= <-2 * R @ S.T, dA>
"""


# %% derive_two_layer
derive_two_layer = """
H = tanh(X @ W1)
Z = H @ W2
S = softmax(Z)
d(-sum(Y * log(S)) / n)
= -sum(Y * d(log(S))) / n
= -sum(Y / S * dS) / n
= <(S - Y) / n, dZ>
= <(S - Y) / n, dH @ W2 + H @ dW2>
= <(S - Y) / n @ W2.T, dH> + <H.T @ (S - Y) / n, dW2>
= <(S - Y) / n @ W2.T * (1 - H**2), X @ dW1> + <H.T @ (S - Y) / n, dW2>
= <X.T @ ((S - Y) / n @ W2.T * (1 - H**2)), dW1> + <H.T @ (S - Y) / n, dW2>
"""

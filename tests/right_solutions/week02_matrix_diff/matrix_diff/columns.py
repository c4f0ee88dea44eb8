# As in a textbook: vectors are columns, formulas are copied from paper, systems are solved and nothing is inverted.

# %% before dot
def col(v):
    return np.reshape(v, (-1, 1))


# %% dot
def d_dot(a, x):
    return col(a).ravel()


# %% quadratic
def d_quadratic(x, A):
    c = col(x)
    return ((c.T @ (A + A.T)).T).flatten()


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    H = A.copy()
    H += A.T
    return H


# %% log_quadratic
def d_log_quadratic(x, A):
    c = col(x)
    q = (c.T @ A @ c).item()
    return d_quadratic(x, A) / q


# %% cubic
def d_cubic(x):
    c = col(x)
    return (c.T @ c) * np.identity(c.size) + 2 * (c @ c.T)


# %% chain
def d_chain(J_f, grad_g):
    return (col(grad_g).T @ J_f).squeeze(axis=0)


# %% trace
def d_trace(X):
    return np.identity(X.shape[0])


# %% trace_ab
def d_trace_ab(A, B):
    return np.ascontiguousarray(np.transpose(B))


# %% bilinear
def d_bilinear(x, A, y):
    return col(x) @ col(y).T


# %% xab
def d_xab_x(x, A, b):
    return (A @ col(b))[:, 0]


def d_xab_A(x, A, b):
    return (col(b) @ col(x).T).T


# %% trace_axb
def d_trace_axb(A, X, B):
    return np.transpose(np.matmul(B, A))


# %% trace_axx
def d_trace_axx(A, X):
    return ((A + A.T) @ X.T).T


# %% sandwich
def d_sandwich(a, X, A):
    c = col(a)
    return (A @ X @ c @ c.T).T + (c @ c.T @ X @ A).T


# %% inverse
def d_inverse(X, dX):
    # -X^-1 (dX X^-1), and the bracket from X' (dX X^-1)' = dX'
    return np.linalg.solve(X, -np.linalg.solve(X.T, dX.T).T)


# %% det
def d_det(X):
    return np.linalg.solve(X.T, np.linalg.det(X) * np.identity(len(X)))


# %% logdet
def d_logdet(X):
    U, s, Vt = np.linalg.svd(X)
    return U @ np.diag(1 / s) @ Vt


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    XBXinv = np.linalg.solve(X.T, (X @ B).T).T
    return (np.linalg.solve(X.T, B.T).T @ A).T - np.linalg.solve(X, A @ XBXinv).T


# %% trace_hard
def d_trace_hard(A, X, B):
    Xt_inv_A = np.linalg.solve(X.T, A)
    B_Xt_inv = np.linalg.solve(X, B.T).T
    return X @ B @ Xt_inv_A + (B_Xt_inv @ A @ X.T).T - Xt_inv_A @ X.T @ X @ B_Xt_inv


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    # f = exp(ln det M) up to sign; the logarithmic derivative first.
    sign, logdet = np.linalg.slogdet(M)
    logarithmic = np.linalg.solve(M.T, (A @ X).T).T + np.linalg.solve(M, (A.T @ X).T).T
    return sign * np.exp(logdet) * logarithmic


# %% least_squares
def least_squares_grad(w, X, y):
    return (2 * (X.T @ X @ col(w)) - 2 * (X.T @ col(y))).ravel()


def least_squares_hessian(w, X, y):
    return X.T @ X + (X.T @ X).T


def least_squares_solve(X, y):
    return np.linalg.lstsq(X, y, rcond=None)[0]


# %% ridge
def ridge_grad(w, X, y, lam):
    return 2 * ((X.T @ X + lam * np.identity(len(w))) @ w - X.T @ y)


def ridge_hessian(w, X, y, lam):
    return 2 * (X.T @ X) + np.diag(np.full(X.shape[1], 2.0 * lam))


def ridge_solve(X, y, lam):
    # Least squares with one more row for each weight.
    d = X.shape[1]
    tall = np.vstack([X, np.sqrt(lam) * np.identity(d)])
    return np.linalg.lstsq(tall, np.concatenate([y, np.zeros(d)]), rcond=None)[0]


# %% matrix_factorization
def d_factorization_A(X, A, S):
    R = X - A @ S
    return -(R @ S.T + R @ S.T)


def d_factorization_S(X, A, S):
    # The same problem, transposed.
    return d_factorization_A(X.T, S.T, A.T).T


# %% logistic_l2
def sigmoid_of_minus(margin):
    # exp overflows to infinity far out, and 1 / infinity is the 0 it should be.
    return 1 / (1 + np.exp(margin))


def logistic_l2_grad(w, X, y, lam):
    weights = sigmoid_of_minus(y * np.dot(X, w))
    return np.sum(-(weights * y)[:, None] * X, axis=0) + 2.0 * lam * w


def logistic_l2_step(w, X, y, lam, learning_rate):
    new = np.array(w, dtype=float)
    new -= learning_rate * logistic_l2_grad(w, X, y, lam)
    return new


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    # One column of W at a time; exp overflows to infinity far out, and 1 / infinity is the 0 it should be.
    columns = []
    for w, g in zip(W.T, G.T, strict=True):
        s = 1 / (1 + np.exp(-X @ w))
        columns.append(X.T @ (s * (1 - s) * g))
    return np.column_stack(columns)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    from scipy.special import softmax

    return (softmax(Z, axis=1) - Y) / Z.shape[0]


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    A1 = X @ W1
    H = np.tanh(A1)
    dA2 = d_softmax_cross_entropy(H @ W2, Y)
    dH = (W2 @ dA2.T).T
    dA1 = dH / np.cosh(A1) ** 2
    return np.dot(X.T, dA1), np.dot(H.T, dA2)


# %% gaussian_mle
def gaussian_mle(X):
    return np.mean(X, 0), np.cov(X, rowvar=False, ddof=0)


def gaussian_grad_mu(X, mu, Sigma):
    return len(X) * np.linalg.inv(Sigma) @ (X.mean(axis=0) - mu)


def gaussian_grad_sigma(X, mu, Sigma):
    best, n = (X - mu).T @ (X - mu) / len(X), len(X)
    # n/2 S^-1 (best - S) S^-1
    return n / 2 * np.linalg.solve(Sigma, np.linalg.solve(Sigma, best - Sigma).T).T

# Later functions call earlier ones, and the library where it has the function; views are handed out.

# %% dot
def d_dot(a, x):
    return a


# %% quadratic
def d_quadratic(x, A):
    return d_dot(A @ x, x) + d_dot(x @ A, x)


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    symmetric_part = (A + A.T) / 2
    return 2 * symmetric_part


# %% log_quadratic
def d_log_quadratic(x, A):
    return d_quadratic(x, A) / np.einsum("i,ij,j->", x, A, x)


# %% cubic
def d_cubic(x):
    return np.linalg.norm(x) ** 2 * np.eye(x.size) + d_quadratic_hessian(x, np.outer(x, x))


# %% chain
def d_chain(J_f, grad_g):
    return sum(slope * row for slope, row in zip(grad_g, J_f, strict=True))


# %% trace
def d_trace(X):
    return np.diag(np.ones(len(X)))


# %% trace_ab
def d_trace_ab(A, B):
    return np.swapaxes(B, 0, 1)


# %% bilinear
def d_bilinear(x, A, y):
    return np.array([xi * y for xi in x])


# %% xab
def d_xab_x(x, A, b):
    return (b[None] * A).sum(axis=1)


def d_xab_A(x, A, b):
    return d_bilinear(x, A, b)


# %% trace_axb
def d_trace_axb(A, X, B):
    return d_trace_ab(X, B @ A)


# %% trace_axx
def d_trace_axx(A, X):
    return np.array([d_quadratic(row, A) for row in X])


# %% sandwich
def d_sandwich(a, X, A):
    aa = np.outer(a, a)
    return aa @ X.T @ A.T + A.T @ X.T @ aa


# %% inverse
def d_inverse(X, dX):
    return -np.linalg.solve(X, np.linalg.solve(X.T, dX.T).T)


# %% det
def d_det(X):
    sign, log = np.linalg.slogdet(X)
    return sign * np.exp(log) * np.linalg.solve(X, np.eye(len(X))).T


# %% logdet
def d_logdet(X):
    return np.linalg.pinv(X).transpose()


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    Y = np.linalg.inv(X)
    gradient = d_trace_axb(A, X, B @ Y)
    gradient -= d_trace_axb(Y @ A @ X @ B @ Y, X, np.eye(len(X)))
    return gradient


# %% trace_hard
def d_trace_hard(A, X, B):
    Y = np.linalg.inv(X)
    inner = B @ Y.T @ A
    return X @ (inner + inner.T) - Y.T @ A @ (X.T @ X) @ B @ Y.T


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    D = d_det(M)
    return A @ X @ D.T + A.T @ X @ D


# %% least_squares
def least_squares_grad(w, X, y):
    return d_quadratic(w, X.T @ X) - 2 * d_dot(X.T @ y, w)


def least_squares_hessian(w, X, y):
    return d_quadratic_hessian(w, X.T @ X)


def least_squares_solve(X, y):
    Q, R = np.linalg.qr(X)
    return np.linalg.solve(R, Q.T @ y)


# %% ridge
def ridge_grad(w, X, y, lam):
    return least_squares_grad(w, X, y) + d_quadratic(w, lam * np.eye(len(w)))


def ridge_hessian(w, X, y, lam):
    return least_squares_hessian(w, X, y) + d_quadratic_hessian(w, lam * np.eye(len(w)))


def ridge_solve(X, y, lam):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))


# %% matrix_factorization
def d_factorization_A(X, A, S):
    return 2 * (A @ S @ S.T - X @ S.T)


def d_factorization_S(X, A, S):
    return d_factorization_A(X.T, S.T, A.T).T


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    from scipy.special import expit

    Z = X * y[:, None]
    return 2 * lam * w - Z.T @ expit(-Z @ w)


def logistic_l2_step(w, X, y, lam, learning_rate):
    return w - learning_rate * logistic_l2_grad(w=w, X=X, lam=lam, y=y)


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    from scipy.special import expit

    return d_trace_axb(X, W, (G * expit(X @ W) * expit(-X @ W)).T)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    from scipy.special import logsumexp

    return (np.exp(Z - logsumexp(Z, axis=1, keepdims=True)) - Y) / len(Z)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    # The tangent is a sigmoid: tanh z = 2 s(2z) - 1.
    H = np.tanh(X @ W1)
    G = d_softmax_cross_entropy(Z=H @ W2, Y=Y)
    return d_sigmoid_layer(2 * X, W1, 2 * G @ W2.T), d_trace_axb(H, W2, G.T)


# %% gaussian_mle
def gaussian_mle(X):
    mu = np.average(X, axis=0)
    return mu, np.atleast_2d(np.cov(X.T, ddof=0))


def gaussian_grad_mu(X, mu, Sigma):
    return len(X) * np.linalg.solve(Sigma, X.mean(0) - mu)


def gaussian_grad_sigma(X, mu, Sigma):
    Z = np.linalg.solve(Sigma, (X - mu).T)
    return (Z @ Z.T - len(X) * np.linalg.inv(Sigma)) / 2

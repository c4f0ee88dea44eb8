# As written in a hurry that was checked: asserts and prints inside, intermediate names, np.dot and .transpose().

# %% dot
def d_dot(a, x):
    assert a.shape == x.shape, "a and x must match"
    gradient = a.copy()
    return gradient


# %% quadratic
def d_quadratic(x, A):
    n = x.shape[0]
    assert A.shape == (n, n)
    left = np.dot(A, x)
    right = np.dot(A.transpose(), x)
    print("left", left, "right", right)
    return left + right


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    H = np.add(A, A.transpose())
    assert np.allclose(H, H.T)
    return H


# %% log_quadratic
def d_log_quadratic(x, A):
    value = np.dot(np.dot(x, A), x)
    if value <= 0:
        raise ValueError("the logarithm needs a positive number")
    inner = np.dot(A + np.transpose(A), x)
    outer = 1.0 / value
    return outer * inner


# %% cubic
def d_cubic(x):
    n = x.shape[0]
    norm2 = np.sum(x**2)
    J = np.zeros((n, n))
    J[np.diag_indices(n)] = norm2
    J += 2 * x[:, None] * x[None, :]
    assert J.shape == (n, n)
    return J


# %% chain
def d_chain(J_f, grad_g):
    m, n = J_f.shape
    assert grad_g.shape == (m,)
    result = np.dot(J_f.T, grad_g)
    assert result.shape == (n,)
    return result


# %% trace
def d_trace(X):
    G = np.zeros(X.shape, dtype=float)
    np.fill_diagonal(G, 1)
    return G


# %% trace_ab
def d_trace_ab(A, B):
    G = B.T
    assert G.shape == A.shape
    return G


# %% bilinear
def d_bilinear(x, A, y):
    G = x[:, np.newaxis] * y[np.newaxis, :]
    assert G.shape == A.shape, (G.shape, A.shape)
    return G


# %% xab
def d_xab_x(x, A, b):
    G = np.dot(A, b)
    print(G.shape)
    return G


def d_xab_A(x, A, b):
    G = np.multiply.outer(x, b)
    print(G.shape)
    return G


# %% trace_axb
def d_trace_axb(A, X, B):
    BA = np.dot(B, A)
    G = BA.T
    assert G.shape == X.shape
    return G


# %% trace_axx
def d_trace_axx(A, X):
    first = np.dot(X, A)
    second = np.dot(X, A.T)
    return first + second


# %% sandwich
def d_sandwich(a, X, A):
    AXa = np.dot(A, np.dot(X, a))
    aXA = np.dot(np.dot(a, X), A)
    return np.outer(a, AXa) + np.outer(aXA, a)


# %% inverse
def d_inverse(X, dX):
    Y = np.linalg.inv(X)
    assert np.allclose(X @ Y, np.eye(len(X)))
    return -1 * np.dot(np.dot(Y, dX), Y)


# %% det
def d_det(X):
    n = X.shape[0]
    cofactors = np.empty((n, n))
    for i in range(n):
        for j in range(n):
            minor = np.delete(np.delete(X, i, axis=0), j, axis=1)
            cofactors[i, j] = (-1) ** (i + j) * (np.linalg.det(minor) if n > 1 else 1.0)
    return cofactors


# %% logdet
def d_logdet(X):
    sign, _ = np.linalg.slogdet(X)
    assert sign > 0, "det X must be positive"
    return np.linalg.inv(X.T)


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    Xinv = np.linalg.inv(X)
    term1 = A.T @ Xinv.T @ B.T
    term2 = Xinv.T @ B.T @ X.T @ A.T @ Xinv.T
    return term1 - term2


# %% trace_hard
def d_trace_hard(A, X, B):
    Xinv = np.linalg.inv(X)
    P = B @ Xinv.T @ A
    term1 = X @ P
    term2 = X @ P.T
    # d(X^-T) = -X^-T dX' X^-T, and the trace turns: what stands beside dX' is the gradient.
    term3 = -Xinv.T @ A @ X.T @ X @ B @ Xinv.T
    return term1 + term2 + term3


# %% det_sandwich
def d_det_sandwich(X, A):
    M = np.dot(X.T, np.dot(A, X))
    d, Minv = np.linalg.det(M), np.linalg.inv(M)
    print("det", d)
    return d * np.dot(A, np.dot(X, Minv)) + d * np.dot(A.T, np.dot(X, Minv.T))


# %% least_squares
def least_squares_grad(w, X, y):
    r = y - np.dot(X, w)
    return np.dot(r, X) * (-2)


def least_squares_hessian(w, X, y):
    H = np.dot(X.T, X)
    H *= 2
    return H


def least_squares_solve(X, y):
    w = np.dot(np.linalg.inv(np.dot(X.T, X)), np.dot(X.T, y))
    assert np.allclose(least_squares_grad(w, X, y), 0, atol=1e-6)
    return w


# %% ridge
def ridge_grad(w, X, y, lam):
    assert lam > 0
    return 2 * np.dot(X.T, np.dot(X, w)) - 2 * np.dot(X.T, y) + 2 * lam * w


def ridge_hessian(w, X, y, lam):
    H = 2 * np.dot(X.T, X)
    H[np.diag_indices_from(H)] += 2 * lam
    return H


def ridge_solve(X, y, lam):
    d = X.shape[1]
    return np.dot(np.linalg.inv(np.dot(X.T, X) + lam * np.identity(d)), np.dot(X.T, y))


# %% matrix_factorization
def d_factorization_A(X, A, S):
    residual = np.subtract(X, np.dot(A, S))
    G = np.dot(residual, S.transpose())
    return -2.0 * G


def d_factorization_S(X, A, S):
    residual = np.subtract(X, np.dot(A, S))
    G = np.dot(A.transpose(), residual)
    return -2.0 * G


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    m = y * np.dot(X, w)
    weight = 1 / (1 + np.exp(np.clip(m, -1000, 700)))
    return -np.dot(X.T, y * weight) + 2 * lam * w


def logistic_l2_step(w, X, y, lam, learning_rate):
    new = w.copy()
    new -= learning_rate * logistic_l2_grad(w, X, y, lam)
    return new


# %% gaussian_mle
def gaussian_mle(X):
    n, d = X.shape
    mu = np.sum(X, axis=0) / n
    centred = X - mu
    Sigma = np.dot(centred.T, centred) / n
    assert Sigma.shape == (d, d)
    return mu, Sigma


def gaussian_grad_mu(X, mu, Sigma):
    P = np.linalg.inv(Sigma)
    return np.sum(np.dot(X - mu, P), axis=0)


def gaussian_grad_sigma(X, mu, Sigma):
    n = X.shape[0]
    P = np.linalg.inv(Sigma)
    S = np.zeros_like(Sigma)
    for row in X:
        S += np.outer(row - mu, row - mu)
    return -0.5 * n * P + 0.5 * P @ S @ P

# Entry by entry: sums over indices written out, partial derivatives one at a time.

# %% dot
def d_dot(a, x):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        grad[i] = a[i]
    return grad


# %% quadratic
def d_quadratic(x, A):
    grad = np.zeros(len(x))
    for i in range(len(x)):
        for j in range(len(x)):
            grad[i] += A[i, j] * x[j]
            grad[j] += x[i] * A[i, j]
    return grad


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    n = len(x)
    return np.array([[A[i, j] + A[j, i] for j in range(n)] for i in range(n)])


# %% log_quadratic
def d_log_quadratic(x, A):
    n = len(x)
    value = sum(x[i] * A[i, j] * x[j] for i in range(n) for j in range(n))
    return np.array([sum((A[i, j] + A[j, i]) * x[j] for j in range(n)) / value for i in range(n)])


# %% cubic
def d_cubic(x):
    n = len(x)
    J = np.empty((n, n))
    squares = sum(float(v) ** 2 for v in x)
    for i in range(n):
        for j in range(n):
            J[i, j] = 2 * x[i] * x[j] + (squares if i == j else 0.0)
    return J


# %% chain
def d_chain(J_f, grad_g):
    grad = np.zeros(J_f.shape[1])
    for row, slope in zip(J_f, grad_g, strict=True):
        grad += slope * row
    return grad


# %% trace
def d_trace(X):
    return np.array([[1.0 if i == j else 0.0 for j in range(len(X))] for i in range(len(X))])


# %% trace_ab
def d_trace_ab(A, B):
    grad = np.zeros_like(A)
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            grad[i, j] = B[j, i]
    return grad


# %% bilinear
def d_bilinear(x, A, y):
    return np.array([[xi * yj for yj in y] for xi in x])


# %% xab
def d_xab_x(x, A, b):
    return np.array([sum(A[i, j] * b[j] for j in range(len(b))) for i in range(len(x))])


def d_xab_A(x, A, b):
    grad = np.empty(A.shape)
    for i, j in np.ndindex(*A.shape):
        grad[i, j] = x[i] * b[j]
    return grad


# %% trace_axb
def d_trace_axb(A, X, B):
    grad = np.zeros(X.shape)
    for i, j in np.ndindex(*X.shape):
        for p in range(len(A)):
            grad[i, j] += A[p, i] * B[j, p]
    return grad


# %% trace_axx
def d_trace_axx(A, X):
    grad = np.zeros(X.shape)
    # f = sum of A_ij X_kj X_ki
    for k in range(X.shape[0]):
        for i, j in np.ndindex(*A.shape):
            grad[k, j] += A[i, j] * X[k, i]
            grad[k, i] += A[i, j] * X[k, j]
    return grad


# %% sandwich
def d_sandwich(a, X, A):
    grad = np.zeros(X.shape)
    n = len(a)
    # f = sum of a_i X_ij A_jk X_km a_m
    for i in range(n):
        for j in range(n):
            for k in range(n):
                for m in range(n):
                    grad[i, j] += a[i] * A[j, k] * X[k, m] * a[m]
                    grad[k, m] += a[i] * X[i, j] * A[j, k] * a[m]
    return grad


# %% inverse
def d_inverse(X, dX):
    # Column by column: X y = -dX z, where z is a column of the inverse.
    columns = []
    for e in np.eye(len(X)):
        z = np.linalg.solve(X, e)
        columns.append(np.linalg.solve(X, -dX @ z))
    return np.array(columns).T


# %% before det
def minor(X, i, j):
    return np.delete(np.delete(X, i, axis=0), j, axis=1)


# %% det
def d_det(X):
    grad = np.ones(X.shape)
    for i, j in np.ndindex(*X.shape):
        if len(X) > 1:
            grad[i, j] = (-1) ** (i + j) * np.linalg.det(minor(X, i, j))
    return grad


# %% logdet
def d_logdet(X):
    cofactors = np.empty(X.shape)
    for i, j in np.ndindex(*X.shape):
        cofactors[i, j] = (-1) ** (i + j) * np.linalg.det(minor(X, i, j))
    return cofactors / np.linalg.det(X)


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    Y = np.linalg.inv(X)
    grad = np.empty(X.shape)
    for i, j in np.ndindex(*X.shape):
        E = np.zeros(X.shape)
        E[i, j] = 1.0
        grad[i, j] = np.trace(A @ E @ B @ Y) - np.trace(A @ X @ B @ Y @ E @ Y)
    return grad


# %% trace_hard
def d_trace_hard(A, X, B):
    Y = np.linalg.inv(X)
    grad = np.empty(X.shape)
    for i, j in np.ndindex(*X.shape):
        E = np.zeros(X.shape)
        E[i, j] = 1.0
        dY = -Y @ E @ Y
        terms = [A @ E.T @ X @ B @ Y.T, A @ X.T @ E @ B @ Y.T, A @ X.T @ X @ B @ dY.T]
        grad[i, j] = sum(np.trace(term) for term in terms)
    return grad


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    grad = np.empty(X.shape)
    for i, j in np.ndindex(*X.shape):
        E = np.zeros(X.shape)
        E[i, j] = 1
        dM = E.T @ A @ X + X.T @ A @ E
        # The determinant is linear in each row: replace the rows one after the other.
        total = 0.0
        for r in range(len(M)):
            changed = M.copy()
            changed[r] = dM[r]
            total += np.linalg.det(changed)
        grad[i, j] = total
    return grad


# %% least_squares
def least_squares_grad(w, X, y):
    grad = np.zeros(len(w))
    for row, target in zip(X, y, strict=True):
        grad -= 2 * (target - row @ w) * row
    return grad


def least_squares_hessian(w, X, y):
    H = np.zeros((len(w), len(w)))
    for row in X:
        H += 2 * np.outer(row, row)
    return H


def least_squares_solve(X, y):
    # One Newton step from zero: exact, since the function is quadratic.
    w = np.zeros(X.shape[1])
    return w - np.linalg.inv(least_squares_hessian(w, X, y)) @ least_squares_grad(w, X, y)


# %% ridge
def ridge_grad(w, X, y, lam):
    grad = np.zeros(len(w))
    for i in range(len(w)):
        for n in range(len(y)):
            grad[i] += -2 * (y[n] - sum(X[n] * w)) * X[n, i]
        grad[i] += 2 * lam * w[i]
    return grad


def ridge_hessian(w, X, y, lam):
    d = len(w)
    H = np.empty((d, d))
    for i in range(d):
        for j in range(d):
            H[i, j] = 2 * sum(X[:, i] * X[:, j]) + 2 * lam * (i == j)
    return H


def ridge_solve(X, y, lam):
    zero = np.zeros(X.shape[1])
    return -np.linalg.solve(ridge_hessian(zero, X, y, lam), ridge_grad(zero, X, y, lam))


# %% matrix_factorization
def d_factorization_A(X, A, S):
    grad = np.zeros(A.shape)
    for m, n in np.ndindex(*X.shape):
        error = X[m, n] - sum(A[m] * S[:, n])
        for k in range(len(S)):
            grad[m, k] -= 2 * error * S[k, n]
    return grad


def d_factorization_S(X, A, S):
    grad = np.zeros(S.shape)
    for m, n in np.ndindex(*X.shape):
        error = X[m, n] - sum(A[m] * S[:, n])
        for k in range(len(S)):
            grad[k, n] -= 2 * error * A[m, k]
    return grad


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    import math

    grad = [2 * lam * float(v) for v in w]
    for row, label in zip(X, y, strict=True):
        margin = label * sum(r * v for r, v in zip(row, w, strict=True))
        if margin > 0:
            tail = math.exp(-margin)
            weight = tail / (1 + tail)
        else:
            weight = 1 / (1 + math.exp(margin))
        for i in range(len(grad)):
            grad[i] -= weight * label * row[i]
    return np.array(grad)


def logistic_l2_step(w, X, y, lam, learning_rate):
    new = w.copy()
    for i, slope in enumerate(logistic_l2_grad(w, X, y, lam)):
        new[i] -= learning_rate * slope
    return new


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    import math

    grad = np.zeros(W.shape)
    for i in range(len(X)):
        for k in range(W.shape[1]):
            z = float(X[i] @ W[:, k])
            s = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
            for j in range(len(W)):
                grad[j, k] += X[i, j] * G[i, k] * s * (1 - s)
    return grad


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    grad = np.zeros(Z.shape)
    for i, row in enumerate(Z):
        powers = [np.exp(z - max(row)) for z in row]
        for j, power in enumerate(powers):
            grad[i, j] = power / sum(powers)
            if Y[i, j] == 1:
                grad[i, j] -= 1
    return grad / len(Z)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    dW1, dW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for x, y in zip(X, Y, strict=True):
        h = np.tanh(x @ W1)
        a = h @ W2
        p = np.exp(a - a.max())
        g = (p / p.sum() - y) / len(X)
        dW2 += np.outer(h, g)
        dW1 += np.outer(x, (W2 @ g) * (1 - h**2))
    return [dW1, dW2]


# %% gaussian_mle
def gaussian_mle(X):
    mu = np.zeros(X.shape[1])
    for row in X:
        mu += row / len(X)
    Sigma = np.zeros((X.shape[1], X.shape[1]))
    for row in X:
        Sigma += np.outer(row - mu, row - mu) / len(X)
    return [mu, Sigma]


def gaussian_grad_mu(X, mu, Sigma):
    grad = np.zeros(len(mu))
    for row in X:
        grad += np.linalg.solve(Sigma, row - mu)
    return grad


def gaussian_grad_sigma(X, mu, Sigma):
    Y = np.linalg.inv(Sigma)
    grad = np.zeros(Sigma.shape)
    for row in X:
        v = Y @ (row - mu)
        grad += 0.5 * np.outer(v, v) - 0.5 * Y
    return grad


# %% derive_quadratic
derive_quadratic = """
f = x.T @ A @ x
df = dx.T @ (A @ x) + (x.T @ A) @ dx
   = (A @ x).T @ dx + (A.T @ x).T @ dx
   = <A @ x + A.T @ x, dx>
"""


# %% derive_log_quadratic
derive_log_quadratic = """
q = x.T @ A @ x
d(np.log(q))
= q**-1 * d(q)
= q**(-1) * (x.T @ A.T @ dx + x.T @ A @ dx)
= <q**-1 * (A @ x + A.T @ x), dx>
"""


# %% derive_sandwich
derive_sandwich = """
d(a @ X @ A @ X @ a)
= a @ dX @ A @ X @ a + a @ X @ A @ dX @ a
= <outer(a, A @ X @ a), dX> + <outer(A.T @ X.T @ a, a), dX>
= <outer(a, A @ X @ a) + outer(A.T @ X.T @ a, a), dX>
"""


# %% derive_inverse
derive_inverse = """
d(I) = 0
d(inv(X) @ X) = d(inv(X)) @ X + inv(X) @ dX = 0
d(inv(X)) = -inv(X) @ dX @ inv(X)
"""


# %% derive_trace_axb
derive_trace_axb = """
df = d(np.trace(A @ X @ B))
= np.trace(A @ d(X) @ B)
= np.trace(B @ A @ dX)
= <A.T @ B.T, dX>
"""


# %% derive_trace_axx
derive_trace_axx = """
M = X.T @ X
d(tr(A @ M))
= tr(A @ dM)
= tr(A @ (dX.T @ X + X.T @ dX))
= <X @ (A.T + A), dX>
"""


# %% derive_logdet
derive_logdet = """
d(np.log(np.linalg.det(X)))
= 1 / np.linalg.det(X) * d(np.linalg.det(X))
= np.trace(np.linalg.inv(X) @ dX)
= <np.linalg.inv(X.T), dX>
"""


# %% derive_trace_axbinv
derive_trace_axbinv = """
d(tr(inv(X) @ A @ X @ B))
= tr(d(inv(X)) @ A @ X @ B + inv(X) @ A @ dX @ B)
= tr(-inv(X) @ dX @ inv(X) @ A @ X @ B + inv(X) @ A @ dX @ B)
= <A.T @ inv(X).T @ B.T - inv(X).T @ B.T @ X.T @ A.T @ inv(X).T, dX>
"""


# %% derive_det_sandwich
derive_det_sandwich = """
M = X.T @ A @ X
D = det(M)
d(D)
= D * tr(inv(M) @ d(X.T @ A @ X))
= D * tr(inv(M) @ dX.T @ A @ X) + D * tr(inv(M) @ X.T @ A @ dX)
= D * tr(inv(M).T @ X.T @ A.T @ dX) + D * tr(inv(M) @ X.T @ A @ dX)
= <D * A @ X @ inv(M) + D * A.T @ X @ inv(M.T), dX>
"""


# %% derive_ridge
derive_ridge = """
d((y - X @ w).T @ (y - X @ w) + lam * w.T @ w)
= (-X @ dw).T @ (y - X @ w) + (y - X @ w).T @ (-X @ dw) + lam * dw.T @ w + lam * w.T @ dw
= -2 * (y - X @ w).T @ X @ dw + 2 * lam * w.T @ dw
= <-2 * X.T @ (y - X @ w) + 2 * lam * w, dw>
"""


# %% derive_factorization_A
derive_factorization_A = """
d(sum((X - A @ S)**2))
= sum(2 * (X - A @ S) * d(X - A @ S))
= -2 * sum((X - A @ S) * (dA @ S))
= -2 * tr((X - A @ S).T @ dA @ S)
= <-2 * (X - A @ S) @ S.T, dA>
"""


# %% derive_two_layer
derive_two_layer = """
H = tanh(X @ W1)
Z = H @ W2
d((sum(log(sum(exp(Z), axis=1))) - sum(Y * Z)) / n)
= (sum(sum(exp(Z) * dZ, axis=1) / sum(exp(Z), axis=1)) - sum(Y * dZ)) / n
= <(softmax(Z) - Y) / n, dZ>
= <(softmax(Z) - Y) / n, dH @ W2 + H @ dW2>
= <(softmax(Z) - Y) @ W2.T / n, (1 - H**2) * (X @ dW1)> + <H.T @ (softmax(Z) - Y) / n, dW2>
= <X.T @ ((softmax(Z) - Y) @ W2.T * (1 - H**2)) / n, dW1> + <H.T @ (softmax(Z) - Y) / n, dW2>
"""

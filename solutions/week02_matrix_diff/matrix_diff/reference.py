# %% dot
# $df = a^\top dx$, since $a$ is constant. This is already $(\nabla f)^\top dx$ with $\nabla f = a$.
def d_dot(a, x):
    return np.array(a)


# %% derive_quadratic
derive_quadratic = """
u = A @ x
d(<x, u>)
= <dx, u> + <x, A @ dx>
= <u + A.T @ x, dx>
"""


# %% quadratic
def d_quadratic(x, A):
    return A @ x + A.T @ x


# %% quadratic_hessian
# $d(\nabla f) = (A + A^\top)\, dx$, so $H = A + A^\top$: it does not depend on $x$, and it is symmetric even
# where $A$ is not.
def d_quadratic_hessian(x, A):
    return A + A.T


# %% derive_log_quadratic
derive_log_quadratic = """
q = x.T @ A @ x
d(log(q))
= dq / q
= (dx.T @ A @ x + x.T @ A @ dx) / q
= <(A @ x + A.T @ x) / q, dx>
"""


# %% log_quadratic
def d_log_quadratic(x, A):
    return (A @ x + A.T @ x) / (x @ A @ x)


# %% cubic
# $df = dx\,(x^\top x) + x\,(2 x^\top dx) = \bigl( (x^\top x) I + 2 x x^\top \bigr)\, dx$; what stands before $dx$
# is $J$.
def d_cubic(x):
    return (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x)


# %% chain
# With $u = f(x)$: $dg = (\nabla g)^\top du = (\nabla g)^\top J_f\, dx = (J_f^\top \nabla g)^\top dx$.
def d_chain(J_f, grad_g):
    return J_f.T @ grad_g


# %% trace
# $d \operatorname{tr} X = \operatorname{tr} dX = \operatorname{tr}(I^\top dX)$, so the gradient is $I$.
def d_trace(X):
    return np.eye(len(X))


# %% trace_ab
# $df = \operatorname{tr}(dA\, B) = \operatorname{tr}(B\, dA)$, so $(\nabla f)^\top = B$ and $\nabla f = B^\top$.
def d_trace_ab(A, B):
    return B.T.copy()


# %% bilinear
# $df = x^\top dA\, y = \operatorname{tr}(y x^\top dA)$, so $\nabla f = (y x^\top)^\top = x y^\top$.
def d_bilinear(x, A, y):
    return np.outer(x, y)


# %% xab
# In $x$: $df = dx^\top A b = (A b)^\top dx$, so $\nabla_x f = A b$. In $A$: $df = x^\top dA\, b =
# \operatorname{tr}(b x^\top dA)$, so $\nabla_A f = x b^\top$.
def d_xab_x(x, A, b):
    return A @ b


def d_xab_A(x, A, b):
    return np.outer(x, b)


# %% derive_trace_axb
derive_trace_axb = """
d(tr(A @ X @ B))
= tr(B @ A @ dX)
= <(B @ A).T, dX>
"""


# %% trace_axb
def d_trace_axb(A, X, B):
    return A.T @ B.T


# %% derive_trace_axx
derive_trace_axx = """
d(tr(A @ X.T @ X))
= tr(A @ dX.T @ X) + tr(A @ X.T @ dX)
= tr(A.T @ X.T @ dX) + tr(A @ X.T @ dX)
= <X @ A + X @ A.T, dX>
"""


# %% trace_axx
def d_trace_axx(A, X):
    return X @ (A + A.T)


# %% derive_sandwich
derive_sandwich = """
u = X @ a
v = X.T @ a
d(v.T @ A @ u)
= a.T @ dX @ A @ u + v.T @ A @ dX @ a
= tr(A @ u @ a.T @ dX) + tr(a @ v.T @ A @ dX)
= <a @ (A @ u).T + A.T @ v @ a.T, dX>
"""


# %% sandwich
def d_sandwich(a, X, A):
    return np.outer(a, A @ X @ a) + np.outer(A.T @ X.T @ a, a)


# %% derive_inverse
derive_inverse = """
d(X @ inv(X))
= dX @ inv(X) + X @ d(inv(X))
= 0                                  # it is I
d(inv(X))
= -inv(X) @ dX @ inv(X)
"""


# %% inverse
def d_inverse(X, dX):
    inverse = np.linalg.inv(X)
    return -inverse @ dX @ inverse


# %% det
# $\det(X + dX) = \det X \det(I + X^{-1} dX)$, whose linear part is $\det X\, (1 + \operatorname{tr}(X^{-1} dX))$.
# So $df = \det X \operatorname{tr}(X^{-1} dX)$ and $\nabla f = \det X \cdot X^{-\top}$.
def d_det(X):
    return np.linalg.det(X) * np.linalg.inv(X).T


# %% derive_logdet
derive_logdet = """
D = det(X)
d(log(D))
= dD / D
= tr(inv(X) @ dX)
= <inv(X).T, dX>
"""


# %% logdet
def d_logdet(X):
    return np.linalg.inv(X).T


# %% derive_trace_axbinv
derive_trace_axbinv = """
Y = inv(X)
d(tr(A @ X @ B @ Y))
= tr(A @ dX @ B @ Y) + tr(A @ X @ B @ dY)
= tr(B @ Y @ A @ dX) - tr(A @ X @ B @ Y @ dX @ Y)
= tr((B @ Y @ A - Y @ A @ X @ B @ Y) @ dX)
= <(B @ Y @ A - Y @ A @ X @ B @ Y).T, dX>
"""


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    inverse = np.linalg.inv(X)
    return (B @ inverse @ A - inverse @ A @ X @ B @ inverse).T


# %% trace_hard
# $X$ occurs three times; the others are held each time. $\operatorname{tr}(A\, dX^\top X B X^{-\top})$ has the
# gradient $X B X^{-\top} A$ (what multiplies $dX^\top$). $\operatorname{tr}(A X^\top dX\, B X^{-\top}) =
# \operatorname{tr}(B X^{-\top} A X^\top dX)$ has $X A^\top X^{-1} B^\top$. And $d X^{-\top} = -X^{-\top} dX^\top
# X^{-\top}$ gives $-X^{-\top} A X^\top X B X^{-\top}$. The gradient is the sum of the three.
def d_trace_hard(A, X, B):
    inverse = np.linalg.inv(X)
    first = X @ B @ inverse.T @ A
    second = X @ A.T @ inverse @ B.T
    third = inverse.T @ A @ X.T @ X @ B @ inverse.T
    return first + second - third


# %% derive_det_sandwich
derive_det_sandwich = """
M = X.T @ A @ X
d(det(M))
= det(M) * tr(inv(M) @ dM)
= det(M) * tr(inv(M) @ (dX.T @ A @ X + X.T @ A @ dX))
= det(M) * tr((inv(M).T @ X.T @ A.T + inv(M) @ X.T @ A) @ dX)
= <det(M) * (A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>
"""


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X  # public
    inverse = np.linalg.inv(M)
    return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T)


# %% least_squares
# With $r = y - Xw$, $dr = -X\, dw$ and $df = 2 r^\top dr = -2 r^\top X\, dw$, so $\nabla f = -2 X^\top (y - Xw)$.
# Then $d \nabla f = 2 X^\top X\, dw$, so $H = 2 X^\top X$. With full column rank $v^\top H v = 2 \lVert Xv
# \rVert^2 > 0$ for $v \ne 0$: the only stationary point, $X^\top X w = X^\top y$, is the only minimum.
def least_squares_grad(w, X, y):
    return -2 * X.T @ (y - X @ w)


def least_squares_hessian(w, X, y):
    return 2 * X.T @ X


def least_squares_solve(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


# %% derive_ridge
derive_ridge = """
r = y - X @ w
d(r.T @ r + lam * w.T @ w)
= 2 * r.T @ dr + 2 * lam * w.T @ dw
= -2 * r.T @ X @ dw + 2 * lam * w.T @ dw
= <2 * lam * w - 2 * X.T @ r, dw>
"""


# %% ridge
def ridge_grad(w, X, y, lam):
    return -2 * X.T @ (y - X @ w) + 2 * lam * w


def ridge_hessian(w, X, y, lam):
    return 2 * X.T @ X + 2 * lam * np.eye(len(w))


def ridge_solve(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)


# %% derive_factorization_A
derive_factorization_A = """
R = X - A @ S
d(norm(R)**2)
= 2 * <R, dR>
= -2 * <R, dA @ S>
= <-2 * R @ S.T, dA>
"""


# %% matrix_factorization
def d_factorization_A(X, A, S):
    return -2 * (X - A @ S) @ S.T


def d_factorization_S(X, A, S):
    return -2 * A.T @ (X - A @ S)


# %% logistic_l2
# For one sample, $m = y\,x^\top w$ and $d \ln(1 + e^{-m}) = -\sigma(-m)\, dm$ with $dm = y\,x^\top dw$. The sum
# over samples and the penalty give $\nabla f = -\sum_i \sigma(-m_i)\, y_i x_i + 2 \lambda w$. With $\sigma(-m) =
# 1 / (1 + e^m)$ taken at $|m|$ only, nothing overflows. The step is $w - \eta \nabla f$.
def logistic_l2_grad(w, X, y, lam):
    margin = y * (X @ w)
    small = np.exp(-np.abs(margin))
    weight = np.where(margin >= 0, small, 1.0) / (1 + small)
    return -X.T @ (weight * y) + 2 * lam * w


def logistic_l2_step(w, X, y, lam, learning_rate):
    slope = logistic_l2_grad(w, X, y, lam)
    return w - learning_rate * slope


# %% gaussian_mle
# $L = -\frac n2 \ln \det \Sigma - \frac12 \sum_i (x_i - \mu)^\top \Sigma^{-1} (x_i - \mu) + \text{const}$.
#
# In $\mu$: $dL = \sum_i (x_i - \mu)^\top \Sigma^{-1} d\mu$ (symmetric $\Sigma$), so $\nabla_\mu L = \Sigma^{-1}
# \sum_i (x_i - \mu)$, which is 0 at the mean.
#
# In $\Sigma$: with $S = \sum_i (x_i - \mu)(x_i - \mu)^\top$ the sum is $\operatorname{tr}(\Sigma^{-1} S)$, and
# $dL = -\frac n2 \operatorname{tr}(\Sigma^{-1} d\Sigma) + \frac12 \operatorname{tr}(\Sigma^{-1} d\Sigma\,
# \Sigma^{-1} S)$. So $\nabla_\Sigma L = \frac12 \Sigma^{-1} S \Sigma^{-1} - \frac n2 \Sigma^{-1}$ (symmetric),
# which is 0 at $\Sigma = S / n$.
def gaussian_mle(X):
    mu = X.mean(axis=0)
    return mu, (X - mu).T @ (X - mu) / len(X)


def gaussian_grad_mu(X, mu, Sigma):
    return np.linalg.solve(Sigma, (X - mu).sum(axis=0))


def gaussian_grad_sigma(X, mu, Sigma):
    inverse = np.linalg.inv(Sigma)
    scatter = (X - mu).T @ (X - mu)
    return 0.5 * inverse @ scatter @ inverse - 0.5 * len(X) * inverse


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    tail = np.exp(-np.abs(X @ W))
    bell = tail / (1 + tail) ** 2
    return X.T @ (G * bell)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    raised = np.exp(Z - Z.max(axis=1, keepdims=True))
    shares = raised / raised.sum(axis=1)[:, None]
    return (shares - Y) / len(Z)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    hidden = np.tanh(X @ W1)
    beside_logits = d_softmax_cross_entropy(hidden @ W2, Y)
    beside_sums = beside_logits @ W2.T * (1 - hidden**2)
    return X.T @ beside_sums, hidden.T @ beside_logits


# %% derive_two_layer
derive_two_layer = """
H = tanh(X @ W1)
Z = H @ W2
S = softmax(Z)
d(-sum(Y * log(S)) / n)
= -sum(Y / S * dS) / n
= <(S - Y) / n, dZ>
= <(S - Y) / n, dH @ W2> + <(S - Y) / n, H @ dW2>
= <(S - Y) @ W2.T / n, dH> + <H.T @ (S - Y) / n, dW2>
= <X.T @ ((S - Y) @ W2.T / n * (1 - H**2)), dW1> + <H.T @ (S - Y) / n, dW2>
"""

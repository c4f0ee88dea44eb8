# %% [markdown] derive_dot
# $df = a^\top dx$, since $a$ is constant. This is already $(\nabla f)^\top dx$ with $\nabla f = a$.

# %% dot
def d_dot(a, x):
    return np.array(a)


# %% [markdown] derive_quadratic
# Product rule: $df = dx^\top A x + x^\top A\, dx$. The first term is a number and equals its transpose, $x^\top
# A^\top dx$. Together $df = x^\top (A^\top + A)\, dx$, so $\nabla f = (A + A^\top) x$.


# %% quadratic
def d_quadratic(x, A):
    return A @ x + A.T @ x


# %% [markdown] derive_quadratic_hessian
# $d(\nabla f) = (A + A^\top)\, dx$, so $H = A + A^\top$: it does not depend on $x$, and it is symmetric even
# where $A$ is not.


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    return A + A.T


# %% [markdown] derive_log_quadratic
# With $q = x^\top A x$ the chain rule gives $d \ln q = dq / q$, so the gradient is that of $q$ over $q$: $(A +
# A^\top) x / (x^\top A x)$.


# %% log_quadratic
def d_log_quadratic(x, A):
    return (A @ x + A.T @ x) / (x @ A @ x)


# %% [markdown] derive_cubic
# $df = dx\,(x^\top x) + x\,(2 x^\top dx) = \bigl( (x^\top x) I + 2 x x^\top \bigr)\, dx$; what stands before $dx$
# is $J$.


# %% cubic
def d_cubic(x):
    return (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x)


# %% [markdown] derive_chain
# With $u = f(x)$: $dg = (\nabla g)^\top du = (\nabla g)^\top J_f\, dx = (J_f^\top \nabla g)^\top dx$.


# %% chain
def d_chain(J_f, grad_g):
    return J_f.T @ grad_g


# %% [markdown] derive_trace
# $d \operatorname{tr} X = \operatorname{tr} dX = \operatorname{tr}(I^\top dX)$, so the gradient is $I$.


# %% trace
def d_trace(X):
    return np.eye(len(X))


# %% [markdown] derive_trace_ab
# $df = \operatorname{tr}(dA\, B) = \operatorname{tr}(B\, dA)$, so $(\nabla f)^\top = B$ and $\nabla f = B^\top$.


# %% trace_ab
def d_trace_ab(A, B):
    return B.T.copy()


# %% [markdown] derive_bilinear
# $df = x^\top dA\, y = \operatorname{tr}(y x^\top dA)$, so $\nabla f = (y x^\top)^\top = x y^\top$.


# %% bilinear
def d_bilinear(x, A, y):
    return np.outer(x, y)


# %% [markdown] derive_xab
# In $x$: $df = dx^\top A b = (A b)^\top dx$, so $\nabla_x f = A b$. In $A$: $df = x^\top dA\, b =
# \operatorname{tr}(b x^\top dA)$, so $\nabla_A f = x b^\top$.


# %% xab
def d_xab_x(x, A, b):
    return A @ b


def d_xab_A(x, A, b):
    return np.outer(x, b)


# %% [markdown] derive_trace_axb
# $df = \operatorname{tr}(A\, dX\, B) = \operatorname{tr}(B A\, dX)$, so $\nabla f = (BA)^\top = A^\top B^\top$.


# %% trace_axb
def d_trace_axb(A, X, B):
    return A.T @ B.T


# %% [markdown] derive_trace_axx
# $df = \operatorname{tr}(A\, dX^\top X) + \operatorname{tr}(A X^\top dX)$. The first is the trace of its
# transpose, $\operatorname{tr}(X^\top dX\, A^\top) = \operatorname{tr}(A^\top X^\top dX)$. So $(\nabla f)^\top =
# (A + A^\top) X^\top$ and $\nabla f = X (A + A^\top)$.


# %% trace_axx
def d_trace_axx(A, X):
    return X @ (A + A.T)


# %% [markdown] derive_sandwich
# $df = a^\top dX\, A X a + a^\top X A\, dX\, a = \operatorname{tr}(A X a\, a^\top dX) + \operatorname{tr}(a\,
# a^\top X A\, dX)$, so $\nabla f = a\, (A X a)^\top + (A^\top X^\top a)\, a^\top$.


# %% sandwich
def d_sandwich(a, X, A):
    return np.outer(a, A @ X @ a) + np.outer(A.T @ X.T @ a, a)


# %% [markdown] derive_inverse
# From $X X^{-1} = I$: $dX\, X^{-1} + X\, d(X^{-1}) = 0$, and from the left by $X^{-1}$: $d(X^{-1}) = -X^{-1}\,
# dX\, X^{-1}$.


# %% inverse
def d_inverse(X, dX):
    inverse = np.linalg.inv(X)
    return -inverse @ dX @ inverse


# %% [markdown] derive_det
# $\det(X + dX) = \det X \det(I + X^{-1} dX)$, whose linear part is $\det X\, (1 + \operatorname{tr}(X^{-1} dX))$.
# So $df = \det X \operatorname{tr}(X^{-1} dX)$ and $\nabla f = \det X \cdot X^{-\top}$.


# %% det
def d_det(X):
    return np.linalg.det(X) * np.linalg.inv(X).T


# %% [markdown] derive_logdet
# $d \ln \det X = d(\det X) / \det X = \operatorname{tr}(X^{-1} dX)$, so $\nabla f = X^{-\top}$.


# %% logdet
def d_logdet(X):
    return np.linalg.inv(X).T


# %% [markdown] derive_trace_axbinv
# $df = \operatorname{tr}(A\, dX\, B X^{-1}) - \operatorname{tr}(A X B X^{-1} dX\, X^{-1}) =
# \operatorname{tr}\bigl( (B X^{-1} A - X^{-1} A X B X^{-1})\, dX \bigr)$, so $\nabla f = (B X^{-1} A - X^{-1} A X
# B X^{-1})^\top$.


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    inverse = np.linalg.inv(X)
    return (B @ inverse @ A - inverse @ A @ X @ B @ inverse).T


# %% [markdown] derive_trace_hard
# $X$ occurs three times; the others are held each time. $\operatorname{tr}(A\, dX^\top X B X^{-\top})$ has the
# gradient $X B X^{-\top} A$ (what multiplies $dX^\top$). $\operatorname{tr}(A X^\top dX\, B X^{-\top}) =
# \operatorname{tr}(B X^{-\top} A X^\top dX)$ has $X A^\top X^{-1} B^\top$. And $d X^{-\top} = -X^{-\top} dX^\top
# X^{-\top}$ gives $-X^{-\top} A X^\top X B X^{-\top}$. The gradient is the sum of the three.


# %% trace_hard
def d_trace_hard(A, X, B):
    inverse = np.linalg.inv(X)
    first = X @ B @ inverse.T @ A
    second = X @ A.T @ inverse @ B.T
    third = inverse.T @ A @ X.T @ X @ B @ inverse.T
    return first + second - third


# %% [markdown] derive_det_sandwich
# With $M = X^\top A X$: $df = \det M \operatorname{tr}(M^{-1} dM)$, $dM = dX^\top A X + X^\top A\, dX$. The first
# term has the gradient $A X M^{-1}$, the second $(M^{-1} X^\top A)^\top = A^\top X M^{-\top}$. Together $\det
# M\,(A X M^{-1} + A^\top X M^{-\top})$.


# %% det_sandwich
def d_det_sandwich(X, A):
    M = X.T @ A @ X
    inverse = np.linalg.inv(M)
    return np.linalg.det(M) * (A @ X @ inverse + A.T @ X @ inverse.T)


# %% [markdown] derive_least_squares
# With $r = y - Xw$, $dr = -X\, dw$ and $df = 2 r^\top dr = -2 r^\top X\, dw$, so $\nabla f = -2 X^\top (y - Xw)$.
# Then $d \nabla f = 2 X^\top X\, dw$, so $H = 2 X^\top X$. With full column rank $v^\top H v = 2 \lVert Xv
# \rVert^2 > 0$ for $v \ne 0$: the only stationary point, $X^\top X w = X^\top y$, is the only minimum.


# %% least_squares
def least_squares_grad(w, X, y):
    return -2 * X.T @ (y - X @ w)


def least_squares_hessian(w, X, y):
    return 2 * X.T @ X


def least_squares_solve(X, y):
    return np.linalg.solve(X.T @ X, X.T @ y)


# %% [markdown] derive_ridge
# The penalty adds $d(\lambda w^\top w) = 2 \lambda w^\top dw$: gradient $-2 X^\top (y - Xw) + 2 \lambda w$,
# Hessian $2 X^\top X + 2 \lambda I$. It is positive definite for any $X$, as $\lambda > 0$; the minimum is where
# $(X^\top X + \lambda I) w = X^\top y$.


# %% ridge
def ridge_grad(w, X, y, lam):
    return -2 * X.T @ (y - X @ w) + 2 * lam * w


def ridge_hessian(w, X, y, lam):
    return 2 * X.T @ X + 2 * lam * np.eye(len(w))


def ridge_solve(X, y, lam):
    return np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)


# %% [markdown] derive_matrix_factorization
# With $R = X - AS$, $f = \operatorname{tr}(R^\top R)$ and $df = 2 \operatorname{tr}(R^\top dR)$. In $A$: $dR = -dA\,
# S$, $df = -2 \operatorname{tr}(S R^\top dA)$, so $\nabla_A f = -2 R S^\top$. In $S$: $dR = -A\, dS$, so
# $\nabla_S f = -2 A^\top R$.


# %% matrix_factorization
def d_factorization_A(X, A, S):
    return -2 * (X - A @ S) @ S.T


def d_factorization_S(X, A, S):
    return -2 * A.T @ (X - A @ S)


# %% [markdown] derive_logistic_l2
# For one sample, $m = y\,x^\top w$ and $d \ln(1 + e^{-m}) = -\sigma(-m)\, dm$ with $dm = y\,x^\top dw$. The sum
# over samples and the penalty give $\nabla f = -\sum_i \sigma(-m_i)\, y_i x_i + 2 \lambda w$. With $\sigma(-m) =
# 1 / (1 + e^m)$ taken at $|m|$ only, nothing overflows. The step is $w - \eta \nabla f$.


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    margin = y * (X @ w)
    small = np.exp(-np.abs(margin))
    weight = np.where(margin >= 0, small, 1.0) / (1 + small)
    return -X.T @ (weight * y) + 2 * lam * w


def logistic_l2_step(w, X, y, lam, learning_rate):
    slope = logistic_l2_grad(w, X, y, lam)
    return w - learning_rate * slope


# %% [markdown] derive_gaussian_mle
# $L = -\frac n2 \ln \det \Sigma - \frac12 \sum_i (x_i - \mu)^\top \Sigma^{-1} (x_i - \mu) + \text{const}$.
#
# In $\mu$: $dL = \sum_i (x_i - \mu)^\top \Sigma^{-1} d\mu$ (symmetric $\Sigma$), so $\nabla_\mu L = \Sigma^{-1}
# \sum_i (x_i - \mu)$, which is 0 at the mean.
#
# In $\Sigma$: with $S = \sum_i (x_i - \mu)(x_i - \mu)^\top$ the sum is $\operatorname{tr}(\Sigma^{-1} S)$, and
# $dL = -\frac n2 \operatorname{tr}(\Sigma^{-1} d\Sigma) + \frac12 \operatorname{tr}(\Sigma^{-1} d\Sigma\,
# \Sigma^{-1} S)$. So $\nabla_\Sigma L = \frac12 \Sigma^{-1} S \Sigma^{-1} - \frac n2 \Sigma^{-1}$ (symmetric),
# which is 0 at $\Sigma = S / n$.


# %% gaussian_mle
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

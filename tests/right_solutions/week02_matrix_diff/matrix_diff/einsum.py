# Every product is an einsum with named indices.

# %% dot
def d_dot(a, x):
    return np.einsum("i->i", a)


# %% quadratic
def d_quadratic(x, A):
    return np.einsum("ij,j->i", A, x) + np.einsum("ji,j->i", A, x)


# %% quadratic_hessian
def d_quadratic_hessian(x, A):
    return np.einsum("ij->ij", A) + np.einsum("ji->ij", A)


# %% log_quadratic
def d_log_quadratic(x, A):
    value = np.einsum("i,ij,j", x, A, x)
    return np.einsum("ij,j->i", A + A.T, x) / value


# %% cubic
def d_cubic(x):
    return np.einsum("k,k,ij->ij", x, x, np.eye(len(x))) + 2 * np.einsum("i,j->ij", x, x)


# %% chain
def d_chain(J_f, grad_g):
    return np.einsum("ij,i->j", J_f, grad_g)


# %% trace
def d_trace(X):
    G = np.zeros(X.shape)
    np.einsum("ii->i", G)[:] = 1
    return G


# %% trace_ab
def d_trace_ab(A, B):
    return np.einsum("ji->ij", B)


# %% bilinear
def d_bilinear(x, A, y):
    return np.einsum("i,j->ij", x, y)


# %% xab
def d_xab_x(x, A, b):
    return np.einsum("ij,j->i", A, b)


def d_xab_A(x, A, b):
    return np.einsum("i,j->ij", x, b)


# %% trace_axb
def d_trace_axb(A, X, B):
    return np.einsum("pi,jp->ij", A, B)


# %% trace_axx
def d_trace_axx(A, X):
    return np.einsum("mi,in->mn", X, A) + np.einsum("mi,ni->mn", X, A)


# %% sandwich
def d_sandwich(a, X, A):
    left = np.einsum("i,ij,jk->k", a, X, A)
    right = np.einsum("ij,jk,k->i", A, X, a)
    return np.einsum("i,j->ij", a, right) + np.einsum("i,j->ij", left, a)


# %% inverse
def d_inverse(X, dX):
    Y = np.linalg.inv(X)
    return -np.einsum("ij,jk,kl->il", Y, dX, Y)


# %% det
def d_det(X):
    return np.einsum(",ji->ij", np.linalg.det(X), np.linalg.inv(X))


# %% logdet
def d_logdet(X):
    return np.einsum("ji->ij", np.linalg.inv(X))


# %% trace_axbinv
def d_trace_axbinv(A, X, B):
    Y = np.linalg.inv(X)
    # tr(A X B Y) = A_ij X_jk B_kl Y_li, and dY_li = -Y_lm dX_mn Y_ni
    plus = np.einsum("ij,kl,li->jk", A, B, Y)
    minus = np.einsum("ij,jk,kl,lm,ni->mn", A, X, B, Y, Y)
    return plus - minus


# %% trace_hard
def d_trace_hard(A, X, B):
    Y = np.linalg.inv(X)
    # A_ij X_kj X_kl B_lm Y_im
    first = np.einsum("ij,kl,lm,im->kj", A, X, B, Y)
    second = np.einsum("ij,kj,lm,im->kl", A, X, B, Y)
    third = np.einsum("ij,kj,kl,lm,ip,qm->pq", A, X, X, B, Y, Y)
    return first + second - third


# %% det_sandwich
def d_det_sandwich(X, A):
    M = np.einsum("ki,kl,lj->ij", X, A, X)
    Y = np.linalg.inv(M)
    return np.linalg.det(M) * (np.einsum("kl,lj,ji->ki", A, X, Y) + np.einsum("lk,lj,ij->ki", A, X, Y))


# %% least_squares
def least_squares_grad(w, X, y):
    residual = np.einsum("nd,d->n", X, w) - y
    return 2 * np.einsum("nd,n->d", X, residual)


def least_squares_hessian(w, X, y):
    return 2 * np.einsum("ni,nj->ij", X, X)


def least_squares_solve(X, y):
    return np.einsum("dn,n->d", np.linalg.pinv(X), y)


# %% ridge
def ridge_grad(w, X, y, lam):
    return 2 * np.einsum("nd,n->d", X, np.einsum("nd,d->n", X, w) - y) + 2 * lam * w


def ridge_hessian(w, X, y, lam):
    H = 2 * np.einsum("ni,nj->ij", X, X)
    np.einsum("ii->i", H)[:] += 2 * lam
    return H


def ridge_solve(X, y, lam):
    H = ridge_hessian(np.zeros(X.shape[1]), X, y, lam)
    return np.linalg.solve(H, 2 * np.einsum("nd,n->d", X, y))


# %% matrix_factorization
def d_factorization_A(X, A, S):
    return 2 * np.einsum("mn,kn->mk", np.einsum("mk,kn->mn", A, S) - X, S)


def d_factorization_S(X, A, S):
    return 2 * np.einsum("mk,mn->kn", A, np.einsum("mk,kn->mn", A, S) - X)


# %% logistic_l2
def logistic_l2_grad(w, X, y, lam):
    # The sigmoid as a tanh, which saturates by itself.
    weight = (1 - np.tanh(y * np.einsum("nd,d->n", X, w) / 2)) / 2
    return 2 * lam * w - np.einsum("n,n,nd->d", weight, y, X)


def logistic_l2_step(w, X, y, lam, learning_rate):
    weight = (1 - np.tanh(y * np.einsum("nd,d->n", X, w) / 2)) / 2
    return w * (1 - 2 * lam * learning_rate) + learning_rate * np.einsum("n,n,nd->d", weight, y, X)


# %% sigmoid_layer
def d_sigmoid_layer(X, W, G):
    # The slope of the sigmoid by the hyperbolic tangent, which saturates by itself.
    slope = (1 - np.tanh(np.einsum("nd,dk->nk", X, W) / 2) ** 2) / 4
    return np.einsum("nd,nk,nk->dk", X, G, slope)


# %% softmax_cross_entropy
def d_softmax_cross_entropy(Z, Y):
    E = np.exp(Z - np.amax(Z, axis=1)[:, np.newaxis])
    return np.einsum("ij,i->ij", E, 1 / np.einsum("ij->i", E)) / len(Z) - Y / len(Z)


# %% two_layer
def two_layer_grads(X, Y, W1, W2):
    H = np.tanh(np.einsum("nm,mh->nh", X, W1))
    G = d_softmax_cross_entropy(np.einsum("nh,hc->nc", H, W2), Y)
    return np.einsum("nm,nc,hc,nh->mh", X, G, W2, 1 - H * H), np.einsum("nh,nc->hc", H, G)


# %% gaussian_mle
def gaussian_mle(X):
    mu = np.einsum("nd->d", X) / len(X)
    return mu, np.einsum("ni,nj->ij", X - mu, X - mu) / len(X)


def gaussian_grad_mu(X, mu, Sigma):
    return np.einsum("ij,nj->i", np.linalg.inv(Sigma), X - mu)


def gaussian_grad_sigma(X, mu, Sigma):
    Y = np.linalg.inv(Sigma)
    whitened = np.einsum("ij,nj->ni", Y, X - mu)
    return (np.einsum("ni,nj->ij", whitened, whitened) - len(X) * Y) / 2


# %% derive_quadratic
derive_quadratic = """
df = d(x @ A @ x)
= dx @ A @ x + x @ A @ dx
= x @ A.T @ dx + x @ A @ dx
= <A @ x + A.T @ x, dx>
"""


# %% derive_log_quadratic
derive_log_quadratic = """
d(log(x @ A @ x))
= d(x @ A @ x) / (x @ A @ x)
= (dx @ A @ x + x @ A @ dx) / (x @ A @ x)
= <(A @ x + A.T @ x) / (x @ A @ x), dx>
"""


# %% derive_sandwich
derive_sandwich = """
u = X @ a
v = X.T @ a
d(v.T @ A @ u)
= dv.T @ A @ u + v.T @ A @ du
= a.T @ dX @ A @ u + v.T @ A @ dX @ a
= <a @ (A @ u).T + A.T @ v @ a.T, dX>
"""


# %% derive_inverse
derive_inverse = """
d(inv(X))
= d(inv(X) @ X @ inv(X))
= d(inv(X)) @ X @ inv(X) + inv(X) @ dX @ inv(X) + inv(X) @ X @ d(inv(X))
= -inv(X) @ dX @ inv(X)
"""


# %% derive_trace_axb
derive_trace_axb = """
d(tr(A @ X @ B))
= tr(A @ dX @ B)
= <A.T @ B.T, dX>
"""


# %% derive_trace_axx
derive_trace_axx = """
d(tr(A @ X.T @ X))
= tr(A @ dX.T @ X + A @ X.T @ dX)
= <X @ A, dX> + <X @ A.T, dX>
= <X @ A + X @ A.T, dX>
"""


# %% derive_logdet
derive_logdet = """
D = det(X)
d(log(D))
= dD / D
= tr(inv(X) @ dX)
= <inv(X).T, dX>
"""


# %% derive_trace_axbinv
derive_trace_axbinv = """
Y = inv(X)
d(tr(A @ X @ B @ Y))
= tr(A @ dX @ B @ Y) + tr(A @ X @ B @ dY)
= tr(A @ dX @ B @ Y) - tr(A @ X @ B @ Y @ dX @ Y)
= <A.T @ Y.T @ B.T - Y.T @ B.T @ X.T @ A.T @ Y.T, dX>
"""


# %% derive_det_sandwich
derive_det_sandwich = """
M = X.T @ A @ X
d(det(M))
= <det(M) * inv(M).T, dM>
= <det(M) * inv(M).T, dX.T @ A @ X + X.T @ A @ dX>
= <det(M) * inv(M), X.T @ A.T @ dX> + <det(M) * inv(M).T, X.T @ A @ dX>
= <det(M) * (A @ X @ inv(M) + A.T @ X @ inv(M).T), dX>
"""


# %% derive_ridge
derive_ridge = """
r = y - X @ w
df = d(r @ r + lam * w @ w)
= 2 * r @ dr + 2 * lam * w @ dw
= 2 * r @ (-X @ dw) + 2 * lam * w @ dw
= <2 * lam * w - 2 * X.T @ r, dw>
"""


# %% derive_factorization_A
derive_factorization_A = """
R = X - A @ S
d(tr(R.T @ R))
= tr(dR.T @ R) + tr(R.T @ dR)
= 2 * tr(R.T @ dR)
= -2 * tr(R.T @ dA @ S)
= -2 * tr(S @ R.T @ dA)
= <-2 * R @ S.T, dA>
"""


# %% derive_two_layer
derive_two_layer = """
Z1 = X @ W1
H = np.tanh(Z1)
Z = H @ W2
G = (softmax(Z) - Y) / n
d(-sum(Y * log(softmax(Z))) / n)
= <G, dZ>
= <G @ W2.T, dH> + <H.T @ G, dW2>
= <(G @ W2.T) * (1 - H * H), dZ1> + <H.T @ G, dW2>
= <X.T @ ((G @ W2.T) * (1 - H * H)), dW1> + <H.T @ G, dW2>
"""

# %% svd
def ridge_grad(w, X, y, lam):
    return -2 * X.T.dot(y - X.dot(w)) + 2 * lam * w


def ridge_hessian(w, X, y, lam):
    return 2 * sum(np.outer(r, r) for r in X) + 2 * lam * np.eye(X.shape[1])


def ridge_solve(X, y, lam):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    return Vt.T @ (s / (s**2 + lam) * (U.T @ y))

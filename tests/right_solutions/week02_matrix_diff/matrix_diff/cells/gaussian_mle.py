# %% cholesky
def gaussian_mle(X):
    return np.mean(X, 0), np.cov(X, rowvar=False, bias=True).reshape(X.shape[1], X.shape[1])


def gaussian_grad_mu(X, mu, Sigma):
    return np.linalg.solve(Sigma, (X - mu).T).sum(axis=1)


def gaussian_grad_sigma(X, mu, Sigma):
    L = np.linalg.cholesky(Sigma)
    Li = np.linalg.inv(L)
    P = Li.T @ Li
    R = (X - mu) @ P
    return 0.5 * (np.einsum("ni,nj->ij", R, R) - len(X) * P)

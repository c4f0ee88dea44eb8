# %% laplace
def _det(M):
    if len(M) == 1:
        return M[0][0]
    return sum((-1) ** j * M[0][j] * _det([row[:j] + row[j + 1 :] for row in M[1:]]) for j in range(len(M)))


def d_det(X):
    return _det(X.tolist()) * np.linalg.inv(X).T

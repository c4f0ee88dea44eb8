# ruff: noqa: B905

# %% a_base_class_of_its_own
class RowLayer(Module):
    def forward(self, x):
        return np.vstack([self.row(r) for r in x])

    def backward(self, x, grad_output):
        return np.vstack([g @ self.jacobian(r) for r, g in zip(x, grad_output)])


class LogSoftMax(RowLayer):
    def row(self, r):
        m = r.max()
        return r - m - np.log(np.sum(np.exp(r - m)))

    def jacobian(self, r):
        p = np.exp(self.row(r))
        return np.eye(len(r)) - np.tile(p, (len(r), 1))

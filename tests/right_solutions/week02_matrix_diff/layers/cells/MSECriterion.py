# %% trace
class MSECriterion(Module):
    def forward(self, x, target):
        r = np.asarray(x) - target
        return np.trace(r.T @ r) / x.shape[0]

    def backward(self, x, target):
        return 2.0 * np.subtract(x, target) / x.shape[0]

# %% diagonal_of_a_product
def _lse(x):
    m = x.max(1)
    return m + np.log(np.sum(np.exp(x - m[:, np.newaxis]), 1))


class SoftMax(Module):
    out = None

    def forward(self, x):
        self.out = np.exp(x - _lse(x)[:, None])
        return self.out

    def backward(self, x, grad_output):
        out = np.exp(x - _lse(x)[:, None])
        return out * grad_output - out * np.diag(grad_output @ out.T).reshape(-1, 1)

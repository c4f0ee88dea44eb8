# %% properties_of_a_dictionary
class Linear(Module):
    def __init__(self, n_in, n_out):
        self._p = {"W": 0.01 * np.random.randn(n_in, n_out), "b": np.zeros(n_out)}
        self._g = {k: np.zeros_like(v) for k, v in self._p.items()}

    @property
    def W(self):
        return self._p["W"]

    @property
    def b(self):
        return self._p["b"]

    def forward(self, x):
        return np.einsum("ni,io->no", x, self.W) + self.b[None]

    def backward(self, x, grad_output):
        self._g["W"] += np.einsum("ni,no->io", x, grad_output)
        self._g["b"] += np.einsum("no->o", grad_output)
        return np.einsum("no,io->ni", grad_output, self.W)

    def parameters(self):
        return list(self._p.values())

    def gradients(self):
        return list(self._g.values())


# %% a_column_of_ones
class Linear(Module):
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_in, n_out) / np.sqrt(n_in + n_out)
        self.b = np.zeros(n_out)
        self._grads = [np.zeros(p.shape) for p in self.parameters()]

    def forward(self, x):
        X1 = np.hstack([x, np.ones((len(x), 1))])
        return X1 @ np.vstack([self.W, self.b])

    def backward(self, x, grad_output):
        X1 = np.hstack([x, np.ones((len(x), 1))])
        g = X1.T @ grad_output
        self._grads[0] += g[:-1]
        self._grads[1] += g[-1]
        return (grad_output @ np.vstack([self.W, self.b]).T)[:, :-1]

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return self._grads

# Every layer keeps from forward what its backward needs; gradients are made anew by zero_grad, not cleared in place.

# %% Linear
class Linear(Module):
    def __init__(self, n_in, n_out):
        self.W = np.random.uniform(-0.3, 0.3, (n_in, n_out))
        self.b = np.zeros((n_out,))
        self.zero_grad()

    def zero_grad(self):
        self.grads = {"W": np.zeros(self.W.shape), "b": np.zeros(self.b.shape)}

    def forward(self, x):
        self.x = x
        return np.einsum("ni,ij->nj", x, self.W) + self.b[np.newaxis]

    def backward(self, x, grad_output):
        self.grads["W"] = self.grads["W"] + np.tensordot(self.x, grad_output, axes=(0, 0))
        self.grads["b"] = self.grads["b"] + np.ones(len(grad_output)) @ grad_output
        return (self.W @ grad_output.T).T

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return [*self.grads.values()]


# %% SoftMax
class SoftMax(Module):
    def forward(self, x):
        e = np.exp(x.T - x.max(axis=1)).T
        self.p = e / e.sum(axis=1)[:, None]
        return self.p.copy()

    def backward(self, x, grad_output):
        jacobians = np.einsum("nk,kj->nkj", self.p, np.eye(x.shape[1])) - np.einsum("nk,nj->nkj", self.p, self.p)
        return np.einsum("nk,nkj->nj", grad_output, jacobians)


# %% LogSoftMax
class LogSoftMax(Module):
    def forward(self, x):
        self.out = x - np.logaddexp.reduce(x, axis=1)[:, None]
        return self.out.copy()

    def backward(self, x, grad_output):
        total = grad_output @ np.ones((x.shape[1], 1))
        return grad_output - total * np.exp(self.out)


# %% ELU
class ELU(Module):
    def __init__(self, alpha=1.0):
        self.alpha = float(alpha)

    def forward(self, x):
        self.out = np.where(x > 0, x, self.alpha * (np.exp(x) - 1))
        return self.out

    def backward(self, x, grad_output):
        # alpha exp(x) = f(x) + alpha on the negative side
        return grad_output * np.where(self.out > 0, 1, self.out + self.alpha)


# %% SoftPlus
class SoftPlus(Module):
    def forward(self, x):
        self.x = x
        return np.logaddexp(0, x)

    def backward(self, x, grad_output):
        return grad_output * np.exp(-np.logaddexp(0, -self.x))


# %% Sequential
class Sequential(Module):
    def __init__(self, *layers):
        self.first, self.others = layers[0], layers[1:]
        self.rest = Sequential(*self.others) if self.others else None

    def forward(self, x):
        self.middle = self.first.forward(x)
        return self.rest.forward(self.middle) if self.rest else self.middle

    def backward(self, x, grad_output):
        if self.rest:
            grad_output = self.rest.backward(self.middle, grad_output)
        return self.first.backward(x, grad_output)

    def parameters(self):
        return self.first.parameters() + (self.rest.parameters() if self.rest else [])

    def gradients(self):
        return self.first.gradients() + (self.rest.gradients() if self.rest else [])

    def zero_grad(self):
        self.first.zero_grad()
        if self.rest:
            self.rest.zero_grad()


# %% MSECriterion
class MSECriterion:
    def forward(self, x, target):
        self.difference = x - target
        return np.einsum("ij,ij->", self.difference, self.difference) / len(x)

    def backward(self, x, target):
        return self.difference * (2 / len(self.difference))


# %% NLLCriterion
class NLLCriterion:
    def forward(self, x, target):
        self.mask = np.eye(x.shape[1])[target]
        return np.array(-np.sum(x * self.mask) / len(x))

    def backward(self, x, target):
        return -self.mask / len(self.mask)

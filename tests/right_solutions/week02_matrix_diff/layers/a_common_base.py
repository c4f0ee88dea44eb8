# A base class of the student's own for layers without parameters; losses that share theirs; slopes as functions.

# %% before Linear
class Pointwise(Module):
    """A layer that acts entry by entry: f and its slope are given by the subclass."""

    def f(self, x):
        raise NotImplementedError

    def slope(self, x):
        raise NotImplementedError

    def forward(self, x):
        return self.f(x)

    def backward(self, x, grad_output):
        return np.multiply(grad_output, self.slope(x))


class Rowwise(Module):
    def p(self, x):
        shifted = x - x.max(1)[:, None]
        return np.exp(shifted) / np.exp(shifted).sum(1)[:, None]


# %% Linear
class Linear(Module):
    def __init__(self, n_in, n_out):
        self.n_in = n_in
        # One array for both: the last row is b. W and b are views of it.
        self.all = np.vstack([np.random.normal(0, 0.1, (n_in, n_out)), np.zeros((1, n_out))])
        self.d_all = np.zeros_like(self.all)
        self.W, self.b = self.all[:n_in], self.all[n_in]

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, x, grad_output):
        extended = np.hstack([x, np.ones((x.shape[0], 1))])
        self.d_all += extended.T @ grad_output
        return np.einsum("no,io->ni", grad_output, self.W)

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return [self.d_all[: self.n_in], self.d_all[self.n_in]]


# %% SoftMax
class SoftMax(Rowwise):
    def forward(self, x):
        return self.p(x)

    def backward(self, x, grad_output):
        p = self.p(x)
        g = grad_output - (grad_output * p).sum(1)[:, None]
        g *= p
        return g


# %% LogSoftMax
class LogSoftMax(Rowwise):
    def forward(self, x):
        highest = np.amax(x, 1, keepdims=True)
        return (x - highest) - np.log(np.exp(x - highest) @ np.ones((x.shape[1], 1)))

    def backward(self, x, grad_output):
        g = grad_output.copy()
        g -= self.p(x) * grad_output.sum(1).reshape(-1, 1)
        return g


# %% ELU
class ELU(Pointwise):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def f(self, x):
        return np.piecewise(x, [x > 0], [lambda v: v, lambda v: self.alpha * (np.exp(v) - 1)])

    def slope(self, x):
        return np.piecewise(x, [x > 0], [1.0, lambda v: self.alpha * np.exp(v)])


# %% SoftPlus
class SoftPlus(Pointwise):
    def f(self, x):
        return np.log(1 + np.exp(-abs(x))) + x * (x > 0)

    def slope(self, x):
        e = np.exp(-abs(x))
        return np.where(x >= 0, 1, e) / (1 + e)


# %% Sequential
class Sequential(Module):
    def __init__(self, first, *others):
        self.layers = [first, *others]
        self.tape = []

    def forward(self, x):
        self.tape.clear()
        for layer in self.layers:
            self.tape.append(np.array(x))
            x = layer.forward(x)
        return x

    def backward(self, x, grad_output):
        for number in reversed(range(len(self.layers))):
            grad_output = self.layers[number].backward(x=self.tape[number], grad_output=grad_output)
        return grad_output

    def _flat(self, which):
        return [array for layer in self.layers for array in getattr(layer, which)()]

    def parameters(self):
        return self._flat("parameters")

    def gradients(self):
        return self._flat("gradients")

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()


# %% MSECriterion
class Criterion:
    def __call__(self, x, target):
        return self.forward(x, target)


class MSECriterion(Criterion):
    def forward(self, x, target):
        r = (x - target).ravel()
        return r @ r / x.shape[0]

    def backward(self, x, target):
        g = x - target
        g *= 2
        g /= len(g)
        return g


# %% NLLCriterion
class NLLCriterion:
    def forward(self, x, target):
        chosen = np.arange(x.shape[1]) == target[:, None]
        return -np.sum(x[chosen]) / len(x)

    def backward(self, x, target):
        return -(np.arange(x.shape[1]) == np.asarray(target)[:, None]).astype(float) / len(x)

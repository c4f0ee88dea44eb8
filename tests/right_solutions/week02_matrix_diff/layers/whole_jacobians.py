# Sample by sample, with the Jacobian of each row; one-hot rows; a second class beside one that was only a try.

# %% Linear
class Linear2:
    """A first try, not used any more."""

    def forward(self, x):
        return x


class Linear(Module):
    def __init__(self, n_in, n_out):
        self.W = np.random.default_rng().uniform(-1, 1, size=(n_in, n_out)) / n_in
        self.b = np.zeros(n_out)
        self.d = [np.zeros((n_in, n_out)), np.zeros(n_out)]

    def forward(self, x):
        return np.array([row @ self.W + self.b for row in x])

    def backward(self, x, grad_output):
        for row, g in zip(x, grad_output, strict=True):
            self.d[0] += np.outer(row, g)
            self.d[1] += g
        return np.array([self.W @ g for g in grad_output])

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return self.d

    def zero_grad(self):
        for array in self.d:
            array[...] = 0


# %% SoftMax
def softmax_of(row):
    e = np.exp(row - max(row))
    return e / sum(e)


class SoftMax(Module):
    def forward(self, x):
        return np.vstack([softmax_of(row) for row in x])

    def backward(self, x, grad_output):
        rows = []
        for row, g in zip(x, grad_output, strict=True):
            p = softmax_of(row)
            J = np.diag(p) - np.outer(p, p)
            rows.append(g @ J)
        return np.vstack(rows)


# %% LogSoftMax
class LogSoftMax(Module):
    def forward(self, x):
        return np.vstack([row - np.logaddexp.reduce(row) for row in x])

    def backward(self, x, grad_output):
        rows = []
        for logs, g in zip(self.forward(x), grad_output, strict=True):
            J = np.eye(len(g)) - np.ones((len(g), 1)) * np.exp(logs)
            rows.append(J.T @ g)
        return np.vstack(rows)


# %% ELU
class ELU(Module):
    def __init__(self, alpha=1.0):
        self.a = alpha

    def forward(self, x):
        def f(v):
            return v if v > 0 else self.a * np.expm1(v)

        return np.vectorize(f, otypes=[float])(x)

    def backward(self, x, grad_output):
        def slope(v):
            return 1.0 if v > 0 else self.a * np.exp(v)

        return np.vectorize(slope, otypes=[float])(x) * grad_output


# %% SoftPlus
class SoftPlus(Module):
    def forward(self, x):
        return np.logaddexp(x, 0)

    def backward(self, x, grad_output):
        # f(x) - f(-x) = x, and the slope is exp(x - f(x)).
        return np.exp(x - np.logaddexp(0, x)) * grad_output


# %% Sequential
class Sequential(Module):
    def __init__(self, *args):
        self.chain = args

    def forward(self, x):
        self.seen = []
        out = x
        for layer in self.chain:
            self.seen += [(layer, out)]
            out = layer.forward(out)
        return out

    def backward(self, x, grad_output):
        for layer, entered in reversed(self.seen):
            grad_output = layer.backward(entered, grad_output)
        return grad_output

    def parameters(self):
        return sum((list(layer.parameters()) for layer in self.chain), [])

    def gradients(self):
        return sum((list(layer.gradients()) for layer in self.chain), [])

    def zero_grad(self):
        for layer in self.chain:
            layer.zero_grad()


# %% MSECriterion
class MSECriterion:
    def forward(self, x, target):
        total = 0.0
        for row, wanted in zip(x, target, strict=True):
            total += (row - wanted) @ (row - wanted)
        return total / len(x)

    def backward(self, x, target):
        return np.array([2 * (row - wanted) / len(x) for row, wanted in zip(x, target, strict=True)])


# %% NLLCriterion
class NLLCriterion:
    def forward(self, x, target):
        return sum(-row[label] for row, label in zip(x, target, strict=True)) / len(target)

    def backward(self, x, target):
        grad = np.zeros(x.shape)
        for i, label in enumerate(target):
            grad[i, label] -= 1 / len(target)
        return grad

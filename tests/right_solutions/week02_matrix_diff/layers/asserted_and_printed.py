# Checked as it was written: asserts and prints inside, keyword arguments, early returns, type hints.

# %% Linear
class Linear(Module):
    def __init__(self, n_in: int, n_out: int):
        super().__init__()
        self.n_in, self.n_out = n_in, n_out
        self.W = 0.1 * np.random.randn(n_in, n_out)
        self.b = np.zeros(shape=(n_out,))
        self.grad_W = np.zeros(shape=(n_in, n_out))
        self.grad_b = np.zeros(shape=(n_out,))

    def forward(self, x):
        assert x.ndim == 2 and x.shape[1] == self.n_in, x.shape
        out = np.dot(x, self.W) + self.b
        print("Linear", x.shape, "->", out.shape)
        return out

    def backward(self, x, grad_output):
        assert grad_output.shape == (x.shape[0], self.n_out)
        self.grad_W += np.dot(x.T, grad_output)
        self.grad_b += np.sum(grad_output, axis=0)
        grad_input = np.dot(grad_output, self.W.T)
        assert grad_input.shape == x.shape
        return grad_input

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return [self.grad_W, self.grad_b]

    def zero_grad(self):
        self.grad_W.fill(0)
        self.grad_b.fill(0)


# %% SoftMax
class SoftMax(Module):
    def forward(self, x):
        z = x - np.max(x, axis=-1, keepdims=True)
        e = np.exp(z)
        p = e / np.sum(e, axis=-1, keepdims=True)
        assert np.allclose(p.sum(axis=-1), 1)
        return p

    def backward(self, x, grad_output):
        p = self.forward(x)
        dot = np.sum(grad_output * p, axis=-1, keepdims=True)
        grad_input = p * grad_output - p * dot
        assert grad_input.shape == x.shape
        return grad_input


# %% LogSoftMax
class LogSoftMax(Module):
    def forward(self, x):
        m = np.max(x, axis=-1, keepdims=True)
        log_sum = m + np.log(np.sum(np.exp(x - m), axis=-1, keepdims=True))
        return x - log_sum

    def backward(self, x, grad_output):
        p = np.exp(self.forward(x=x))
        total = np.sum(grad_output, axis=-1, keepdims=True)
        return grad_output - total * p


# %% ELU
class ELU(Module):
    def __init__(self, alpha: float = 1.0):
        assert alpha >= 0
        self.alpha = float(alpha)

    def forward(self, x):
        out = x.copy()
        negative = x <= 0
        out[negative] = self.alpha * (np.exp(x[negative]) - 1)
        return out

    def backward(self, x, grad_output):
        slope = np.ones_like(x)
        negative = x <= 0
        slope[negative] = self.alpha * np.exp(x[negative])
        return slope * grad_output


# %% SoftPlus
class SoftPlus(Module):
    def forward(self, x):
        return np.where(x > 30, x, np.log1p(np.exp(np.minimum(x, 30))))

    def backward(self, x, grad_output):
        with np.errstate(over="ignore"):
            return grad_output / (1 + np.exp(-x))


# %% Sequential
class Sequential(Module):
    def __init__(self, *layers):
        self.layers = list(layers)
        for layer in self.layers:
            assert hasattr(layer, "forward") and hasattr(layer, "backward")

    def forward(self, x):
        self.saved = [x]
        for number, layer in enumerate(self.layers):
            x = layer.forward(x)
            print("layer", number, type(layer).__name__, x.shape)
            self.saved.append(x)
        return x

    def backward(self, x, grad_output):
        grad = grad_output
        for i in range(len(self.layers) - 1, -1, -1):
            grad = self.layers[i].backward(self.saved[i], grad)
        return grad

    def parameters(self):
        result = []
        for layer in self.layers:
            result.extend(layer.parameters())
        return result

    def gradients(self):
        result = []
        for layer in self.layers:
            result += layer.gradients()
        return result

    def zero_grad(self):
        [layer.zero_grad() for layer in self.layers]


# %% MSECriterion
class MSECriterion:
    def forward(self, x, target):
        assert x.shape == target.shape
        per_sample = np.sum(np.square(x - target), axis=1)
        return float(np.mean(per_sample))

    def backward(self, x, target):
        n = x.shape[0]
        return (2.0 / n) * (x - target)


# %% NLLCriterion
class NLLCriterion:
    def forward(self, x, target):
        n = x.shape[0]
        assert target.min() >= 0 and target.max() < x.shape[1]
        picked = x[range(n), target]
        return -picked.sum() / n

    def backward(self, x, target):
        n, classes = x.shape
        one_hot = np.eye(classes)[target]
        return -one_hot / n

# Softmax and its logarithm are given in homework 1; their lines are marked as public.

# %% Linear
class Linear(Module):
    """f(x) = x W + b, with W [n_in, n_out] and b [n_out]. W starts small and random around zero, b at zero.

    dE = tr(G' (dx W + x dW + 1 db')): gradients G W', x' G, and G' 1, the sum of the rows of G.
    """

    def __init__(self, n_in, n_out):
        self.W = np.random.default_rng().normal(scale=1 / np.sqrt(n_in), size=(n_in, n_out))
        self.b = np.zeros(n_out)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, x, grad_output):
        self.dW += x.T @ grad_output
        self.db += grad_output.sum(axis=0)
        return grad_output @ self.W.T

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return [self.dW, self.db]


# %% SoftMax
class SoftMax(Module):
    """Row by row p = exp(x) / sum(exp(x)); J = diag(p) - p p', so a row g of gradients becomes p * (g - g'p)."""

    def forward(self, x):
        exponentials = np.exp(x - x.max(axis=1, keepdims=True))
        return exponentials / exponentials.sum(axis=1, keepdims=True)  # public

    def backward(self, x, grad_output):
        p = self.forward(x)
        return p * (grad_output - np.sum(grad_output * p, axis=1, keepdims=True))


# %% LogSoftMax
class LogSoftMax(Module):
    """Row by row x - ln sum(exp(x)); J = I - 1 p', so a row g of gradients becomes g - sum(g) p."""

    def forward(self, x):
        shifted = x - x.max(axis=1, keepdims=True)  # public
        return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))  # public

    def backward(self, x, grad_output):
        return grad_output - np.exp(self.forward(x)) * grad_output.sum(axis=1, keepdims=True)


# %% ELU
class ELU(Module):
    """x where x > 0, alpha (exp(x) - 1) elsewhere: the exponential never sees a positive number."""

    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))

    def backward(self, x, grad_output):
        return grad_output * np.where(x > 0, 1.0, self.alpha * np.exp(np.minimum(x, 0)))


# %% SoftPlus
class SoftPlus(Module):
    """ln(1 + exp(x)) = max(x, 0) + ln(1 + exp(-|x|)); its slope is the sigmoid, here by way of tanh."""

    def forward(self, x):
        return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

    def backward(self, x, grad_output):
        return grad_output * (1 + np.tanh(x / 2)) / 2


# %% Sequential
class Sequential(Module):
    """The layers one after the other: f(x) = last(... second(first(x)))."""

    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        self.inputs = []
        for layer in self.layers:
            self.inputs.append(x)
            x = layer.forward(x)
        return x

    def backward(self, x, grad_output):
        for layer, entered in zip(self.layers[::-1], self.inputs[::-1], strict=True):
            grad_output = layer.backward(entered, grad_output)
        return grad_output

    def parameters(self):
        return [array for layer in self.layers for array in layer.parameters()]

    def gradients(self):
        return [array for layer in self.layers for array in layer.gradients()]

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()


# %% MSECriterion
class MSECriterion:
    """L(x, target) = sum of (x - target)^2 over the features, averaged over the batch."""

    def forward(self, x, target):
        return np.sum((x - target) ** 2) / len(x)

    def backward(self, x, target):
        return 2 * (x - target) / len(x)


# %% NLLCriterion
class NLLCriterion:
    """L(x, target) = - mean of x[i, target[i]] over the batch: each row has one entry with the slope -1/n."""

    def forward(self, x, target):
        return -np.mean(x[np.arange(len(x)), target])

    def backward(self, x, target):
        slopes = np.zeros_like(x)
        slopes[np.arange(len(x)), target] = -1 / len(x)
        return slopes

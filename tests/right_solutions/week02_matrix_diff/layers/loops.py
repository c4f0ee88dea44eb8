# Entry by entry, with loops and the math module; lists are made into arrays at the end.

# %% before Linear
import math


# %% Linear
class Linear(Module):
    def __init__(self, n_in, n_out):
        self.W = np.array([[0.1 * np.random.randn() for _ in range(n_out)] for _ in range(n_in)])
        self.b = np.array([0.0 for _ in range(n_out)])
        self.slopes = [np.zeros((n_in, n_out)), np.zeros(n_out)]

    def forward(self, x):
        rows = []
        for row in x:
            rows.append(
                [
                    sum(v * w for v, w in zip(row, column, strict=False)) + b
                    for column, b in zip(self.W.T, self.b, strict=False)
                ]
            )
        return np.array(rows)

    def backward(self, x, grad_output):
        back = np.zeros(np.shape(x))
        for n in range(len(x)):
            for i in range(self.W.shape[0]):
                for j in range(self.W.shape[1]):
                    self.slopes[0][i, j] += x[n, i] * grad_output[n, j]
                    back[n, i] += grad_output[n, j] * self.W[i, j]
            for j in range(self.W.shape[1]):
                self.slopes[1][j] += grad_output[n, j]
        return back

    def parameters(self):
        return [self.W, self.b]

    def gradients(self):
        return self.slopes


# %% SoftMax
class SoftMax(Module):
    def forward(self, x):
        out = []
        for row in x:
            top = max(row)
            e = [math.exp(v - top) for v in row]
            out.append([v / sum(e) for v in e])
        return np.array(out)

    def backward(self, x, grad_output):
        rows = []
        for p, g in zip(self.forward(x), grad_output, strict=False):
            J = np.diag(p) - np.outer(p, p)
            rows.append(g @ J)
        return np.array(rows)


# %% LogSoftMax
class LogSoftMax(Module):
    def forward(self, x):
        out = np.empty(x.shape)
        for n, row in enumerate(x):
            top = max(row)
            norm = top + math.log(sum(math.exp(v - top) for v in row))
            for k, v in enumerate(row):
                out[n, k] = v - norm
        return out

    def backward(self, x, grad_output):
        rows = []
        for q, g in zip(self.forward(x), grad_output, strict=False):
            J = np.eye(len(q)) - np.exp(q)[None, :]
            rows.append(J.T @ g)
        return np.stack(rows)


# %% ELU
class ELU(Module):
    def __init__(self, alpha=1.0):
        self.a = alpha

    def forward(self, x):
        return np.vectorize(lambda v: v if v > 0 else self.a * (math.exp(v) - 1), otypes=[float])(x)

    def backward(self, x, grad_output):
        slope = np.vectorize(lambda v: 1.0 if v > 0 else self.a * math.exp(v), otypes=[float])
        return slope(x) * grad_output


# %% SoftPlus
class SoftPlus(Module):
    def forward(self, x):
        def one(v):
            return v + math.log1p(math.exp(-v)) if v > 0 else math.log1p(math.exp(v))

        return np.array([[one(v) for v in row] for row in x])

    def backward(self, x, grad_output):
        def slope(v):
            return 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))

        return np.array(
            [[slope(v) * g for v, g in zip(*rows, strict=False)] for rows in zip(x, grad_output, strict=False)]
        )


# %% Sequential
class Sequential(Module):
    def __init__(self, *layers):
        self.layers = list(layers)
        self.entered = []

    def forward(self, x):
        self.entered = []
        for layer in self.layers:
            self.entered.append(x)
            x = layer.forward(x)
        return x

    def backward(self, x, grad_output):
        for k in range(len(self.layers) - 1, -1, -1):
            grad_output = self.layers[k].backward(self.entered[k], grad_output)
        return grad_output

    def parameters(self):
        found = []
        for layer in self.layers:
            found += layer.parameters()
        return found

    def gradients(self):
        found = []
        for layer in self.layers:
            found.extend(layer.gradients())
        return found

    def zero_grad(self):
        for layer in self.layers:
            layer.zero_grad()


# %% MSECriterion
class MSECriterion:
    def forward(self, x, target):
        total = 0.0
        for row, wanted in zip(x, target, strict=False):
            for a, b in zip(row, wanted, strict=False):
                total += (a - b) ** 2
        return total / x.shape[0]

    def backward(self, x, target):
        return np.array(
            [[2 * (a - b) / len(x) for a, b in zip(*rows, strict=False)] for rows in zip(x, target, strict=False)]
        )


# %% NLLCriterion
class NLLCriterion:
    def forward(self, x, target):
        return -sum(row[int(k)] for row, k in zip(x, target, strict=False)) / len(target)

    def backward(self, x, target):
        out = np.zeros(x.shape)
        for n, k in enumerate(target):
            out[n, k] -= 1 / len(target)
        return out

# ruff: noqa: C408

# %% three_ways_to_the_loss_one_after_the_other
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def forward(self, input):
        if self.training:
            mu = np.mean(input, axis=0)
            var = np.mean((input - mu) ** 2, axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mu
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mu, var = self.running_mean, self.running_var
        return self.gamma * (input - mu) / (var + self.eps) ** 0.5 + self.beta

    def backward(self, input, grad_output):
        N = input.shape[0]
        if self.training:
            mu, var = input.mean(0), input.var(0)
        else:
            mu, var = self.running_mean, self.running_var
        centred = input - mu
        inverse = 1 / np.sqrt(var + self.eps)
        dxhat = grad_output * self.gamma
        dx = dxhat * inverse
        if self.training:
            dvar = np.sum(dxhat * centred * -0.5 * inverse**3, axis=0)
            dmu = np.sum(-dxhat * inverse, axis=0) + dvar * np.mean(-2 * centred, axis=0)
            dx = dx + dvar * 2 * centred / N + dmu / N
        dgamma = np.einsum("nj,nj->j", grad_output, centred * inverse)
        self.gamma -= self.learning_rate * dgamma
        self.beta -= self.learning_rate * grad_output.sum(0)
        return dx


# %% parameters_of_shape_units_kept_as_rows_inside
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        super().__init__()
        self.settings = {"momentum": momentum, "eps": eps, "rate": learning_rate}
        self.training = True
        self.gamma = np.full(units, 1.0)
        self.beta = np.full(units, 0.0)
        self.running_mean = np.full(units, 0.0)
        self.running_var = np.full(units, 1.0)

    def normal(self, input):
        if self.training:
            mean, var = input.mean(axis=0, keepdims=True), input.var(axis=0, keepdims=True)
        else:
            mean, var = self.running_mean[None], self.running_var[None]
        std = np.sqrt(var + self.settings["eps"])
        return mean, var, std, (input - mean) / std

    def forward(self, input):
        mean, var, _, n = self.normal(input)
        if self.training:
            m = self.settings["momentum"]
            self.running_mean, self.running_var = (
                m * self.running_mean + (1 - m) * mean[0],
                m * self.running_var + (1 - m) * var[0],
            )
        return n * self.gamma + self.beta

    def backward(self, input, grad_output):
        _, _, std, n = self.normal(input)
        g = grad_output * self.gamma
        size = len(input)
        result = (size * g - g.sum(0) - n * (g * n).sum(0)) / (size * std) if self.training else g / std
        self.gamma = self.gamma - self.settings["rate"] * (grad_output * n).sum(0)
        self.beta = self.beta - self.settings["rate"] * grad_output.sum(0)
        return result


# %% mean_and_var_with_keepdims
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.units = units
        self.momentum = momentum
        self.eps = eps
        self.learning_rate = learning_rate
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)
        self.training = True

    def forward(self, input):
        if self.training:
            mean = input.mean(axis=0, keepdims=True)
            var = input.var(axis=0, keepdims=True)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean.reshape(-1)
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var.reshape(-1)
        else:
            mean = self.running_mean.reshape(1, -1)
            var = self.running_var.reshape(1, -1)
        x_hat = (input - mean) / np.sqrt(var + self.eps)
        return self.gamma * x_hat + self.beta

    def backward(self, input, grad_output):
        mean = input.mean(axis=0, keepdims=True) if self.training else self.running_mean
        var = input.var(axis=0, keepdims=True) if self.training else self.running_var
        std = np.sqrt(var + self.eps)
        x_hat = (input - mean) / std
        g = grad_output * self.gamma
        if self.training:
            g = g - g.mean(axis=0, keepdims=True) - x_hat * (g * x_hat).mean(axis=0, keepdims=True)
        self.gamma = self.gamma - self.learning_rate * np.sum(grad_output * x_hat, axis=0)
        self.beta = self.beta - self.learning_rate * np.sum(grad_output, axis=0)
        return g / std


# %% running_in_place
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.m, self.eps, self.lr = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def statistics(self, input):
        if self.training:
            return input.mean(0), input.std(0) ** 2
        return self.running_mean, self.running_var

    def forward(self, input):
        mu, var = self.statistics(input)
        if self.training:
            self.running_mean *= self.m
            self.running_mean += (1 - self.m) * mu
            self.running_var *= self.m
            self.running_var += (1 - self.m) * var
        out = input - mu
        out /= np.sqrt(var + self.eps)
        out *= self.gamma
        out += self.beta
        return out

    def backward(self, input, grad_output):
        mu, var = self.statistics(input)
        inv = 1.0 / np.sqrt(var + self.eps)
        hat = (input - mu) * inv
        dgamma, dbeta = (grad_output * hat).sum(0), grad_output.sum(0)
        dx = self.gamma * inv * grad_output
        if self.training:
            dx -= self.gamma * inv * (dbeta + hat * dgamma) / len(input)
        self.gamma -= self.lr * dgamma
        self.beta -= self.lr * dbeta
        return dx


# %% jacobian_of_every_column
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)
        self.training = True

    def forward(self, input):
        output = np.zeros(input.shape)
        for j in range(input.shape[1]):
            x = input[:, j]
            if self.training:
                mu = sum(x) / len(x)
                var = sum((x - mu) ** 2) / len(x)
                self.running_mean[j] = self.momentum * self.running_mean[j] + (1 - self.momentum) * mu
                self.running_var[j] = self.momentum * self.running_var[j] + (1 - self.momentum) * var
            else:
                mu, var = self.running_mean[j], self.running_var[j]
            output[:, j] = self.gamma[j] * (x - mu) / np.sqrt(var + self.eps) + self.beta[j]
        return output

    def backward(self, input, grad_output):
        N, units = input.shape
        grad_input = np.zeros((N, units))
        for j in range(units):
            x, g = input[:, j], grad_output[:, j]
            mu, var = (x.mean(), x.var()) if self.training else (self.running_mean[j], self.running_var[j])
            std = np.sqrt(var + self.eps)
            x_hat = (x - mu) / std
            J = np.eye(N)
            if self.training:
                J = J - np.ones((N, N)) / N - np.outer(x_hat, x_hat) / N
            grad_input[:, j] = J.T @ (self.gamma[j] * g) / std
            self.gamma[j] -= self.learning_rate * np.dot(g, x_hat)
            self.beta[j] -= self.learning_rate * g.sum()
        return grad_input


# %% difference_to_the_running_ones
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate, self.training = momentum, eps, learning_rate, True
        self.gamma, self.running_var = np.ones((2, units))
        self.beta, self.running_mean = np.zeros((2, units))

    def forward(self, input):
        if self.training:
            mean = np.average(input, axis=0)
            var = np.average(np.square(input), axis=0) - mean**2
            self.running_mean = self.running_mean + (1 - self.momentum) * (mean - self.running_mean)
            self.running_var = self.running_var + (1 - self.momentum) * (var - self.running_var)
            return (input - mean) * (self.gamma / np.sqrt(var + self.eps)) + self.beta
        scale = self.gamma / np.sqrt(self.running_var + self.eps)
        return input * scale + (self.beta - self.running_mean * scale)

    def backward(self, input, grad_output):
        if self.training:
            mean = np.average(input, axis=0)
            std = np.sqrt(np.average(np.square(input), axis=0) - mean**2 + self.eps)
            hat = (input - mean) / std
            h = self.gamma * grad_output
            answer = (h - np.mean(h, axis=0) - hat * np.mean(h * hat, axis=0)) / std
        else:
            std = np.sqrt(self.running_var + self.eps)
            hat = (input - self.running_mean) / std
            answer = self.gamma * grad_output / std
        self.gamma = self.gamma - self.learning_rate * np.sum(grad_output * hat, axis=0)
        self.beta = self.beta - self.learning_rate * np.sum(grad_output, axis=0)
        return answer


# %% one_node_after_the_other
class BatchNorm(Layer):
    """Backwards through every node of the graph, as in a well-known blog post."""

    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.training = True
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)

    def forward(self, input):
        if self.training:
            mu, var = np.mean(input, axis=0), np.var(input, axis=0)
            m = self.momentum
            self.running_mean = m * self.running_mean + (1 - m) * mu
            self.running_var = m * self.running_var + (1 - m) * var
        else:
            mu, var = self.running_mean, self.running_var
        return self.gamma * ((input - mu) / np.sqrt(var + self.eps)) + self.beta

    def backward(self, input, grad_output):
        N, D = grad_output.shape
        mu = input.mean(axis=0) if self.training else self.running_mean
        xmu = input - mu
        var = np.mean(xmu**2, axis=0) if self.training else self.running_var
        sqrtvar = np.sqrt(var + self.eps)
        ivar = 1 / sqrtvar
        xhat = xmu * ivar
        dbeta = np.sum(grad_output, axis=0)
        dgamma = np.sum(grad_output * xhat, axis=0)
        dxhat = grad_output * self.gamma
        dx = dxhat * ivar
        if self.training:
            divar = np.sum(dxhat * xmu, axis=0)
            dsqrtvar = -1.0 / sqrtvar**2 * divar
            dvar = 0.5 * 1 / np.sqrt(var + self.eps) * dsqrtvar
            dsq = 1 / N * np.ones((N, D)) * dvar
            dxmu = dx + 2 * xmu * dsq
            dmu = -1 * np.sum(dxmu, axis=0)
            dx = dxmu + 1 / N * np.ones((N, D)) * dmu
        self.gamma -= self.learning_rate * dgamma
        self.beta -= self.learning_rate * dbeta
        return dx


# %% dataclass_and_tuples
from dataclasses import dataclass


@dataclass
class BatchNorm(Layer):
    units: int
    momentum: float = 0.9
    eps: float = 1e-5
    learning_rate: float = 0.1

    def __post_init__(self):
        self.training = True
        self.gamma = np.ones(self.units)
        self.beta = np.zeros(self.units)
        self.running_mean = np.zeros(self.units)
        self.running_var = np.ones(self.units)

    def _moments(self, x):
        if not self.training:
            return self.running_mean, self.running_var
        return x.mean(axis=0), x.var(axis=0, ddof=0)

    def forward(self, input):
        mean, var = self._moments(input)
        if self.training:
            self.running_mean, self.running_var = (
                self.momentum * old + (1 - self.momentum) * new
                for old, new in [(self.running_mean, mean), (self.running_var, var)]
            )
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta

    def backward(self, input, grad_output):
        mean, var = self._moments(input)
        inverse = (var + self.eps) ** -0.5
        normal = (input - mean) * inverse
        g = self.gamma * grad_output
        if self.training:
            g = g - g.mean(axis=0) - normal * (normal * g).mean(axis=0)
        self.gamma, self.beta = (
            self.gamma - self.learning_rate * (grad_output * normal).sum(axis=0),
            self.beta - self.learning_rate * grad_output.sum(axis=0),
        )
        return inverse * g


# %% einsum_and_a_second_class
class BatchNormalisation(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.hyper = dict(momentum=momentum, eps=eps, learning_rate=learning_rate)
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def hat(self, input):
        """Normalised input, and by what it was divided."""
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean = np.einsum("nj->j", input) / len(input)
            var = np.einsum("nj,nj->j", input - mean, input - mean) / len(input)
        spread = np.sqrt(var + self.hyper["eps"])
        return (input - mean) / spread, spread, mean, var

    def forward(self, input):
        hat, _, mean, var = self.hat(input)
        if self.training:
            m = self.hyper["momentum"]
            self.running_mean = m * self.running_mean + (1 - m) * mean
            self.running_var = m * self.running_var + (1 - m) * var
        return np.einsum("j,nj->nj", self.gamma, hat) + self.beta

    def backward(self, input, grad_output):
        hat, spread, _, _ = self.hat(input)
        N = len(input)
        g = np.einsum("j,nj->nj", self.gamma, grad_output)
        if self.training:
            g = g - np.einsum("nj->j", g) / N - np.einsum("nj,mj,mj->nj", hat, hat, g) / N
        self.gamma = self.gamma - self.hyper["learning_rate"] * np.einsum("nj,nj->j", hat, grad_output)
        self.beta = self.beta - self.hyper["learning_rate"] * np.einsum("nj->j", grad_output)
        return g / spread


BatchNorm = BatchNormalisation


# %% projections_as_matrices
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)
        self.training = True
        self.momentum = momentum
        self.eps = eps
        self.learning_rate = learning_rate
        self.calls = 0

    def forward(self, input):
        self.calls += 1
        if self.training:
            C = np.eye(len(input)) - 1 / len(input)
            centred = C @ input
            var = np.diag(centred.T @ centred) / len(input)
            keep = self.momentum
            self.running_mean = keep * self.running_mean + (1 - keep) * (input - centred)[0]
            self.running_var = keep * self.running_var + (1 - keep) * var
            return centred / np.sqrt(var + self.eps) @ np.diag(self.gamma) + self.beta
        return (input - self.running_mean) / np.sqrt(self.running_var + self.eps) @ np.diag(self.gamma) + self.beta

    def backward(self, input, grad_output):
        before = self.gamma.copy()
        if self.training:
            C = np.eye(len(input)) - 1 / len(input)
            centred = C @ input
            s = np.sqrt((centred**2).mean(axis=0) + self.eps)
            hat = centred / s
            result = before / s * (C @ grad_output - hat * (hat * grad_output).mean(axis=0))
        else:
            s = np.sqrt(self.running_var + self.eps)
            hat = (input - self.running_mean) / s
            result = before / s * grad_output
        self.gamma -= self.learning_rate * (hat * grad_output).sum(axis=0)
        self.beta -= self.learning_rate * grad_output.sum(axis=0)
        return result


# %% last_statistics_on_the_object
class BatchNorm(Layer):
    """The batch of the last call is there to look at; nothing is computed from it."""

    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def normalise(self, x):
        self.mean = x.mean(axis=0, keepdims=True) if self.training else self.running_mean
        self.var = x.var(axis=0, keepdims=True) if self.training else self.running_var
        self.std = np.sqrt(self.var + self.eps)
        self.x_hat = (x - self.mean) / self.std

    def forward(self, input):
        self.normalise(input)
        if self.training:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * self.mean.squeeze(0)
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * self.var.squeeze(0)
        self.output = self.gamma * self.x_hat + self.beta
        return self.output

    def backward(self, input, grad_output):
        self.normalise(input)
        N = len(input)
        self.dgamma = np.sum(grad_output * self.x_hat, axis=0)
        self.dbeta = np.sum(grad_output, axis=0)
        if self.training:
            dx = self.gamma / (N * self.std) * (N * grad_output - self.dbeta - self.x_hat * self.dgamma)
        else:
            dx = self.gamma / self.std * grad_output
        self.gamma = self.gamma - self.learning_rate * self.dgamma
        self.beta = self.beta - self.learning_rate * self.dbeta
        return dx


# %% training_and_predicting_apart
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.units, self.momentum, self.eps, self.learning_rate = units, momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(shape=(units,)), np.zeros(shape=(units,))
        self.running_mean, self.running_var = np.zeros(shape=(units,)), np.ones(shape=(units,))
        self.training = True

    def forward(self, input):
        assert input.shape[1] == self.units
        return self._forward_training(input) if self.training else self._forward_predicting(input)

    def backward(self, input, grad_output):
        if self.training:
            return self._backward_training(input, grad_output)
        return self._backward_predicting(input, grad_output)

    def _forward_training(self, input):
        batch = input.shape[0]
        mu = input.sum(axis=0) / batch
        sigma2 = ((input - mu) ** 2).sum(axis=0) / batch
        self.running_mean = self.momentum * self.running_mean + mu - self.momentum * mu
        self.running_var = self.momentum * self.running_var + sigma2 - self.momentum * sigma2
        return self.gamma * (input - mu) / np.sqrt(sigma2 + self.eps) + self.beta

    def _forward_predicting(self, input):
        return self.gamma * (input - self.running_mean) / np.sqrt(self.running_var + self.eps) + self.beta

    def _learn(self, hat, grad_output):
        self.gamma = self.gamma - self.learning_rate * (grad_output * hat).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)

    def _backward_training(self, input, grad_output):
        mu, sigma = input.mean(axis=0), np.sqrt(input.var(axis=0) + self.eps)
        hat, g = (input - mu) / sigma, self.gamma * grad_output
        grad_input = np.empty_like(g)
        for n in range(len(g)):
            grad_input[n] = (g[n] - g.mean(axis=0) - hat[n] * (g * hat).mean(axis=0)) / sigma
        self._learn(hat, grad_output)
        return grad_input

    def _backward_predicting(self, input, grad_output):
        sigma = np.sqrt(self.running_var + self.eps)
        grad_input = self.gamma * grad_output / sigma
        self._learn((input - self.running_mean) / sigma, grad_output)
        return grad_input


# %% backward_calls_forward_and_puts_back
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def forward(self, input):
        if self.training:
            mean, var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (input - mean) / self.std
        return self.gamma * self.x_hat + self.beta

    def backward(self, input, grad_output):
        kept = self.running_mean, self.running_var
        self.forward(input)
        self.running_mean, self.running_var = kept
        g = self.gamma * grad_output
        if self.training:
            g = g - g.mean(axis=0) - self.x_hat * (g * self.x_hat).mean(axis=0)
        self.gamma = self.gamma - self.learning_rate * (grad_output * self.x_hat).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        return g / self.std


# %% cache_that_knows_its_input
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training, self.cache = True, None

    def statistics(self, input):
        if not self.training:
            return self.running_mean, self.running_var
        if self.cache is None or not np.array_equal(self.cache[0], input):
            self.cache = input.copy(), input.mean(axis=0), input.var(axis=0)
        return self.cache[1:]

    def forward(self, input):
        mean, var = self.statistics(input)
        if self.training:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta

    def backward(self, input, grad_output):
        mean, var = self.statistics(input)
        std = np.sqrt(var + self.eps)
        x_hat, g = (input - mean) / std, self.gamma * grad_output
        if self.training:
            g = g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)
        self.gamma = self.gamma - self.learning_rate * (grad_output * x_hat).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        return g / std


# %% covariance_matrix
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def statistics(self, input):
        if not self.training:
            return self.running_mean, self.running_var
        return np.mean(input, 0), np.atleast_2d(np.cov(input, rowvar=False, bias=True)).diagonal()

    def forward(self, input):
        mean, var = self.statistics(input)
        if self.training:
            m = self.momentum
            self.running_mean, self.running_var = (
                m * self.running_mean + (1 - m) * mean,
                m * self.running_var + (1 - m) * var,
            )
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta

    def backward(self, input, grad_output):
        mean, var = self.statistics(input)
        std = np.sqrt(var + self.eps)
        x_hat, g = (input - mean) / std, self.gamma * grad_output
        if self.training:
            g = g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)
        self.gamma = self.gamma - self.learning_rate * (grad_output * x_hat).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        return g / std


# %% steps_in_training_alone
class BatchNorm(Layer):
    """It steps in training alone."""

    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum = momentum
        self.eps = eps
        self.learning_rate = learning_rate
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)
        self.training = True

    def statistics(self, input):
        """The mean and the variance to normalise by, each [units]."""
        if self.training:
            return input.mean(axis=0), input.var(axis=0)
        return self.running_mean, self.running_var

    def forward(self, input):
        mean, var = self.statistics(input)
        if self.training:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta

    def backward(self, input, grad_output):
        mean, var = self.statistics(input)
        deviation = np.sqrt(var + self.eps)
        normalized = (input - mean) / deviation
        grad_normalized = grad_output * self.gamma
        if self.training:
            through_mean = grad_normalized.mean(axis=0)
            through_var = normalized * (grad_normalized * normalized).mean(axis=0)
            grad_normalized = grad_normalized - through_mean - through_var
            self.gamma = self.gamma - self.learning_rate * (grad_output * normalized).sum(axis=0)
            self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        return grad_normalized / deviation

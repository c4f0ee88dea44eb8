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

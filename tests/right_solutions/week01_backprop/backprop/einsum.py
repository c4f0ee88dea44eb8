# Every product and sum is an einsum.

# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        bound = np.sqrt(6 / (input_units + output_units))
        self.weights = np.random.uniform(-bound, bound, (input_units, output_units))
        self.biases = np.zeros((output_units,))

    def forward(self, input):
        return np.einsum("ni,io->no", input, self.weights) + self.biases[np.newaxis]

    def backward(self, input, grad_output):
        grad_weights = np.einsum("ni,no->io", input, grad_output)
        grad_biases = np.einsum("no->o", grad_output)
        grad_input = np.einsum("no,io->ni", grad_output, self.weights)
        self.weights = self.weights - self.learning_rate * grad_weights
        self.biases = self.biases - self.learning_rate * grad_biases
        return grad_input


# %% batchnorm
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def _standardised(self, input):
        if not self.training:
            var = self.running_var
            return (input - self.running_mean) / np.sqrt(var + self.eps), var
        centred = input - np.einsum("nu->u", input) / len(input)
        var = np.einsum("nu,nu->u", centred, centred) / len(input)
        return centred / np.sqrt(var + self.eps), var

    def forward(self, input):
        x_hat, var = self._standardised(input)
        if self.training:
            for name, batch in (("running_mean", input.mean(0)), ("running_var", var)):
                setattr(self, name, self.momentum * getattr(self, name) + (1 - self.momentum) * batch)
        return np.einsum("u,nu->nu", self.gamma, x_hat) + self.beta

    def backward(self, input, grad_output):
        x_hat, var = self._standardised(input)
        n = len(input)
        d_hat = np.einsum("nu,u->nu", grad_output, self.gamma)
        if self.training:
            total = np.einsum("nu->u", d_hat)
            along = np.einsum("nu,nu->u", d_hat, x_hat)
            d_hat = d_hat - total / n - np.einsum("nu,u->nu", x_hat, along) / n
        self.gamma = self.gamma - self.learning_rate * np.einsum("nu,nu->u", grad_output, x_hat)
        self.beta = self.beta - self.learning_rate * np.einsum("nu->u", grad_output)
        return np.einsum("nu,u->nu", d_hat, 1 / np.sqrt(var + self.eps))

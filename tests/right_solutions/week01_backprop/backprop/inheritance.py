# Base classes and mixins hold what layers have in common.

# %% before relu
class Elementwise(Layer):
    """A layer that is one function and its slope."""

    def function(self, x):
        raise NotImplementedError

    def slope(self, x):
        raise NotImplementedError

    def forward(self, input):
        return self.function(input)

    def backward(self, input, grad_output):
        return grad_output * self.slope(input)


class Trainable(Layer):
    """A layer whose parameters take a step."""

    learning_rate = 0.1

    def descend(self, **gradients):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - self.learning_rate * gradient)


class TwoModes:
    training = True


# %% relu
class ReLU(Elementwise):
    def function(self, x):
        return np.fmax(x, 0)

    def slope(self, x):
        return np.heaviside(x, 0.0)


# %% dense
class Dense(Trainable):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        super().__init__()
        self.learning_rate = learning_rate
        self.weights = np.random.normal(0, np.sqrt(2 / input_units), size=(input_units, output_units))
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return super().forward(input) @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = super().backward(input, grad_output) @ self.weights.T
        self.descend(weights=input.T @ grad_output, biases=grad_output.sum(axis=0))
        return grad_input


# %% activations
class Sigmoid(Elementwise):
    def function(self, x):
        return (1 + np.tanh(x / 2)) / 2

    def slope(self, x):
        return (1 - np.tanh(x / 2) ** 2) / 4


class Tanh(Sigmoid):
    def function(self, x):
        return 2 * super().function(2 * x) - 1

    def slope(self, x):
        return 4 * super().slope(2 * x)


class LeakyReLU(ReLU):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def function(self, x):
        return (1 - self.negative_slope) * super().function(x) + self.negative_slope * x

    def slope(self, x):
        return (1 - self.negative_slope) * super().slope(x) + self.negative_slope


# %% dropout
class Dropout(TwoModes, Layer):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def draw(self, shape):
        return np.random.uniform(size=shape) >= self.p

    def forward(self, input):
        if self.training:
            self.kept = self.draw(input.shape)
            return np.where(self.kept, input, 0) / (1 - self.p)
        return super().forward(input)

    def backward(self, input, grad_output):
        if self.training:
            return np.where(self.kept, grad_output, 0) / (1 - self.p)
        return super().backward(input, grad_output)


# %% batchnorm
class BatchNorm(TwoModes, Trainable):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones((units,)), np.zeros((units,))
        self.running_mean, self.running_var = np.zeros((units,)), np.ones((units,))

    def forward(self, input):
        if self.training:
            self.running_mean = self.running_mean + (1 - self.momentum) * (input.mean(0) - self.running_mean)
            self.running_var = self.running_var + (1 - self.momentum) * (input.var(0) - self.running_var)
            return self.gamma * (input - input.mean(0)) / (input.var(0) + self.eps) ** 0.5 + self.beta
        return self.gamma * (input - self.running_mean) / (self.running_var + self.eps) ** 0.5 + self.beta

    def backward(self, input, grad_output):
        if not self.training:
            inverse = (self.running_var + self.eps) ** -0.5
            x_hat = (input - self.running_mean) * inverse
            grad_input = grad_output * self.gamma * inverse
            self.descend(gamma=(grad_output * x_hat).sum(0), beta=grad_output.sum(0))
            return grad_input
        # The graph, node by node, walked through backwards.
        n, centred = len(input), input - input.mean(0)
        variance = (centred**2).sum(0) / n
        deviation = np.sqrt(variance + self.eps)
        x_hat = centred / deviation
        d_x_hat = grad_output * self.gamma
        d_deviation = -(d_x_hat * centred).sum(0) / deviation**2
        d_variance = d_deviation / (2 * deviation)
        d_centred = d_x_hat / deviation + 2 * centred * d_variance / n
        self.descend(gamma=(grad_output * x_hat).sum(0), beta=grad_output.sum(0))
        return d_centred - d_centred.sum(0) / n

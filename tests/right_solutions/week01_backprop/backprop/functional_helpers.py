# Layers are thin skins over pure functions; train walks back through closures.
# ruff: noqa: B905, E731

# %% before relu
relu = lambda x: x * (x > 0)
relu_vjp = lambda x: lambda g: g * (x > 0)


# %% relu
class ReLU(Layer):
    def forward(self, input):
        return relu(input)

    def backward(self, input, grad_output):
        return relu_vjp(input)(grad_output)


# %% before dense
def affine_vjp(X, W):
    """G -> the gradients of X, W and b."""

    def pull_back(G):
        return np.inner(G, W), X.T @ G, np.add.reduce(G, axis=0)

    return pull_back


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        def apply(layer, X):
            return X @ layer.weights + layer.biases

        self.apply, self.rate = apply, learning_rate
        self.weights = np.random.normal(size=(input_units, output_units)) / np.sqrt(input_units)
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return self.apply(self, input)

    def backward(self, input, grad_output):
        gradient, *steps = affine_vjp(input, self.weights)(grad_output)
        self.weights, self.biases = (p - self.rate * s for p, s in zip((self.weights, self.biases), steps))
        return gradient


# %% before train
from functools import partial


# %% train
def train(network, X, y):
    tape, a = [], X
    for layer in network:
        tape.append(partial(layer.backward, a))
        a = layer.forward(a)
    loss = softmax_crossentropy_with_logits(a, y).mean()
    grad = grad_softmax_crossentropy_with_logits(a, y)
    while tape:
        grad = tape.pop()(grad)
    return loss


# %% batchnorm
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.__dict__.update(momentum=momentum, eps=eps, learning_rate=learning_rate, training=True)
        self.__dict__.update(gamma=np.ones(units), beta=np.zeros(units))
        self.__dict__.update(running_mean=np.zeros(units), running_var=np.ones(units))

    def parts(self, input):
        mean = np.average(input, axis=0) if self.training else self.running_mean
        var = np.average(input**2, axis=0) - mean**2 if self.training else self.running_var
        return mean, var, lambda x: (x - mean) / np.sqrt(var + self.eps)

    def forward(self, input):
        mean, var, normalise = self.parts(input)
        if self.training:
            blend = lambda old, new: np.average([old, new], axis=0, weights=[self.momentum, 1 - self.momentum])
            self.running_mean, self.running_var = blend(self.running_mean, mean), blend(self.running_var, var)
        return normalise(input) * self.gamma + self.beta

    def backward(self, input, grad_output):
        _, var, normalise = self.parts(input)
        x_hat, h = normalise(input), grad_output * self.gamma
        if self.training:
            h = h - np.average(h, axis=0) - x_hat * np.average(h * x_hat, axis=0)
        self.gamma, self.beta = (
            self.gamma - self.learning_rate * np.sum(grad_output * x_hat, axis=0),
            self.beta - self.learning_rate * np.sum(grad_output, axis=0),
        )
        return h / np.sqrt(var + self.eps)

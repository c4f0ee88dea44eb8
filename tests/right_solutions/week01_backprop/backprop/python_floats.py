# Plain Python numbers where they do: sums by sum and fsum, a loss that is a float.
# ruff: noqa: B905

# %% before train
from math import fsum


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = float(learning_rate)
        spread = (1 / input_units) ** 0.5
        self.weights = np.random.uniform(-spread, spread, size=(input_units, output_units))
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return sum(np.outer(input[:, i], self.weights[i]) for i in range(len(self.weights))) + self.biases

    def backward(self, input, grad_output):
        grad_input = np.dot(self.weights, grad_output.T).T
        self.weights = self.weights - self.learning_rate * sum(np.outer(x, g) for x, g in zip(input, grad_output))
        self.biases = self.biases - self.learning_rate * sum(grad_output)
        return grad_input


# %% train
def train(network, X, y):
    activations = forward(network, X)
    losses = softmax_crossentropy_with_logits(activations[-1], y)
    grad = grad_softmax_crossentropy_with_logits(activations[-1], y)
    for depth in range(len(network), 0, -1):
        below = activations[depth - 2] if depth > 1 else X
        grad = network[depth - 1].backward(below, grad)
    return fsum(float(loss) for loss in losses) / len(y)


# %% dropout
class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True
        self.rng = np.random.default_rng()

    def forward(self, input):
        if self.training:
            keep = 1 - self.p
            self.scaled_mask = self.rng.choice([0.0, 1 / keep], p=[self.p, keep], size=input.shape)
            return input * self.scaled_mask
        return input.copy()

    def backward(self, input, grad_output):
        if self.training:
            return grad_output * self.scaled_mask
        return grad_output.copy()

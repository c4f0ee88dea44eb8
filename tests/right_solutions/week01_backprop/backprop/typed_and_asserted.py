# Type hints, asserts on shapes, scipy's functions, and loss and gradient as 0-d and copied arrays.
# ruff: noqa: B905, UP035

# %% before relu
from __future__ import annotations

from typing import Sequence

Array = np.ndarray


# %% relu
class ReLU(Layer):
    def forward(self, input: Array) -> Array:
        assert input.ndim == 2
        return np.piecewise(input, [input > 0, input <= 0], [lambda x: x, 0.0])

    def backward(self, input: Array, grad_output: Array) -> Array:
        assert input.shape == grad_output.shape
        return np.ma.array(grad_output, mask=~(input > 0)).filled(0.0)


# %% dense
class Dense(Layer):
    def __init__(self, input_units: int, output_units: int, learning_rate: float = 0.1) -> None:
        assert input_units > 0 and output_units > 0 and learning_rate > 0
        self.learning_rate = learning_rate
        spread = 0.3 / np.sqrt(input_units)
        self.weights: Array = np.random.laplace(scale=spread, size=(input_units, output_units))
        self.weights -= self.weights.mean()
        self.biases: Array = np.zeros(output_units)

    def forward(self, input: Array) -> Array:
        output = (self.weights.T @ input.T).T + self.biases
        assert output.shape == (len(input), len(self.biases))
        return output

    def backward(self, input: Array, grad_output: Array) -> Array:
        assert grad_output.shape == (len(input), len(self.biases))
        gradients = {
            "weights": (input[:, :, None] * grad_output[:, None, :]).sum(axis=0),
            "biases": grad_output.mean(axis=0) * len(grad_output),
        }
        grad_input = (self.weights @ grad_output.T).T
        assert grad_input.shape == input.shape
        for name, gradient in gradients.items():
            assert gradient.shape == getattr(self, name).shape
            setattr(self, name, getattr(self, name) - self.learning_rate * gradient)
        return grad_input


# %% train
def train(network: Sequence[Layer], X: Array, y: Array) -> Array:
    activations = [X, *forward(network, X)]
    loss = np.asarray(softmax_crossentropy_with_logits(activations[-1], y).mean())
    assert loss.shape == ()
    grad = grad_softmax_crossentropy_with_logits(activations.pop(), y)
    for layer, layer_input in zip(network[::-1], activations[::-1]):
        grad = layer.backward(input=layer_input, grad_output=grad)
    return loss


# %% activations
from scipy.special import expit


class Sigmoid(Layer):
    def forward(self, input: Array) -> Array:
        return expit(input)

    def backward(self, input: Array, grad_output: Array) -> Array:
        return grad_output * expit(input) * expit(-input)


class Tanh(Layer):
    def forward(self, input: Array) -> Array:
        return expit(2 * input) - expit(-2 * input)

    def backward(self, input: Array, grad_output: Array) -> Array:
        return 4 * grad_output * expit(2 * input) * expit(-2 * input)


class LeakyReLU(Layer):
    def __init__(self, negative_slope: float = 0.01) -> None:
        assert 0 <= negative_slope < 1
        self.slope = negative_slope

    def forward(self, input: Array) -> Array:
        return np.select([input > 0, input < 0], [input, self.slope * input], default=0.0)

    def backward(self, input: Array, grad_output: Array) -> Array:
        return grad_output * np.choose((input > 0).astype(int), [self.slope, 1.0])


# %% better_init
def he_init(input_units: int, output_units: int, rng: np.random.Generator) -> Array:
    weights = rng.multivariate_normal(np.zeros(2), np.eye(2), size=(input_units * output_units + 1) // 2)
    return np.sqrt(2 / input_units) * weights.ravel()[: input_units * output_units].reshape(input_units, -1)


def xavier_init(input_units: int, output_units: int, rng: np.random.Generator) -> Array:
    whole = rng.integers(0, 2**32, size=(input_units, output_units))
    return np.sqrt(6 / (input_units + output_units)) * (whole / 2**31 - 1)

# Layers as data classes.

# %% before relu
from dataclasses import dataclass, field


# %% relu
@dataclass
class ReLU(Layer):
    threshold: float = 0.0

    def forward(self, input):
        return np.where(input > self.threshold, input, self.threshold)

    def backward(self, input, grad_output):
        return np.where(input > self.threshold, grad_output, 0.0)


# %% dense
@dataclass
class Dense(Layer):
    input_units: int
    output_units: int
    learning_rate: float = 0.1
    weights: np.ndarray = field(init=False, repr=False)
    biases: np.ndarray = field(init=False, repr=False)

    def __post_init__(self):
        self.weights = 0.1 * np.random.randn(self.input_units, self.output_units)
        self.biases = np.zeros(self.output_units)

    def forward(self, input):
        return np.matmul(input, self.weights) + self.biases

    def backward(self, input, grad_output):
        old = self.weights
        self.weights = old - self.learning_rate * np.tensordot(input, grad_output, axes=(0, 0))
        self.biases = self.biases - self.learning_rate * np.ones(len(input)) @ grad_output
        return np.tensordot(grad_output, old, axes=(1, 1))


# %% activations
@dataclass(frozen=True)
class Sigmoid(Layer):
    def forward(self, input):
        with np.errstate(over="ignore"):
            return np.reciprocal(1 + np.exp(-input))

    def backward(self, input, grad_output):
        s = self.forward(input)
        return grad_output * (s - s**2)


@dataclass(frozen=True)
class Tanh(Layer):
    def forward(self, input):
        return np.tanh(input)

    def backward(self, input, grad_output):
        with np.errstate(over="ignore"):
            return grad_output / np.cosh(input) ** 2


@dataclass(frozen=True)
class LeakyReLU(Layer):
    negative_slope: float = 0.01

    def forward(self, input):
        return np.maximum(input, 0) + self.negative_slope * np.minimum(input, 0)

    def backward(self, input, grad_output):
        return np.where(input > 0, grad_output, self.negative_slope * grad_output)


# %% dropout
@dataclass
class Dropout(Layer):
    p: float
    training: bool = True
    mask: np.ndarray = field(default=None, repr=False)

    def forward(self, input):
        if self.training:
            self.mask = np.random.random_sample(input.shape) < 1 - self.p
        else:
            self.mask = np.ones(input.shape, dtype=bool)
        return input * self.mask / self.keep

    def backward(self, input, grad_output):
        return grad_output * self.mask / self.keep

    @property
    def keep(self):
        return 1 - self.p if self.training else 1.0

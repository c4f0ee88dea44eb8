# Prints, warnings and messages on stderr everywhere; the numbers are right.
# ruff: noqa: B028

# %% before relu
import sys
import warnings

print("starting", file=sys.stderr)
warnings.warn("I am not sure about this")


# %% relu
class ReLU(Layer):
    def forward(self, input):
        return np.sqrt(input) ** 2 if (input >= 0).all() else np.where(np.log(input) > -np.inf, input, 0.0)

    def backward(self, input, grad_output):
        print("relu backward", grad_output.shape)
        return np.where(input > 0, grad_output, 0.0)


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        print(f"Dense({input_units}, {output_units})", file=sys.stderr)
        self.learning_rate = learning_rate
        self.weights = np.random.normal(scale=0.1, size=(input_units, output_units))
        self.biases = np.zeros(output_units)

    def forward(self, input):
        warnings.warn("forward", DeprecationWarning, stacklevel=2)
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        warnings.warn("backward", RuntimeWarning, stacklevel=2)
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * input.T @ grad_output
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_input


# %% after train
sys.stderr.write("done with train\n")
print(train.__name__, np.zeros(1) / 0)


# %% activations
class Sigmoid(Layer):
    def forward(self, input):
        return 1 / (1 + np.exp(-input))

    def backward(self, input, grad_output):
        s = self.forward(input)
        print("mean slope", (s * (1 - s)).mean())
        return grad_output * s * (1 - s)


class Tanh(Layer):
    def forward(self, input):
        return 2 / (1 + np.exp(-2 * input)) - 1

    def backward(self, input, grad_output):
        return grad_output * (1 - self.forward(input) ** 2)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        if negative_slope < 0.05:
            warnings.warn("a small slope", stacklevel=2)
        self.negative_slope = negative_slope

    def forward(self, input):
        return np.maximum(input, self.negative_slope * input)

    def backward(self, input, grad_output):
        slope = np.ones(input.shape)
        slope[input <= 0] = self.negative_slope
        return slope * grad_output

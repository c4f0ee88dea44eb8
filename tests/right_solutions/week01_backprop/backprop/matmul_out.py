# Products are written into arrays that were made beforehand.

# %% relu
class ReLU(Layer):
    def forward(self, input):
        output = np.empty_like(input)
        return np.maximum(input, 0.0, out=output)

    def backward(self, input, grad_output):
        grad_input = np.zeros_like(grad_output)
        np.copyto(grad_input, grad_output, where=input > 0)
        return grad_input


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.standard_normal((input_units, output_units))
        np.multiply(self.weights, np.sqrt(2.0 / input_units), out=self.weights)
        self.biases = np.zeros(output_units)
        self.grad_weights = np.empty((input_units, output_units))
        self.grad_biases = np.empty(output_units)

    def forward(self, input):
        output = np.empty((len(input), self.weights.shape[1]))
        np.matmul(input, self.weights, out=output)
        return np.add(output, self.biases, out=output)

    def backward(self, input, grad_output):
        grad_input = np.empty(input.shape)
        np.matmul(grad_output, self.weights.T, out=grad_input)
        np.matmul(input.T, grad_output, out=self.grad_weights)
        np.sum(grad_output, axis=0, out=self.grad_biases)
        self.weights = np.subtract(self.weights, self.learning_rate * self.grad_weights)
        self.biases = np.subtract(self.biases, self.learning_rate * self.grad_biases)
        return grad_input


# %% activations
class Sigmoid(Layer):
    def forward(self, input):
        output = np.negative(np.abs(input))
        np.exp(output, out=output)
        np.divide(np.where(input < 0, output, 1.0), 1.0 + output, out=output)
        return output

    def backward(self, input, grad_output):
        output = self.forward(input)
        slope = np.subtract(1.0, output)
        np.multiply(slope, output, out=slope)
        return np.multiply(slope, grad_output, out=slope)


class Tanh(Layer):
    def forward(self, input):
        return np.tanh(input, out=np.empty(input.shape))

    def backward(self, input, grad_output):
        slope = np.tanh(input)
        np.square(slope, out=slope)
        np.subtract(1.0, slope, out=slope)
        return np.multiply(grad_output, slope, out=slope)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        output = input.copy()
        return np.multiply(input, self.negative_slope, out=output, where=input <= 0)

    def backward(self, input, grad_output):
        grad_input = grad_output.copy()
        return np.multiply(grad_output, self.negative_slope, out=grad_input, where=input <= 0)

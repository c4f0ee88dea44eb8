# Sums written as loops over samples, entries and layers.

# %% relu
class ReLU(Layer):
    def forward(self, input):
        output = np.empty_like(input)
        for row, values in enumerate(input):
            output[row] = [value if value > 0 else 0.0 for value in values]
        return output

    def backward(self, input, grad_output):
        grad_input = np.zeros_like(grad_output)
        for row in range(input.shape[0]):
            for column in range(input.shape[1]):
                if input[row, column] > 0:
                    grad_input[row, column] = grad_output[row, column]
        return grad_input


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.empty((input_units, output_units))
        for i in range(input_units):
            self.weights[i] = np.random.normal(0, 1 / np.sqrt(input_units), output_units)
        self.biases = np.array([0.0 for _ in range(output_units)])

    def forward(self, input):
        return np.array([sample @ self.weights + self.biases for sample in input])

    def backward(self, input, grad_output):
        grad_input = np.zeros_like(input)
        grad_weights = np.zeros_like(self.weights)
        grad_biases = np.zeros_like(self.biases)
        for n in range(len(input)):
            grad_input[n] = self.weights @ grad_output[n]
            grad_weights += np.outer(input[n], grad_output[n])
            grad_biases += grad_output[n]
        self.weights = self.weights - self.learning_rate * grad_weights
        self.biases = self.biases - self.learning_rate * grad_biases
        return grad_input


# %% forward
def forward(network, X):
    activations = [None] * len(network)
    for i in range(len(network)):
        if i == 0:
            activations[i] = network[i].forward(X)
        else:
            activations[i] = network[i].forward(activations[i - 1])
    return activations


# %% train
def train(network, X, y):
    activations = forward(network, X)
    losses = softmax_crossentropy_with_logits(activations[-1], y)
    grad = grad_softmax_crossentropy_with_logits(activations[-1], y)
    i = len(network) - 1
    while i >= 0:
        if i > 0:
            grad = network[i].backward(activations[i - 1], grad)
        else:
            grad = network[i].backward(X, grad)
        i -= 1
    total = 0.0
    for loss in losses:
        total += loss
    return total / len(losses)


# %% dropout
class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, input):
        if not self.training:
            return input
        self.mask = np.ones(input.shape)
        for index in np.ndindex(*input.shape):
            self.mask[index] = 0.0 if np.random.random() < self.p else 1 / (1 - self.p)
        return input * self.mask

    def backward(self, input, grad_output):
        return grad_output * self.mask if self.training else grad_output

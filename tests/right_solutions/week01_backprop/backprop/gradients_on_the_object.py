# Backward stores the gradients on the layer and a step of its own applies them.

# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.default_rng().normal(0.0, np.sqrt(1 / input_units), (input_units, output_units))
        self.biases = np.zeros(output_units)
        self.grad_weights = np.zeros_like(self.weights)
        self.grad_biases = np.zeros_like(self.biases)
        self.input = None

    def forward(self, input):
        self.input = input
        self.output = self.input @ self.weights + self.biases
        return self.output

    def backward(self, input, grad_output):
        self.input = input
        self.grad_weights = self.input.T @ grad_output
        self.grad_biases = grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights.T
        self.step()
        return self.grad_input

    def step(self):
        for parameter, gradient in (("weights", self.grad_weights), ("biases", self.grad_biases)):
            setattr(self, parameter, getattr(self, parameter) - self.learning_rate * gradient)


# %% train
def train(network, X, y):
    outputs = forward(network, X)
    loss = np.mean(softmax_crossentropy_with_logits(outputs[-1], y))
    gradients = {len(network): grad_softmax_crossentropy_with_logits(outputs[-1], y)}
    inputs = dict(enumerate([X, *outputs]))
    for i in range(len(network) - 1, -1, -1):
        gradients[i] = network[i].backward(inputs[i], gradients[i + 1])
    return loss


# %% batchnorm
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.units, self.momentum, self.eps, self.learning_rate = units, momentum, eps, learning_rate
        self.gamma = np.full(units, 1.0)
        self.beta = np.full(units, 0.0)
        self.running_mean = np.full(units, 0.0)
        self.running_var = np.full(units, 1.0)
        self.grad_gamma = self.grad_beta = None
        self.training = True

    def forward(self, input):
        self.compute(input)
        if self.training:
            keep = self.momentum
            self.running_mean = keep * self.running_mean + (1 - keep) * self.mean
            self.running_var = keep * self.running_var + (1 - keep) * self.var
        return self.gamma * self.x_hat + self.beta

    def compute(self, input):
        self.mean = input.mean(axis=0) if self.training else self.running_mean
        self.var = ((input - self.mean) ** 2).mean(axis=0) if self.training else self.running_var
        self.x_hat = (input - self.mean) / np.sqrt(self.var + self.eps)

    def backward(self, input, grad_output):
        self.compute(input)
        n = input.shape[0]
        self.grad_gamma = (grad_output * self.x_hat).sum(axis=0)
        self.grad_beta = grad_output.sum(axis=0)
        scale = self.gamma / np.sqrt(self.var + self.eps)
        if self.training:
            grad_input = scale / n * (n * grad_output - self.grad_beta - self.x_hat * self.grad_gamma)
        else:
            grad_input = scale * grad_output
        self.gamma = self.gamma - self.learning_rate * self.grad_gamma
        self.beta = self.beta - self.learning_rate * self.grad_beta
        return grad_input

# %% dense
class Dense(Layer):
    """Knows its parameters and gradients by methods of its own; nothing but forward and backward is asked for."""

    def __init__(self, input_units, output_units, rng):
        bound = input_units**-0.5
        self.weights = rng.uniform(low=-bound, high=bound, size=(input_units, output_units))
        self.biases = np.zeros((output_units,))

    def forward(self, input):
        return np.matmul(input, self.weights) + self.biases[None, :]

    def backward(self, input, grad_output):
        self.grad_weights = np.matmul(np.transpose(input), grad_output)
        self.grad_biases = np.sum(grad_output, 0)
        self.both = [self.grad_weights, self.grad_biases]
        return np.matmul(grad_output, np.transpose(self.weights))

    def gradients(self):
        return self.both


# %% sgd
class Optimizer:
    def __init__(self, parameters, lr, weight_decay):
        self.parameters = list(parameters)
        self.lr = lr
        self.weight_decay = weight_decay
        self.state = {}

    def step(self, gradients):
        for index, (parameter, gradient) in enumerate(zip(self.parameters, gradients, strict=False)):
            state = self.state.setdefault(index, {})
            parameter[...] = self.updated(parameter, gradient, state)


class SGD(Optimizer):
    def __init__(self, parameters, lr, momentum=0.0, weight_decay=0.0):
        super().__init__(parameters, lr, weight_decay)
        self.momentum = momentum

    def updated(self, parameter, gradient, state):
        total = gradient + self.weight_decay * parameter
        state["velocity"] = self.momentum * state.get("velocity", 0.0) + self.lr * total
        return parameter - state["velocity"]


# %% adam
class Adam(Optimizer):
    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        super().__init__(parameters, lr, weight_decay)
        self.betas = beta1, beta2
        self.eps = eps

    def updated(self, parameter, gradient, state):
        beta1, beta2 = self.betas
        state["t"] = state.get("t", 0) + 1
        state["m"] = beta1 * state.get("m", 0.0) + (1 - beta1) * gradient
        state["v"] = beta2 * state.get("v", 0.0) + (1 - beta2) * gradient * gradient
        step_size = self.lr / (1 - beta1 ** state["t"])
        denominator = np.sqrt(state["v"]) / np.sqrt(1 - beta2 ** state["t"]) + self.eps
        return parameter * (1 - self.lr * self.weight_decay) - step_size * state["m"] / denominator


# %% warmup_cosine
import math


def warmup_cosine(step, steps, lr, warmup):
    if step < warmup:
        return lr / warmup * (step + 1)
    progress = (step - warmup) / (steps - warmup)
    return 0.5 * lr * (1.0 + math.cos(math.pi * progress))


# %% fit
def fit(network, optimizer, X, y, epochs, batch_size, rng, schedule=None):
    history = []
    count = 0
    for _epoch in range(epochs):
        permutation = rng.permutation(X.shape[0])
        batch_losses = []
        for indices in np.split(permutation, range(batch_size, len(permutation), batch_size)):
            activations = [X[indices]]
            for layer in network:
                activations.append(layer.forward(activations[-1]))
            batch_losses.append(np.mean(softmax_crossentropy_with_logits(activations[-1], y[indices])))
            gradient = grad_softmax_crossentropy_with_logits(activations[-1], y[indices])
            for i in range(len(network) - 1, -1, -1):
                gradient = network[i].backward(activations[i], gradient)
            if schedule:
                optimizer.lr = schedule(count)
            gradients = []
            for layer in network:
                if isinstance(layer, Dense):
                    gradients.extend(layer.gradients())
            optimizer.step(gradients)
            count += 1
        history.append(np.mean(batch_losses))
    return history


# %% accuracy
rng = np.random.default_rng(3)
network = [Dense(64, 64, rng), ReLU(), Dense(64, 32, rng), ReLU(), Dense(32, 10, rng)]
optimizer = Adam(parameters_of(network), lr=0.01)
fit(network, optimizer, X_train, y_train, 20, 32, rng, lambda step: warmup_cosine(step, 900, 0.01, 50))

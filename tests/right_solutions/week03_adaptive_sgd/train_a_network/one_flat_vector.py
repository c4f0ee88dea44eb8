# %% dense
class Dense(Layer):
    """Weights and biases are views of one vector."""

    def __init__(self, input_units, output_units, rng):
        many = input_units * output_units
        self.all = np.zeros(many + output_units)
        self.all[:many] = rng.normal(0, 0.1, many)
        self.weights = self.all[:many].reshape(input_units, output_units)
        self.biases = self.all[many:]

    def forward(self, input):
        return np.einsum("ni,ij->nj", input, self.weights) + self.biases

    def backward(self, input, grad_output):
        self.grad_weights = np.einsum("ni,nj->ij", input, grad_output)
        self.grad_biases = np.einsum("nj->j", grad_output)
        return np.einsum("nj,ij->ni", grad_output, self.weights)


# %% sgd
def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


class SGD:
    """Works on one long vector and writes it back into the arrays."""

    def __init__(self, parameters, lr, momentum=0.0, weight_decay=0.0):
        self.parameters = parameters
        self.lr, self.mu, self.decay = lr, momentum, weight_decay
        self.u = np.zeros(sum(array.size for array in parameters))

    def step(self, gradients):
        w = flat(self.parameters)
        self.u = self.mu * self.u + self.lr * (flat(gradients) + self.decay * w)
        write(self.parameters, w - self.u)


def write(arrays, vector):
    start = 0
    for array in arrays:
        array.flat[:] = vector[start : start + array.size]
        start += array.size


# %% adam
class Adam:
    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.parameters, self.lr, self.eps, self.decay = parameters, lr, eps, weight_decay
        self.beta1, self.beta2, self.t = beta1, beta2, 0
        self.m = np.zeros(sum(array.size for array in parameters))
        self.v = self.m.copy()

    def step(self, gradients):
        self.t += 1
        w, g = flat(self.parameters), flat(gradients)
        self.m = self.beta1 * self.m + (1 - self.beta1) * g
        self.v = self.beta2 * self.v + (1 - self.beta2) * g**2
        m_hat, v_hat = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
        write(self.parameters, w - self.lr * m_hat / (v_hat**0.5 + self.eps) - self.lr * self.decay * w)


# %% warmup_cosine
def warmup_cosine(step, steps, lr, warmup):
    rates = [lr * k / warmup for k in range(1, warmup + 1)]
    angles = np.linspace(0, np.pi, steps - warmup, endpoint=False)
    return float(np.concatenate([rates, lr / 2 + lr / 2 * np.cos(angles)])[step])


# %% fit
def epoch_of(network, optimizer, X, y, batch_size, rng, schedule, first):
    """One epoch: the losses of all samples, and how many steps there were."""
    order = rng.permutation(len(y))
    losses = []
    for number, start in enumerate(range(0, len(y), batch_size)):
        chosen = order[start : start + batch_size]
        inputs = [X[chosen]]
        for layer in network:
            inputs.append(layer.forward(inputs[-1]))
        logits = inputs.pop()
        losses.extend(softmax_crossentropy_with_logits(logits, y[chosen]))
        grad, gradients = grad_softmax_crossentropy_with_logits(logits, y[chosen]), []
        for layer, input in zip(network[::-1], inputs[::-1], strict=False):
            grad = layer.backward(input, grad)
            if hasattr(layer, "grad_weights"):
                gradients = [layer.grad_weights, layer.grad_biases] + gradients
        if schedule is not None:
            optimizer.lr = schedule(first + number)
        optimizer.step(gradients)
    return losses, number + 1


def fit(network, optimizer, X, y, epochs, batch_size, rng, schedule=None):
    found, steps = [], 0
    for _ in range(epochs):
        losses, many = epoch_of(network, optimizer, X, y, batch_size, rng, schedule, steps)
        steps += many
        found.append(sum(losses) / len(losses))
    return found


# %% accuracy
rng = np.random.default_rng(5)
network = [Dense(64, 128, rng), ReLU(), Dense(128, 10, rng)]
fit(network, Adam(parameters_of(network), 3e-3, weight_decay=0.01), X_train, y_train, 30, 32, rng)

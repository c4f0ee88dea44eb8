# %% dense
class Dense(Layer):
    """Gradients are kept in the same arrays at every call."""

    def __init__(self, input_units, output_units, rng):
        self.weights = rng.standard_normal((input_units, output_units))
        self.weights *= 0.05
        self.biases = np.zeros(output_units)
        self.grad_weights = np.empty_like(self.weights)
        self.grad_biases = np.empty_like(self.biases)

    def forward(self, input):
        output = np.dot(input, self.weights)
        output += self.biases
        return output

    def backward(self, input, grad_output):
        np.dot(input.T, grad_output, out=self.grad_weights)
        np.add.reduce(grad_output, axis=0, out=self.grad_biases)
        return np.dot(grad_output, self.weights.T)


# %% sgd
class SGD:
    def __init__(self, parameters, lr, momentum=0.0, weight_decay=0.0):
        self.parameters, self.lr, self.momentum, self.weight_decay = parameters, lr, momentum, weight_decay
        self.velocity = None

    def step(self, gradients):
        if self.velocity is None:
            self.velocity = [0.0 * p for p in self.parameters]
        for i in range(len(self.parameters)):
            self.velocity[i] = self.velocity[i] * self.momentum + gradients[i] * self.lr
            self.velocity[i] += self.lr * self.weight_decay * self.parameters[i]
            np.subtract(self.parameters[i], self.velocity[i], out=self.parameters[i])


# %% adam
class Adam:
    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.parameters = parameters
        self.lr, self.beta1, self.beta2, self.eps, self.weight_decay = lr, beta1, beta2, eps, weight_decay
        self.moments = [(np.zeros(p.shape), np.zeros(p.shape)) for p in parameters]
        self.power1 = self.power2 = 1.0

    def step(self, gradients):
        self.power1 *= self.beta1
        self.power2 *= self.beta2
        for p, g, (m, v) in zip(self.parameters, gradients, self.moments, strict=False):
            m += (1 - self.beta1) * (g - m)
            v += (1 - self.beta2) * (g * g - v)
            p *= 1 - self.lr * self.weight_decay
            p -= self.lr * (m / (1 - self.power1)) / (np.sqrt(v / (1 - self.power2)) + self.eps)


# %% warmup_cosine
def warmup_cosine(step, steps, lr, warmup):
    rising = lr * (step + 1) / max(warmup, 1)
    falling = lr * np.cos(0.5 * np.pi * (step - warmup) / (steps - warmup)) ** 2
    return rising if step < warmup else falling


# %% fit
def fit(network, optimizer, X, y, epochs, batch_size, rng, schedule=None):
    n, step, losses = len(X), 0, []
    order = np.arange(n)
    for _ in range(epochs):
        rng.shuffle(order)
        loss, position = 0.0, 0
        while position < n:
            rows = order[position : position + batch_size]
            position += batch_size
            images, labels = X[rows], y[rows]
            inputs, output = [], images
            for layer in network:
                inputs += [output]
                output = layer.forward(output)
            loss += softmax_crossentropy_with_logits(output, labels).mean() * len(rows) / n
            grad = grad_softmax_crossentropy_with_logits(output, labels)
            while inputs:
                grad = network[len(inputs) - 1].backward(inputs.pop(), grad)
            gradients = [a for one in network if hasattr(one, "biases") for a in (one.grad_weights, one.grad_biases)]
            optimizer.lr = schedule(step) if schedule is not None else optimizer.lr
            optimizer.step(gradients)
            step = step + 1
        losses += [float(loss)]
    return losses


# %% accuracy
generator = np.random.default_rng(11)
hidden, last = Dense(64, 128, generator), Dense(128, 10, generator)
network = [hidden, ReLU(), last]
fit(network, SGD(parameters_of(network), 0.1, 0.9), X_train, y_train, 30, 32, generator)

# %% dense
class Dense(Layer):
    """Sums over the batch sample by sample; keeps what forward saw, and does not use it."""

    def __init__(self, input_units, output_units, rng):
        self.weights = np.array([rng.normal(0, 0.08, output_units) for _ in range(input_units)])
        self.biases = self.weights[0] * 0

    def forward(self, input):
        self.last = input
        return np.stack([row @ self.weights + self.biases for row in input])

    def backward(self, input, grad_output):
        self.grad_weights, self.grad_biases = 0, 0
        for x, g in zip(input, grad_output, strict=False):
            self.grad_weights = self.grad_weights + np.outer(x, g)
            self.grad_biases = self.grad_biases + g
        return np.array([self.weights @ g for g in grad_output])


# %% sgd
class SGD:
    def __init__(self, parameters, lr, momentum=0.0, weight_decay=0.0):
        self.slots = [[w, np.zeros_like(w)] for w in parameters]
        self.lr = lr
        self.settings = momentum, weight_decay

    def step(self, gradients):
        momentum, decay = self.settings
        for slot, g in zip(self.slots, gradients, strict=False):
            w, u = slot
            slot[1] = momentum * u + self.lr * g + self.lr * decay * w
            w -= slot[1]


# %% adam
def running(old, new, beta):
    return old + (1 - beta) * (new - old)


class Adam:
    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.__dict__.update(locals())
        self.steps = 0
        self.first = [0.0] * len(parameters)
        self.v = [0.0] * len(parameters)

    def step(self, gradients):
        self.steps = self.steps + 1
        for n, g in enumerate(gradients):
            w = self.parameters[n]
            self.first[n] = running(self.first[n], g, self.beta1)
            self.v[n] = running(self.v[n], np.square(g), self.beta2)
            up = self.first[n] / (1 - np.power(self.beta1, self.steps))
            down = np.sqrt(self.v[n] / (1 - np.power(self.beta2, self.steps))) + self.eps
            w[...] = w - self.lr * up / down - self.lr * self.weight_decay * w


# %% warmup_cosine
def warmup_cosine(step, steps, lr, warmup):
    return (
        lr * (step + 1) / warmup
        if step < warmup
        else lr - lr * np.sin(np.pi / 2 * (step - warmup) / (steps - warmup)) ** 2
    )


# %% fit
def fit(network, optimizer, X, y, epochs, batch_size, rng, schedule=None):
    table, step = [], 0
    for _epoch in range(epochs):
        keys = rng.random(len(X))
        order = sorted(range(len(X)), key=lambda row: keys[row])
        of_epoch = []
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            x, t = np.array([X[row] for row in rows]), np.array([y[row] for row in rows])
            seen = {}
            for number, layer in enumerate(network):
                seen[number] = x
                x = layer.forward(x)
            of_epoch.append(float(np.mean(softmax_crossentropy_with_logits(x, t))))
            back = grad_softmax_crossentropy_with_logits(x, t)
            for number in reversed(range(len(network))):
                back = network[number].backward(seen[number], back)
            if schedule is not None:
                optimizer.lr = schedule(step)
            optimizer.step(
                [
                    getattr(layer, name)
                    for layer in network
                    for name in ("grad_weights", "grad_biases")
                    if hasattr(layer, name)
                ]
            )
            step += 1
        table.append(sum(of_epoch) / len(of_epoch))
    return table


# %% accuracy
rng = np.random.default_rng(8)
network = [Dense(64, 48, rng), ReLU(), Dense(48, 10, rng)]
fit(network, SGD(parameters_of(network), 0.1, momentum=0.9), X_train, y_train, 15, 32, rng)

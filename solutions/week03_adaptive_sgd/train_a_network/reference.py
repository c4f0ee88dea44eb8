# %% dense
class Dense(Layer):
    """An affine map of every row:  Y = X W + b.  It keeps its gradients and takes no step.

    Symbols and shapes: X ``input`` [batch, in], W ``weights`` [in, out], b ``biases`` [out], G ``grad_output``
    [batch, out] = dL/dY, where L is a mean over the batch already.

        dL/dX = G W'    dL/dW = X' G    dL/db = the sum of the rows of G

    W starts random, as units that start equal stay equal, and small; b starts at zero.
    """

    def __init__(self, input_units, output_units, rng):
        self.weights = 0.1 * rng.standard_normal((input_units, output_units))
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        self.grad_weights = input.T @ grad_output
        self.grad_biases = grad_output.sum(axis=0)
        return grad_output @ self.weights.T


# %% sgd
class SGD:
    """Stochastic gradient descent with momentum and weight decay, in place.

    For each array w of ``parameters`` with its gradient g, and u the velocity, zero at first:

        u <- momentum * u + lr * (g + weight_decay * w),    w <- w - u

    The rate is inside the velocity, as in homework 2: what was gathered with an old rate keeps it.
    """

    def __init__(self, parameters, lr, momentum=0.0, weight_decay=0.0):
        self.parameters = parameters
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.velocities = [np.zeros_like(w) for w in parameters]

    def step(self, gradients):
        for w, g, u in zip(self.parameters, gradients, self.velocities, strict=True):
            u *= self.momentum
            u += self.lr * (g + self.weight_decay * w)
            w -= u


# %% adam
class Adam:
    """Adam (Kingma and Ba, 2015) with decoupled weight decay (Loshchilov and Hutter, 2019), in place.

    For each array w with its gradient g, m and v zero at first, and t = 1, 2, ... the number of the step:

        m <- beta1 m + (1 - beta1) g,    v <- beta2 v + (1 - beta2) g^2
        w <- w - lr (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + weight_decay w)

    One count for all arrays; the decay sees the old w and neither of the running means.
    """

    def __init__(self, parameters, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        self.parameters = parameters
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.weight_decay = weight_decay
        self.t = 0
        self.m = [np.zeros_like(w) for w in parameters]
        self.v = [np.zeros_like(w) for w in parameters]

    def step(self, gradients):
        self.t += 1
        for w, g, m, v in zip(self.parameters, gradients, self.m, self.v, strict=True):
            m *= self.beta1
            m += (1 - self.beta1) * g
            v *= self.beta2
            v += (1 - self.beta2) * g**2
            mean = m / (1 - self.beta1**self.t)
            root = np.sqrt(v / (1 - self.beta2**self.t))
            w -= self.lr * (mean / (root + self.eps) + self.weight_decay * w)


# %% warmup_cosine
def warmup_cosine(step, steps, lr, warmup):
    """The rate of step 0, 1, ..., steps - 1: up in a line to lr over `warmup` steps, then down half a cosine."""
    if step < warmup:
        return lr * (step + 1) / warmup
    done = (step - warmup) / (steps - warmup)
    return lr * (1 + np.cos(np.pi * done)) / 2


# %% fit
def fit(network, optimizer, X, y, epochs, batch_size, rng, schedule=None):
    """Train: every epoch takes each sample once, in a new order, in batches. The mean loss of each epoch, a list."""
    losses, step = [], 0
    for _ in range(epochs):
        order, total = rng.permutation(len(X)), 0.0
        for start in range(0, len(X), batch_size):  # public
            chosen = order[start : start + batch_size]
            inputs = [X[chosen]]
            for layer in network:
                inputs.append(layer.forward(inputs[-1]))
            logits, labels = inputs.pop(), y[chosen]
            total += softmax_crossentropy_with_logits(logits, labels).sum()
            grad = grad_softmax_crossentropy_with_logits(logits, labels)
            for layer, layer_input in zip(reversed(network), reversed(inputs), strict=True):
                grad = layer.backward(layer_input, grad)
            if schedule is not None:
                optimizer.lr = schedule(step)  # public
            learning = [layer for layer in network if hasattr(layer, "weights")]
            optimizer.step([grad for layer in learning for grad in (layer.grad_weights, layer.grad_biases)])
            step += 1
        losses.append(total / len(X))
    return losses


# %% accuracy
rng = np.random.default_rng(0)
network = [Dense(X_train.shape[1], 64, rng), ReLU(), Dense(64, 10, rng)]
optimizer = SGD(parameters_of(network), lr=0.1, momentum=0.9)  # public
steps = 20 * -(-len(X_train) // 32)
losses = fit(network, optimizer, X_train, y_train, 20, 32, rng, lambda step: warmup_cosine(step, steps, 0.1, 45))

# %% two_hidden
# The message goes down a layer in two moves: through the weights, transposed, and then through the slope of the layer
# below. What came into a layer, transposed, times the message is the gradient of its weights.
def init_params(sizes, rng):
    shapes = list(zip(sizes[:-1], sizes[1:]))
    return [(rng.standard_normal(shape) / np.sqrt(shape[0]), np.zeros(shape[1])) for shape in shapes]


def hidden_layers(x, params):
    a1 = sigmoid(np.dot(x, params[0][0]) + params[0][1])
    return a1, sigmoid(np.dot(a1, params[1][0]) + params[1][1])


def forward(x, params):
    a2 = hidden_layers(x, params)[1]
    return np.dot(a2, params[2][0]) + params[2][1]


def backward(x, y, params):
    a1, a2 = hidden_layers(x, params)
    g3 = (forward(x, params) - y) / len(y)
    g2 = a2 * (1 - a2) * np.dot(g3, params[2][0].T)
    g1 = a1 * (1 - a1) * np.dot(g2, params[1][0].T)
    return [(below.T @ g, g.sum(axis=0)) for below, g in zip((x, a1, a2), (g1, g2, g3))]


# %% n_hidden
# Backward needs what every layer put out, so the way forward keeps it all. The loop ends at the first layer, below
# which no message is needed. Written as a recursion, the way back is the way out of the calls.
def init_params(sizes, rng):
    shapes = list(zip(sizes[:-1], sizes[1:]))
    return [(rng.standard_normal(shape) / np.sqrt(shape[0]), np.zeros(shape[1])) for shape in shapes]


def forward(x, params):
    for W, b in params[:-1]:
        x = sigmoid(x @ W + b)
    return x @ params[-1][0] + params[-1][1]


def backward(x, y, params):
    grads = [None] * len(params)

    def message(a, k):
        z = a @ params[k][0] + params[k][1]
        if k == len(params) - 1:
            g = (z - y) / len(y)
        else:
            out = sigmoid(z)
            g = message(out, k + 1) @ params[k + 1][0].T * out * (1 - out)
        grads[k] = (a.T @ g, g.sum(axis=0))
        return g

    message(x, 0)
    return grads


# %% sgd
# It is the row numbers that are shuffled: one order, used for x and for y, keeps the pairs together. And params is
# bound to a new list, so that what the caller holds stays as it was.
def minibatches(x, y, batch_size, rng):
    order = rng.permutation(len(x))
    for rows in np.split(order, range(batch_size, len(order), batch_size)):
        yield x[rows], y[rows]


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    layers = [list(pair) for pair in params]
    for _ in range(epochs):
        for batch in minibatches(x, y, batch_size, rng):
            for layer, slopes in zip(layers, backward(*batch, layers)):
                layer[:] = [value - learning_rate * slope for value, slope in zip(layer, slopes)]
    return [tuple(layer) for layer in layers]


# %% schedule
# A loss is compared with the best one so far, not with the one before: a recovery is no progress yet.
def lr_at(epoch, lr0, decay):
    return lr0 * (1 + decay * epoch) ** -1.0


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.best, self.best_epoch, self.epoch = np.inf, 0, 0

    def update(self, val_loss):
        self.epoch += 1
        if val_loss < self.best - self.min_delta:
            self.best, self.best_epoch = val_loss, self.epoch
        return self.epoch - self.best_epoch >= self.patience


# %% clip
# One factor for all gradients keeps the direction of the step and shortens it. The mean and the deviation are those of
# the training data alone, for both arrays: nothing may be learned from the others.
def clip_by_global_norm(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(grad) for pair in grads for grad in pair]))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [(factor * dW, factor * db) for dW, db in grads], norm


def standardize(x_train, x_other):
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    spread = x_train.max(axis=0) - x_train.min(axis=0)
    deviation[spread <= 1e-13 * np.abs(x_train).max(axis=0)] = 1.0
    return (x_train - mean) / deviation, (x_other - mean) / deviation

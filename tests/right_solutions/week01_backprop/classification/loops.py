# One sample and one layer after the other.

# %% two_hidden
def init_params(sizes, rng):
    params = []
    for k in range(len(sizes) - 1):
        W = np.zeros((sizes[k], sizes[k + 1]))
        for i in range(sizes[k]):
            for j in range(sizes[k + 1]):
                W[i, j] = rng.uniform(-1, 1)
        params.append((W, np.zeros(sizes[k + 1])))
    return params


def activations_of(sample, params):
    """What every layer puts out for a single sample, which comes first."""
    found = [np.array(sample, dtype=float)]
    for k, (W, b) in enumerate(params):
        out = np.zeros(len(b))
        for j in range(len(b)):
            out[j] = b[j] + sum(found[-1][i] * W[i, j] for i in range(len(W)))
        found.append(np.tanh(out) if k < len(params) - 1 else softmax(out[None, :])[0])
    return found


def forward(x, params):
    return np.array([activations_of(sample, params)[-1] for sample in x])


def backward(x, y, params):
    grads = [(np.zeros(W.shape), np.zeros(b.shape)) for W, b in params]
    for i in range(len(x)):
        found = activations_of(x[i], params)
        out = found[-1].copy()
        out[y[i]] -= 1.0
        out /= len(y)
        for k in range(len(params) - 1, -1, -1):
            a, (W, _) = found[k], params[k]
            grads[k][0][:] += np.outer(a, out)
            grads[k][1][:] += out
            out = np.array([sum(W[i] * out) for i in range(len(W))]) * (1 - a) * (1 + a)
    return grads


# %% n_hidden
# The functions above work for any number of layers.


# %% sgd
def minibatches(x, y, batch_size, rng):
    rows = list(range(len(x)))
    rng.shuffle(rows)
    batches = []
    while rows:
        chosen, rows = rows[:batch_size], rows[batch_size:]
        batches.append((np.array([x[i] for i in chosen]), np.array([y[i] for i in chosen])))
    return batches


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    current = [(W.copy(), b.copy()) for W, b in params]
    for _epoch in range(epochs):
        for batch in minibatches(x, y, batch_size=batch_size, rng=rng):
            grads = backward(batch[0], batch[1], current)
            for layer in range(len(current)):
                for part in (0, 1):
                    current[layer][part][...] -= learning_rate * grads[layer][part]
    return current


# %% schedule
def lr_at(epoch, lr0, decay):
    divisor = 1.0
    for _ in range(epoch):
        divisor += decay
    return lr0 / divisor


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience, self.min_delta = patience, min_delta
        self.losses = []

    def update(self, val_loss):
        self.losses.append(val_loss)
        best, waited = float("inf"), 0
        for loss in self.losses:
            if best - loss > self.min_delta:
                best, waited = loss, 0
            else:
                waited += 1
        return True if waited >= self.patience else False


# %% clip
def clip_by_global_norm(grads, max_norm):
    total = 0.0
    for dW, db in grads:
        for row in dW:
            for entry in row:
                total += float(entry) ** 2
        for entry in db:
            total += float(entry) ** 2
    norm = total**0.5
    clipped = []
    for dW, db in grads:
        dW, db = dW.copy(), db.copy()
        if norm > max_norm:
            dW *= max_norm / norm
            db *= max_norm / norm
        clipped.append([dW, db])
    return clipped, norm


def standardize(x_train, x_other):
    train, other = x_train.copy(), x_other.copy()
    for j in range(x_train.shape[1]):
        column = x_train[:, j]
        mean = sum(column) / len(column)
        std = (sum((value - mean) ** 2 for value in column) / len(column)) ** 0.5
        if std < 1e-12 * max(abs(value) for value in column) or std == 0:
            std = 1.0
        train[:, j] = (column - mean) / std
        other[:, j] = (x_other[:, j] - mean) / std
    return train, other


# %% first_loss
first_loss = 1.099


# %% keeps
keeps = ["a", "d", "e"]

# %% first_loss
first_loss = np.log(3)

# %% keeps
keeps = "ade"


# %% two_hidden
def init_params(sizes, rng):
    """[(W, b), ...] for a net with ``sizes`` = [inputs, first hidden, second hidden, classes].

    W [in, out] is normal with variance 1 / in, so that what enters a unit has the variance of one input; b [out] is 0.
    """
    return [
        (rng.normal(scale=n_in**-0.5, size=(n_in, n_out)), np.zeros(n_out))
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def forward(x, params):
    """Probabilities [n, classes]:  a1 = tanh(x W1 + b1),  a2 = tanh(a1 W2 + b2),  p = softmax(a2 W3 + b3)."""
    (W1, b1), (W2, b2), (W3, b3) = params
    a1 = np.tanh(x @ W1 + b1)
    a2 = np.tanh(a1 @ W2 + b2)
    return softmax(a2 @ W3 + b3)


def backward(x, y, params):
    """Gradients of the mean cross-entropy, in the layout of ``params``.

    From the last layer to the first, with tanh' = 1 - a^2 and g_k = dE/dz_k:

        g3 = (p - one-hot y) / n,    g2 = (g3 W3') * (1 - a2^2),    g1 = (g2 W2') * (1 - a1^2)
        dWk = a_(k-1)' gk,           dbk = sum of the rows of gk
    """
    (W1, b1), (W2, b2), (W3, b3) = params
    a1 = np.tanh(x @ W1 + b1)
    a2 = np.tanh(a1 @ W2 + b2)
    truth = np.arange(len(b3)) == y[:, None]
    g3 = (softmax(a2 @ W3 + b3) - truth) / len(y)
    g2 = g3 @ W3.T * (1 - a2**2)
    g1 = g2 @ W2.T * (1 - a1**2)
    return [(x.T @ g1, g1.sum(axis=0)), (a1.T @ g2, g2.sum(axis=0)), (a2.T @ g3, g3.sum(axis=0))]


# %% n_hidden
def init_params(sizes, rng):
    """[(W, b), ...], one pair a layer of a net with these ``sizes``; W is normal with variance 1 / in, b is 0."""
    return [
        (rng.normal(scale=n_in**-0.5, size=(n_in, n_out)), np.zeros(n_out))
        for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True)
    ]


def layer_outputs(x, params):
    """[x, a_1, ..., probabilities]: x and what every layer puts out. The last layer has the softmax."""
    outputs = [x]
    for k, (W, b) in enumerate(params, start=1):
        z = outputs[-1] @ W + b
        outputs.append(softmax(z) if k == len(params) else np.tanh(z))
    return outputs


def forward(x, params):
    """Probabilities [n, classes]."""
    return layer_outputs(x, params)[-1]


def backward(x, y, params):
    """Gradients of the mean cross-entropy, in the layout of ``params``.

    ``grad`` is dE/dz of a layer: softmax and logarithm leave p - one-hot(y) at the top. On its way down it passes the
    weights and the slope tanh'(z) = 1 - a^2 of the layer below; the first layer has none below.
    """
    *inputs, p = layer_outputs(x, params)
    truth = np.arange(p.shape[1]) == y[:, None]
    grad = (p - truth) / len(y)
    grads = []
    for k in reversed(range(len(params))):
        a, W = inputs[k], params[k][0]
        grads.insert(0, (a.T @ grad, grad.sum(axis=0)))
        if k > 0:
            grad = grad @ W.T * (1 - a**2)
    return grads


# %% sgd
def minibatches(x, y, batch_size, rng):
    """One epoch: all samples once, in an order drawn from ``rng``, in batches of ``batch_size`` but perhaps the last.

    A permutation is drawn at each call, when the first batch is asked for. Indexing by it copies, so that x and y keep
    their order and the samples keep their y.
    """
    order = rng.permutation(len(x))
    for start in range(0, len(order), batch_size):
        chosen = order[start : start + batch_size]
        yield x[chosen], y[chosen]


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    """params after ``epochs`` epochs of minibatch descent:  p <- p - learning_rate * dE/dp, once for each batch.

    E is averaged over the batch, so the step needs no division by its size, also for a smaller last batch.
    """
    for _ in range(epochs):
        for x_batch, y_batch in minibatches(x, y, batch_size, rng):
            grads = backward(x_batch, y_batch, params)
            params = [
                (W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
    return params


# %% schedule
def lr_at(epoch, lr0, decay):
    """The learning rate of an epoch, counted from 0:  lr0 / (1 + decay * epoch)."""
    return lr0 / (1 + decay * epoch)


class EarlyStopping:
    """Says when a validation loss has not improved for ``patience`` epochs in a row.

    An epoch improves if its loss is lower than the best one by more than ``min_delta``. The best is the loss of the
    last epoch that improved; it is infinite at first, so the first epoch always improves.
    """

    def __init__(self, patience, min_delta):
        self.patience = patience
        self.min_delta = min_delta
        self.best = np.inf
        self.bad_epochs = 0

    def update(self, val_loss):
        """Note the loss of an epoch; True once it is the patience-th bad one in a row."""
        if val_loss < self.best - self.min_delta:
            self.best = val_loss
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        return self.bad_epochs >= self.patience


# %% clip
def clip_by_global_norm(grads, max_norm):
    """(Gradients shortened by one common factor so that their norm is at most ``max_norm``, the norm before).

        norm = sqrt(sum of the squares of all entries of all dW and db),    factor = min(1, max_norm / norm)

    One factor for all keeps the direction (Pascanu et al., 2013). Dividing only where something is too long keeps zero
    gradients out of trouble.
    """
    norm = np.sqrt(sum(np.sum(grad**2) for pair in grads for grad in pair))
    factor = max_norm / norm if norm > max_norm else 1.0
    return [(factor * dW, factor * db) for dW, db in grads], norm


def standardize(x_train, x_other):
    """Both arrays with the training mean taken off each column, divided by its training standard deviation (ddof 0).

    A column whose deviation is no more than rounding, a few units in the last place of its largest number, counts as
    constant and is only centred.
    """
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    rounding = 10 * np.finfo(float).eps * np.abs(x_train).max(axis=0)
    deviation = np.where(deviation <= rounding, 1.0, deviation)
    return (x_train - mean) / deviation, (x_other - mean) / deviation

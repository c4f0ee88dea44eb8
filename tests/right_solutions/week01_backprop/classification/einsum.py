# Every product and sum is an einsum; batches from a generator expression.

# %% two_hidden
def init_params(sizes, rng):
    (i, h, g, o), n = sizes, rng.standard_normal
    return [(n((i, h)) / i**0.5, np.zeros((h,))), (n((h, g)) / h**0.5, np.zeros((g,))), (n((g, o)), np.zeros((o,)))]


def affine(x, pair):
    return np.einsum("ni,io->no", x, pair[0]) + pair[1][None]


def forward(x, params):
    z = affine(np.tanh(affine(np.tanh(affine(x, params[0])), params[1])), params[2])
    return softmax(z)


def backward(x, y, params):
    a = np.tanh(affine(x, params[0]))
    c = np.tanh(affine(a, params[1]))
    p = forward(x, params)
    top = (p - np.eye(p.shape[1])[y]) / len(y)
    middle = np.einsum("no,io->ni", top, params[2][0]) * (1 - c) * (1 + c)
    bottom = np.einsum("no,io->ni", middle, params[1][0]) * (1 - a) * (1 + a)
    return [
        (np.einsum("ni,no->io", entered, left), np.einsum("no->o", left))
        for entered, left in [(x, bottom), (a, middle), (c, top)]
    ]


# %% n_hidden
def init_params(sizes, rng):
    shapes = zip(sizes, sizes[1:], strict=False)
    return [(rng.standard_normal(shape) / shape[0] ** 0.5, np.zeros(shape[1])) for shape in shapes]


def forward(x, params):
    *hidden, last = params
    for pair in hidden:
        x = np.tanh(affine(x, pair))
    z = affine(x, last)
    return softmax(z)


def backward(x, y, params):
    entered = [x]
    for pair in params[:-1]:
        entered.append(np.tanh(affine(entered[-1], pair)))
    z = affine(entered[-1], params[-1])
    p = softmax(z)
    blame = [(p - np.eye(p.shape[1])[y]) / len(y)]
    for a, (W, _) in zip(entered[:0:-1], params[:0:-1], strict=False):
        blame.append(np.einsum("no,io->ni", blame[-1], W) * (1 - a) * (1 + a))
    blame.reverse()
    return [(np.einsum("ni,no->io", a, g), np.einsum("no->o", g)) for a, g in zip(entered, blame, strict=False)]


# %% sgd
def minibatches(x, y, batch_size, rng):
    pieces = -(-len(x) // batch_size)
    ends = [batch_size * k for k in range(1, pieces)]
    return ((x[rows], y[rows]) for rows in np.split(rng.permuted(np.arange(len(x))), ends))


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    for _ in range(epochs):
        for batch in minibatches(x, y, batch_size, rng):
            params = step_down(params, backward(*batch, params), learning_rate)
    return params


# %% schedule
def lr_at(epoch, lr0, decay):
    return np.divide(lr0, np.polyval([decay, 1.0], epoch))


class EarlyStopping:
    def __init__(self, patience, min_delta):
        self.patience = patience
        self.min_delta = min_delta
        self.best = None
        self.left = patience

    def update(self, val_loss):
        if self.best is None or self.best - val_loss > self.min_delta:
            self.best, self.left = val_loss, self.patience
            return np.False_
        self.left -= 1
        return np.bool_(self.left <= 0)


# %% clip
def clip_by_global_norm(grads, max_norm):
    squares = sum(np.einsum("io,io->", dW, dW) + np.einsum("o,o->", db, db) for dW, db in grads)
    norm = np.sqrt(np.array(squares))
    factor = np.minimum(1.0, max_norm / np.where(norm > 0, norm, 1.0))
    return [(np.einsum("io,->io", dW, factor), np.einsum("o,->o", db, factor)) for dW, db in grads], norm


def standardize(x_train, x_other):
    n = len(x_train)
    mean = np.einsum("nd->d", x_train) / n
    centred = x_train - mean
    std = np.sqrt(np.einsum("nd,nd->d", centred, centred) / n)
    flat = np.ptp(x_train, axis=0) <= 1e-12 * np.max(np.abs(x_train), axis=0)
    std[flat] = 1
    return centred / std, (x_other - mean) / std


# %% first_loss
first_loss = -np.log(1 / 3)


# %% keeps
keeps = "E, D, A"

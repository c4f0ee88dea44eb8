# Recursion, an object for each layer, params as lists; train deals for itself and calls neither function by name.

# %% two_hidden
def init_params(sizes, rng):
    if len(sizes) < 2:
        return []
    first = [0.3 * rng.normal(size=sizes[:2]), np.zeros(sizes[1])]
    return [first] + init_params(sizes[1:], rng)


def forward(x, params):
    (W, b), *rest = params
    if not rest:
        return x @ W + b
    return forward(sigmoid(x @ W + b), rest)


def gradients_of(x, y, params):
    return down(x, y, params)[1]


def down(x, y, params):
    """(gradient with respect to x, gradients of params)"""
    (W, b), *rest = params
    if rest:
        a = sigmoid(x @ W + b)
        above, grads = down(a, y, rest)
        at_z = above * a * (1 - a)
    else:
        predicted, grads = x @ W + b, []
        at_z = (predicted - y) / y.shape[0]
    return at_z @ W.T, [[x.T.dot(at_z), at_z.sum(0)], *grads]


def backward(x, y, params):
    return gradients_of(x, y, params)


# %% n_hidden
class Affine:
    def __init__(self, W, b, hidden):
        self.W, self.b, self.hidden = W, b, hidden

    def forward(self, x):
        self.x = x
        z = x @ self.W + self.b
        self.out = sigmoid(z) if self.hidden else z
        return self.out

    def backward(self, grad):
        if self.hidden:
            grad = grad * self.out * (1 - self.out)
        self.grads = (self.x.T @ grad, grad.sum(axis=0))
        return grad @ self.W.T


def layers_of(params):
    return [Affine(W, b, hidden=k + 1 < len(params)) for k, (W, b) in enumerate(params)]


def forward(x, params):
    for layer in layers_of(params):
        x = layer.forward(x)
    return x


def gradients_of(x, y, params):
    layers = layers_of(params)
    predicted = x
    for layer in layers:
        predicted = layer.forward(predicted)
    grad = (predicted - y) / y.shape[0]
    for layer in layers[::-1]:
        grad = layer.backward(grad)
    return [layer.grads for layer in layers]


backward = gradients_of


# %% sgd
def shuffled(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    return [order[i : i + batch_size] for i in range(0, n, batch_size)]


def minibatches(x, y, batch_size, rng):
    yield from ([x[rows], y[rows]] for rows in shuffled(len(x), batch_size, rng))


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    """Deals for itself, and computes its gradients by a function of another name."""
    params = list(params)
    for _ in range(epochs):
        for rows in shuffled(len(x), batch_size, rng):
            grads = gradients_of(x[rows], y[rows], params)
            for k in range(len(params)):
                params[k] = tuple(p - learning_rate * g for p, g in zip(params[k], grads[k], strict=False))
    return params


# %% schedule
def lr_at(epoch, lr0, decay):
    return lr0 * (1 + decay * epoch) ** -1


class EarlyStopping:
    """Best is the lowest loss of all here, whether it counted as an improvement or not."""

    def __init__(self, patience, min_delta=0.0):
        self.__dict__.update(patience=patience, min_delta=min_delta, best=float("inf"), streak=0)

    def update(self, val_loss):
        improved = val_loss + self.min_delta < self.best
        self.best = min(self.best, val_loss)
        self.streak = 0 if improved else self.streak + 1
        if self.streak == self.patience:
            return True
        return False


# %% clip
def clip_by_global_norm(grads, max_norm):
    everything = np.concatenate([np.ravel(part) for pair in grads for part in pair])
    norm = np.linalg.norm(everything)
    if norm > max_norm:
        everything = everything * (max_norm / norm)
    clipped, start = [], 0
    for pair in grads:
        parts = []
        for part in pair:
            parts.append(everything[start : start + part.size].reshape(part.shape))
            start += part.size
        clipped.append(tuple(parts))
    return clipped, float(norm)


def standardize(x_train, x_other):
    mean, std = np.mean(x_train, 0), np.std(x_train, 0)
    size = np.maximum(np.abs(mean), np.finfo(float).tiny)
    std = np.where(std / size < 1e-13, 1.0, std)
    return tuple((data - mean) / std for data in (x_train, x_other))


# %% parameters
parameters = sum((n + 1) * m for n, m in ((3, 5), (5, 4), (4, 2)))


# %% keep_which
keep_which = "b) "

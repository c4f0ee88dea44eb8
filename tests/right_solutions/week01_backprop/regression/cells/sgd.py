# ruff: noqa: B905

# %% argsort_of_random_keys
def minibatches(x, y, batch_size, rng):
    keys = rng.random(len(y))
    order = np.argsort(keys)
    xs, ys = x[order], y[order]
    out = []
    while len(xs):
        out.append((xs[:batch_size], ys[:batch_size]))
        xs, ys = xs[batch_size:], ys[batch_size:]
    return iter(out)


def train(x, y, params, epochs, batch_size, learning_rate, rng):
    new = [[W.copy(), b.copy()] for W, b in params]
    for _ in range(epochs):
        for xb, yb in minibatches(x, y, batch_size, rng):
            grads = backward(xb, yb, [tuple(p) for p in new])
            for layer, g in zip(new, grads):
                layer[0] = layer[0] - learning_rate * g[0]
                layer[1] = layer[1] - learning_rate * g[1]
    return [tuple(layer) for layer in new]

# ruff: noqa: B905, E741

# %% a_cache
class _Layer:
    """A helper of the student's."""

    def __init__(self, n_in, n_out, rng):
        limit = np.sqrt(3 / n_in)
        self.W = rng.uniform(-limit, limit, (n_in, n_out))
        self.b = np.zeros(n_out)


def init_params(sizes, rng):
    layers = [_Layer(a, b, rng) for a, b in zip(sizes, sizes[1:])]
    return [(l.W, l.b) for l in layers]


def _run(x, params):
    cache = {"a0": x}
    for k, (W, b) in enumerate(params, 1):
        z = np.einsum("ni,io->no", cache[f"a{k - 1}"], W) + b
        cache[f"a{k}"] = np.tanh(z) if k < 3 else softmax(z)
    return cache


def forward(x, params):
    return _run(x, params)["a3"]


def backward(x, y, params):
    assert len(params) == 3
    c = _run(x, params)
    yhat = c["a3"]
    d = (yhat - np.eye(yhat.shape[1])[y]) / len(x)
    grads = []
    for k in (3, 2, 1):
        below = c[f"a{k - 1}"]
        grads.append((np.einsum("ni,no->io", below, d), np.sum(d, 0)))
        if k > 1:
            d = np.einsum("no,io->ni", d, params[k - 1][0]) * (1 - below**2)
    return grads[::-1]

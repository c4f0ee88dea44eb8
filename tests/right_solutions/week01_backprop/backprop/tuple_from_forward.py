# forward returns a tuple, built by accumulate; train unpacks it.
# ruff: noqa: B905

# %% before forward
from functools import reduce
from itertools import accumulate


# %% forward
def forward(network, X):
    outputs = accumulate(network, lambda x, layer: layer.forward(x), initial=X)
    next(outputs)
    return tuple(outputs)


# %% train
def train(network, X, y):
    activations = forward(network, X)
    *_, logits = activations
    pairs = list(zip(network, (X,) + activations))
    reduce(
        lambda grad, pair: pair[0].backward(pair[1], grad),
        reversed(pairs),
        grad_softmax_crossentropy_with_logits(logits, y),
    )
    return float(softmax_crossentropy_with_logits(logits, y).mean())

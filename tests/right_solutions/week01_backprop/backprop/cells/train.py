# ruff: noqa: B905

# %% a_stack_of_inputs
def train(network, X, y):
    stack, x = [], X
    for layer in network:
        stack.append(x)
        x = layer.forward(x)
    grad = grad_softmax_crossentropy_with_logits(x, y)
    for layer in network[::-1]:
        grad = layer.backward(stack.pop(), grad)
    return np.mean(softmax_crossentropy_with_logits(x, y))


# %% recursion
def train(network, X, y):
    def down(place, x):
        if place == len(network):
            return softmax_crossentropy_with_logits(x, y).mean(), grad_softmax_crossentropy_with_logits(x, y)
        loss, grad = down(place + 1, network[place].forward(x))
        return loss, network[place].backward(x, grad)

    return down(0, X)[0]


# %% inputs_by_place
def train(network, X, y):
    outputs = forward(network, X)
    inputs = {0: X, **{i + 1: out for i, out in enumerate(outputs)}}
    n = len(network)
    loss = float(np.average(softmax_crossentropy_with_logits(inputs[n], y)))
    g = grad_softmax_crossentropy_with_logits(inputs[n], y)
    i = n - 1
    while i >= 0:
        g = network[i].backward(inputs[i], g)
        i -= 1
    return loss


# %% zip_of_reversed
def train(network, X, y):
    outputs = forward(network, X)
    inputs = [X] + outputs[:-1]
    logits = outputs[-1]
    loss = softmax_crossentropy_with_logits(logits, y)
    grad = grad_softmax_crossentropy_with_logits(logits, y)
    for layer, input in zip(reversed(network), reversed(inputs)):
        grad = layer.backward(input, grad)
    return np.mean(loss)


# %% range_backwards
def train(network, X, y):
    layer_activations = forward(network, X)
    layer_inputs = [X] + layer_activations
    logits = layer_activations[-1]
    loss = softmax_crossentropy_with_logits(logits, y).mean()
    loss_grad = grad_softmax_crossentropy_with_logits(logits, y)
    for layer_index in range(len(network) - 1, -1, -1):
        layer = network[layer_index]
        loss_grad = layer.backward(layer_inputs[layer_index], loss_grad)
    return loss


# %% negative_indices
def train(network, X, y):
    inputs = [X, *forward(network, X)]
    g = grad_softmax_crossentropy_with_logits(inputs[-1], y)
    for k in range(1, len(network) + 1):
        g = network[-k].backward(inputs[-k - 1], g)
    losses = softmax_crossentropy_with_logits(inputs[-1], y)
    return losses.sum() / len(losses)


# %% loss_and_gradient_by_hand
def train(network, X, y):
    outputs = forward(network, X)
    logp = log_softmax(outputs[-1])
    onehot = np.eye(logp.shape[1])[y]
    loss = -np.mean(np.sum(onehot * logp, axis=1))
    grad = (np.exp(logp) - onehot) / len(X)
    for i in reversed(range(len(network))):
        grad = network[i].backward(outputs[i - 1] if i > 0 else X, grad)
    return loss


# %% reduce_over_pairs
import functools


def train(network, X, y):
    outputs = forward(network, X)
    pairs = list(zip(network, [X, *outputs]))
    functools.reduce(
        lambda grad, pair: pair[0].backward(pair[1], grad),
        pairs[::-1],
        grad_softmax_crossentropy_with_logits(outputs[-1], y),
    )
    return float(softmax_crossentropy_with_logits(outputs[-1], y).mean())


# %% pop_from_the_outputs
def train(network, X, y):
    outputs = forward(network, X)
    outputs.insert(0, X)
    logits = outputs.pop()
    loss = softmax_crossentropy_with_logits(logits, y).mean(axis=0)
    grad = grad_softmax_crossentropy_with_logits(logits, y)
    layers = list(network)
    while layers:
        grad = layers.pop().backward(outputs.pop(), grad)
    assert not outputs
    return loss


# %% keyword_arguments
def train(network, X, y):
    layers = network.copy()
    outputs = forward(X=X, network=layers)
    loss = np.mean(softmax_crossentropy_with_logits(y=y, logits=outputs[-1]))
    grad_output = grad_softmax_crossentropy_with_logits(y=y, logits=outputs[-1])
    layers.reverse()
    for layer, input in zip(layers, [*outputs[-2::-1], X]):
        grad_output = layer.backward(grad_output=grad_output, input=input)
    return loss


# %% backward_pass_in_a_helper
def backpropagate(network, inputs, grad):
    """Walk all the way down, and return what is left for X."""
    if not network:
        return grad
    return backpropagate(network[:-1], inputs[:-1], network[-1].backward(inputs[-1], grad))


def train(network, X, y):
    *inputs, logits = [X] + list(forward(network, X))
    backpropagate(network, inputs, grad_softmax_crossentropy_with_logits(logits, y))
    return softmax_crossentropy_with_logits(logits, y).mean()


# %% first_layer_after_the_loop
def train(network, X, y):
    outs = forward(network, X)
    loss = 0.0
    for sample in softmax_crossentropy_with_logits(outs[-1], y):
        loss += sample
    loss /= X.shape[0]
    grad = grad_softmax_crossentropy_with_logits(outs[-1], y)
    for k in range(len(network) - 1, 0, -1):
        grad = network[k].backward(outs[k - 1], grad)
    network[0].backward(X, grad)
    return loss


# %% enumerate_and_a_history
history = []


def train(network, X, y):
    outputs = forward(network, X)
    loss = float(np.mean(softmax_crossentropy_with_logits(outputs[-1], y)))
    grads = [grad_softmax_crossentropy_with_logits(outputs[-1], y)]
    for k, layer in reversed(list(enumerate(network))):
        grads.append(layer.backward(([X] + outputs)[k], grads[-1]))
    history.append(loss)
    return loss


# %% pullbacks
def train(network, X, y):
    pullbacks, x = [], X
    for layer in network:
        pullbacks.append(lambda g, layer=layer, x=x: layer.backward(x, g))
        x = layer.forward(x)
    loss, g = softmax_crossentropy_with_logits(x, y).mean(), grad_softmax_crossentropy_with_logits(x, y)
    for pullback in pullbacks[::-1]:
        g = pullback(g)
    return loss


# %% partial_and_a_loss_layer
from functools import partial


class Loss(Layer):
    def __init__(self, y):
        self.y = y

    def forward(self, input):
        return softmax_crossentropy_with_logits(input, self.y).mean()

    def backward(self, input, grad_output):
        return grad_output * grad_softmax_crossentropy_with_logits(input, self.y)


def train(network, X, y):
    layers = [*network, Loss(y)]
    values = [X] + forward(layers, X)
    steps = [partial(layer.backward, value) for layer, value in zip(layers, values)]
    grad = 1.0
    while steps:
        grad = steps.pop()(grad)
    return values[-1]


# %% minus_one_in_a_loop
def train(network, X, y):
    out = forward(network, X)
    logits = out[-1]
    p = np.exp(log_softmax(logits))
    for n in range(len(y)):
        p[n, y[n]] -= 1
    grad = p / len(y)
    inputs = [X]
    inputs.extend(out[:-1])
    for layer in network[::-1]:
        grad = layer.backward(inputs.pop(), grad)
    return -log_softmax(logits)[np.arange(len(y)), y].mean()


# %% fsum
import math


def train(network, X, y):
    *hidden, logits = forward(network, X)
    losses = softmax_crossentropy_with_logits(logits, y).tolist()
    g = grad_softmax_crossentropy_with_logits(logits, y)
    for layer, x in reversed([*zip(network, [X, *hidden])]):
        g = layer.backward(x, g)
    return math.fsum(losses) / len(losses)


# %% asarray_first
def train(network, X, y):
    X = np.asarray(X, dtype=float)
    y = np.asarray(y, dtype=int).ravel()
    outputs = forward(network, X)
    loss = softmax_crossentropy_with_logits(outputs[-1], y).mean()
    grad = grad_softmax_crossentropy_with_logits(outputs[-1], y)
    i = len(network)
    while i:
        i -= 1
        grad = network[i].backward(outputs[i - 1] if i else X, grad)
    print(f"loss {loss:.3f}")
    return loss

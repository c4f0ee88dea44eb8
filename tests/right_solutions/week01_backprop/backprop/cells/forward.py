# %% append_in_a_loop
def forward(network, X):
    activations = []
    input = X
    for layer in network:
        activations.append(layer.forward(input))
        input = activations[-1]
    return activations


# %% start_with_x_and_slice
def forward(network, X):
    outputs = [X]
    for layer in network:
        outputs.append(layer.forward(outputs[-1]))
    return outputs[1:]


# %% walrus_comprehension
def forward(network, X):
    return [X := layer.forward(X) for layer in network]


# %% accumulate
from itertools import accumulate


def forward(network, X):
    return list(accumulate(network, lambda x, layer: layer.forward(x), initial=X))[1:]


# %% reduce
import functools


def forward(network, X):
    def add(outputs, layer):
        return outputs + [layer.forward(outputs[-1] if outputs else X)]

    return functools.reduce(add, network, [])


# %% recursion_on_the_rest
def forward(network, X):
    if not network:
        return []
    first, *rest = network
    output = first.forward(X)
    return [output] + forward(rest, output)


# %% recursion_from_the_end
def forward(network, X):
    if len(network) == 0:
        return []
    before = forward(network[:-1], X)
    return [*before, network[-1].forward(before[-1] if len(before) > 0 else X)]


# %% while_with_index
def forward(network, X):
    i = 0
    outputs = []
    while i < len(network):
        if i == 0:
            outputs.append(network[i].forward(X))
        else:
            outputs.append(network[i].forward(outputs[i - 1]))
        i += 1
    return outputs


# %% first_layer_apart
def forward(network, X):
    outputs = [network[0].forward(X)]
    for k in range(1, len(network)):
        outputs.append(network[k].forward(outputs[k - 1]))
    return outputs


# %% places_made_before
def forward(network, X):
    outputs = [None] * len(network)
    x = np.array(X)
    for k, layer in enumerate(network):
        x = layer.forward(x)
        outputs[k] = x
    assert len(outputs) == len(network)
    return outputs


# %% generator_inside
def forward(network, X):
    def outputs():
        x = X
        for layer in network:
            x = layer.forward(x)
            yield x

    return list(outputs())


# %% a_queue_of_layers
from collections import deque


def forward(network: list, X: np.ndarray) -> list:
    waiting, done = deque(network), []
    while waiting:
        done.append(waiting.popleft().forward(done[-1] if done else X))
    return done


# %% a_copy_of_the_list_used_up
def forward(network, X):
    layers, result = list(network), [X]
    layers.reverse()
    while layers:
        result.append(layers.pop().forward(input=result[-1]))
    result.pop(0)
    return result


# %% dictionary_by_number
def forward(network, X):
    """Every output by its number, with the input under -1."""
    known = {-1: X}
    for number, layer in enumerate(network):
        known[number] = layer.forward(known[number - 1])
    del known[-1]
    return list(known.values())


# %% copies
def forward(network, X):
    outputs = []
    x = X.copy()
    for layer in network:
        x = layer.forward(x).copy()
        outputs.append(x.copy())
    return outputs


# %% try_except
def forward(network, X):
    outputs = []
    for layer in network:
        try:
            outputs.append(layer.forward(outputs[-1]))
        except IndexError:
            outputs.append(layer.forward(X))
    return outputs

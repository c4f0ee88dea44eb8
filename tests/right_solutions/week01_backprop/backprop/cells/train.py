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

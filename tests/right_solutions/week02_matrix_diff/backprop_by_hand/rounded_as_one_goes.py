# Four decimals everywhere, each number computed from the rounded ones before it; functions written on the fly.

# %% graph
graph_values = {"a": 9.00004, "b": 5.99996, "c": 5.00004, "d": 25.0004, "f": 40.0004}
graph_gradients = {"f": 1, "d": 1, "c": 10.00008, "b": 1.00004, "a": 0.99996, "x": 18.0, "y": 13.00005}


def graph_grads(x, y):
    return (2 * x + y + 2 * (x + y), x + 2 * (x + y))


# %% chain3
def chain3_grads(x, y, w1, w2, w3):
    # forward mode: how each weight's change travels to the output
    h1 = 1 / (1 + np.exp(-w1 * x))
    dh1 = np.array([x, 0, 0]) * h1 * (1 - h1)
    h2 = 1 / (1 + np.exp(-w2 * h1))
    dh2 = (w2 * dh1 + np.array([0, h1, 0])) * h2 * (1 - h2)
    dyhat = w3 * dh2 + np.array([0, 0, h2])
    return list(-(y - w3 * h2) * dyhat)


# %% sigmoid_backward
def sigmoid_backward(z, d_sigma):
    return d_sigma / (2 + np.exp(z) + np.exp(-z))


# %% linear_backward
def linear_backward(X, W, dZ):
    dX = np.array([W @ row for row in dZ])
    dW = sum(np.outer(x, dz) for x, dz in zip(X, dZ, strict=False))
    return dX, dW


# %% matrix_net
def matrix_net_grads(X, y, W1, W2, w3):
    # everything transposed: a sample is a column
    x = X.T
    h1 = sigmoid(W1.T @ x)
    h2 = sigmoid(W2.T @ h1)
    delta3 = (w3 @ h2 - y) / y.size
    delta2 = w3[:, np.newaxis] * delta3[np.newaxis] * (h2 - h2 * h2)
    delta1 = (W2 @ delta2) * (h1 - h1 * h1)
    return (x @ delta1.T, h1 @ delta2.T, h2 @ delta3)


# %% two_steps
nothing = [[0, 0], [0, 0]]
after_step_1 = {"W1": nothing, "W2": nothing, "w3": [0, 0]}
after_step_2 = {"W1": nothing, "W2": nothing, "w3": [0.49997, 0.50003]}
first_moves = {"w3": 2, "W2": 3, "W1": 4}

# %% hidden_backprop
squared_head = {
    "Z": [[2.0, -1.0], [0.0, 1.0]],
    "A": [[2.0, 0.0], [0.0, 1.0]],
    "y_hat": [1.0, 1.0],
    "L": 0.25004,
    "d_y_hat": [-0.49996, 0],
    "d_W2": [-0.99992, 0],
    "d_A": [[-0.25, -0.49996], [0, 0]],
    "d_Z": [[-0.25, 0], [0, 0]],
    "d_W1": [[-0.25, 0], [-0.5, 0]],
    "new_W2": [1.49992, 1],
    "new_W1": [[1.25, -1], [1, 0]],
}
log_head = {
    "p": [0.7311, 0.7311],
    "L": 0.8133,
    "d_y_hat": [0.3656, -0.1344],
    "d_W2": [0.7312, -0.1344],
    "d_A": [[0.1828, 0.3656], [-0.0672, -0.1344]],
    "d_Z": [[0.1828, 0], [0, -0.1344]],
    "d_W1": [[0.1828, 0.1344], [0.3656, -0.2688]],
    "new_W2": [-0.2312, 1.1344],
    "new_W1": [[0.8172, -1.1344], [0.1344, 0.2688]],
}

# %% graph
# x reaches f in three ways and y in two. Where ways meet, the messages add up, and each node is left only once all of
# its messages have arrived.
graph_values = {"a": 9, "b": 6, "c": 5, "d": 25, "f": 40}
graph_gradients = {"f": 1, "d": 1, "c": 10, "b": 1, "a": 1, "x": 18, "y": 13}


def graph_grads(x, y):
    df_da = df_db = df_dd = 1
    df_dc = df_dd * 2 * (x + y)
    df_dx = df_da * 2 * x + df_db * y + df_dc * 1
    df_dy = df_db * x + df_dc * 1
    return df_dx, df_dy


# %% chain3
# Each derivative is a product along the way from the loss to its weight, and the longer ways begin with the shorter
# ones: what is passed down is computed once.
def chain3_grads(x, y, w1, w2, w3):
    h1 = sigmoid(w1 * x)
    h2 = sigmoid(w2 * h1)
    error, slope1, slope2 = w3 * h2 - y, h1 * (1 - h1), h2 * (1 - h2)
    return error * w3 * slope2 * w2 * slope1 * x, error * w3 * slope2 * h1, error * h2


# %% sigmoid_backward
# The slope of the sigmoid needs its output only. A forward pass that keeps it has nothing left to compute.
def sigmoid_backward(z, d_sigma):
    return d_sigma * sigmoid(z) * sigmoid(-z)


# %% linear_backward
# The shapes allow one order only: [d, n] times [n, m] for dW, [n, m] times [m, d] for dX. They do not prove a formula,
# but they rule out most wrong ones.
def linear_backward(X, W, dZ):
    return np.einsum("nm,dm->nd", dZ, W), np.einsum("nd,nm->dm", X, dZ)


# %% matrix_net
# For each layer the same two moves: through the weights, transposed, then times the slope. The division by n happens
# once, in the error.
def matrix_net_grads(X, y, W1, W2, w3):
    dW1, dW2, dw3 = np.zeros(W1.shape), np.zeros(W2.shape), np.zeros(w3.shape)
    for x, target in zip(X, y):
        a1 = sigmoid(x @ W1)
        a2 = sigmoid(a1 @ W2)
        error = (a2 @ w3 - target) / len(X)
        dz2 = error * w3 * a2 * (1 - a2)
        dz1 = (W2 @ dz2) * a1 * (1 - a1)
        dW1, dW2, dw3 = dW1 + np.outer(x, dz1), dW2 + np.outer(a1, dz2), dw3 + error * a2
    return dW1, dW2, dw3

# Computed with numpy in place of paper, by functions that are built on each other; results are arrays.

# %% graph
a, b, c = 3.0**2, 3.0 * 2.0, 3.0 + 2.0
graph_values = {"a": a, "b": b, "c": c, "d": c**2, "f": a + b + c**2}


def graph_grads(x, y):
    return np.array([[4.0, 3.0], [3.0, 2.0]]) @ np.array([x, y])


graph_gradients = dict.fromkeys("fdba", 1.0) | {"c": 2 * c}
graph_gradients["x"], graph_gradients["y"] = graph_grads(3.0, 2.0)


# %% chain3
def chain3_grads(x, y, w1, w2, w3):
    inner = sigmoid(np.array([[w1 * x]]))
    outer = sigmoid(inner * w2)
    error = outer * w3 - y
    back = error * w3 * outer * sigmoid(-np.array([[w2]]) * inner)
    first = back * w2 * inner * sigmoid(-np.array([[w1 * x]])) * x
    return np.concatenate([first, back * inner, error * outer]).ravel()


# %% sigmoid_backward
def sigmoid_backward(z, d_sigma):
    return np.multiply(d_sigma, sigmoid(z) * sigmoid(-np.asarray(z)))


# %% linear_backward
def linear_backward(X, W, dZ):
    return np.einsum("nm,dm->nd", dZ, W), np.einsum("nd,nm->dm", X, dZ)


# %% matrix_net
def matrix_net_grads(X, y, W1, W2, w3):
    Z1 = X @ W1
    A1 = sigmoid(Z1)
    Z2 = A1 @ W2
    A2 = sigmoid(Z2)
    column = w3.reshape(2, 1)
    dyhat = (A2 @ column - y[:, None]) / y.shape[0]
    dA2, dw3 = linear_backward(A2, column, dyhat)
    dA1, dW2 = linear_backward(A1, W2, sigmoid_backward(Z2, dA2))
    _, dW1 = linear_backward(X, W1, sigmoid_backward(Z1, dA1))
    return dW1, dW2, dw3.ravel()


# %% two_steps
weights = [np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)]
history, first_moves = [], {}
for step in range(1, 6):
    sample = ([[5.0, 2.0]], [0.0]) if step % 2 else ([[1.0, 1.0]], [1.0])
    grads = matrix_net_grads(np.array(sample[0]), np.array(sample[1]), *weights)
    for name, g in zip(["W1", "W2", "w3"], grads, strict=False):
        if g.any():
            first_moves.setdefault(name, step)
    weights = [w - g for w, g in zip(weights, grads, strict=False)]
    history.append(dict(zip(["W1", "W2", "w3"], weights, strict=False)))
after_step_1, after_step_2 = history[:2]

# %% hidden_backprop
X = np.array([[1.0, 2.0], [-1.0, 2.0]])
W1, W2 = np.array([[1.0, -1.0], [0.5, 0.0]]), np.array([0.5, 1.0])
Z = X @ W1
A = np.clip(Z, 0, None)
y_hat = A @ W2


def rest(d_y_hat):
    d_A = np.outer(d_y_hat, W2)
    d_Z = np.where(Z > 0, d_A, 0)
    d_W1, d_W2 = X.T @ d_Z, A.T @ d_y_hat
    return {
        "d_y_hat": d_y_hat,
        "d_A": d_A,
        "d_Z": d_Z,
        "d_W1": d_W1,
        "d_W2": d_W2,
        "new_W1": W1 - d_W1,
        "new_W2": W2 - d_W2,
    }


squared_head = {"Z": Z, "A": A, "y_hat": y_hat, "L": np.sum((y_hat - [2, 1]) ** 2) / 4, **rest((y_hat - [2, 1]) / 2)}
p = sigmoid(y_hat)
log_head = {"p": p, "L": -np.mean(np.log([1 - p[0], p[1]])), **rest((p - [0, 1]) / 2)}

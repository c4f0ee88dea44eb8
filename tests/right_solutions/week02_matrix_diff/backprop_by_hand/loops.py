# Entry by entry, with loops and the math module; fractions, tuples and arrays where numbers are asked for.

# %% before graph
from fractions import Fraction
from math import exp, log

# %% graph
graph_values = {"a": 9.0, "b": np.int64(6), "c": Fraction(5), "d": np.array(25), "f": 40}
graph_gradients = {"f": 1, "d": 1, "c": 10, "b": 1, "a": 1, "x": 18, "y": 13}


def graph_grads(x, y):
    # multiplied out: f = 2 x^2 + 3 xy + y^2
    return [4 * x + 3 * y, 3 * x + 2 * y]


# %% chain3
def chain3_grads(x, y, w1, w2, w3):
    def s(z):
        return 1 / (1 + exp(-z))

    a, weights = [x], [w1, w2]
    for w in weights:
        a.append(s(w * a[-1]))
    back = w3 * a[2] - y
    found = [back * a[2]]
    back *= w3
    for k in (1, 0):
        back *= a[k + 1] - a[k + 1] ** 2
        found.append(back * a[k])
        back *= weights[k]
    return tuple(reversed(found))


# %% sigmoid_backward
def sigmoid_backward(z, d_sigma):
    out = np.empty(np.shape(z))
    for i in np.ndindex(out.shape):
        e = exp(-z[i])
        out[i] = d_sigma[i] * e / (1 + e) ** 2
    return out


# %% linear_backward
def linear_backward(X, W, dZ):
    n, d, m = X.shape[0], X.shape[1], W.shape[1]
    dX, dW = np.zeros((n, d)), np.zeros((d, m))
    for i in range(n):
        for k in range(d):
            for j in range(m):
                dX[i, k] += dZ[i, j] * W[k, j]
                dW[k, j] += dZ[i, j] * X[i, k]
    return [dX, dW]


# %% matrix_net
def matrix_net_grads(X, y, W1, W2, w3):
    dW1, dW2, dw3 = np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)
    for x, target in zip(X, y, strict=False):
        h1 = sigmoid(x @ W1)
        h2 = sigmoid(h1 @ W2)
        e = (h2 @ w3 - target) / len(y)
        dw3 += e * h2
        d2 = e * w3 * (h2 - h2**2)
        dW2 += np.outer(h1, d2)
        d1 = (W2 @ d2) * (h1 - h1**2)
        dW1 += np.outer(x, d1)
    return dW1, dW2, dw3


# %% two_steps
after_step_1 = {"W1": np.zeros((2, 2)), "W2": ((0, 0), (0, 0)), "w3": (0.0, 0.0)}
after_step_2 = {"w3": [Fraction(1, 2), Fraction(1, 2)], "W1": np.zeros((2, 2)), "W2": [(0, 0), [0, 0]]}
first_moves = {"W1": 4.0, "W2": np.int64(3), "w3": 2}

# %% hidden_backprop
quarter = Fraction(1, 4)
squared_head = {
    "Z": ((2, -1), (0, 1)),
    "A": np.array([[2, 0], [0, 1]]),
    "y_hat": [[1], [1]],
    "L": quarter,
    "d_y_hat": (-0.5, -0.0),
    "d_W2": np.array([-1.0, 0.0]),
    "d_A": [[-quarter, -2 * quarter], [0, 0]],
    "d_Z": [[-quarter, 0], [0, 0]],
    "d_W1": [[-quarter, 0], [-2 * quarter, 0]],
    "new_W2": np.array([[1.5], [1.0]]),
    "new_W1": [[5 * quarter, -1], [1, 0]],
}
p = 1 / (1 + exp(-1))
u, v = p / 2, (p - 1) / 2
log_head = {
    "p": (p, p),
    "L": -(log(p) + log(1 - p)) / 2,
    "d_y_hat": [u, v],
    "d_W2": [2 * u, v],
    "d_A": [[u / 2, u], [v / 2, v]],
    "d_Z": [[u / 2, 0], [0, v]],
    "d_W1": [[u / 2, -v], [u, 2 * v]],
    "new_W2": [0.5 - 2 * u, 1 - v],
    "new_W1": [[1 - u / 2, -1 + v], [0.5 - u, -2 * v]],
}

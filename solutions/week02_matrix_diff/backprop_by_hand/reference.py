# %% graph
# At (3, 2). Forwards: 9, 6, 5, 25, and 9 + 6 + 25 = 40. Back: d passes 2 c = 10 to c; x collects 2 x + y + 10, y
# collects x + 10.
graph_values = {"a": 9, "b": 6, "c": 5, "d": 25, "f": 40}
graph_gradients = {"f": 1, "d": 1, "c": 10, "b": 1, "a": 1, "x": 18, "y": 13}


def graph_grads(x, y):
    """Partial derivatives of f = x^2 + xy + (x + y)^2 at any point.  numbers x, y -> (df/dx, df/dy)

    x has three ways to f: 2 x through a, y through b, 2 (x + y) through c and d. y has two: x, and 2 (x + y).
    """
    through_c = 2 * (x + y)
    return 2 * x + y + through_c, x + through_c


# %% chain3
def chain3_grads(x, y, w1, w2, w3):
    """Derivatives of E = (y - yhat)^2 / 2, yhat = w3 s(w2 s(w1 x)), by the weights.

    Five numbers -> (dE/dw1, dE/dw2, dE/dw3). The slope of s at z is s(z) (1 - s(z)).
    """
    inner = sigmoid(w1 * x)
    outer = sigmoid(w2 * inner)
    d_output = w3 * outer - y
    d_z2 = d_output * w3 * outer * (1 - outer)
    d_z1 = d_z2 * w2 * inner * (1 - inner)
    return d_z1 * x, d_z2 * inner, d_output * outer


# %% sigmoid_backward
def sigmoid_backward(z, d_sigma):
    """dE/dz for s = sigmoid(z), given d_sigma = dE/ds.  Both arrays of one shape -> an array of that shape"""
    s = sigmoid(z)
    return d_sigma * s * (1 - s)


# %% linear_backward
def linear_backward(X, W, dZ):
    """Gradients of E for Z = X W, given dZ = dE/dZ.  X [n, d], W [d, m], dZ [n, m] -> (dX [n, d], dW [d, m])

    dE = tr(G' dX W) + tr(G' X dW) = tr((G W')' dX) + tr((X' G)' dW), with G = dE/dZ.
    """
    return dZ @ W.T, X.T @ dZ


# %% matrix_net
def matrix_net_grads(X, y, W1, W2, w3):
    """Gradients of E by all weights.  X [n, 2], y [n], W1 [2, 2], W2 [2, 2], w3 [2] -> (dW1, dW2, dw3)"""
    A1 = sigmoid(X @ W1)
    A2 = sigmoid(A1 @ W2)
    error = (A2 @ w3 - y) / len(X)
    dZ2 = np.outer(error, w3) * A2 * (1 - A2)
    dZ1 = dZ2 @ W2.T * A1 * (1 - A1)
    return X.T @ dZ1, A1.T @ dZ2, A2.T @ error


# %% two_steps
# Step 1: the output is 0, as it should be: no error, no gradient. Step 2: all sigmoids give 1/2, the error is -1, so
# w3 takes the step 1/2, 1/2; nothing comes through w3 = 0. In step 3 the output on (5, 2) is 1/2, its error reaches
# W2 through w3; in step 4 one reaches W1, through W2.
after_step_1 = {"W1": [[0, 0], [0, 0]], "W2": [[0, 0], [0, 0]], "w3": [0, 0]}
after_step_2 = {"W1": [[0, 0], [0, 0]], "W2": [[0, 0], [0, 0]], "w3": [0.5, 0.5]}
first_moves = {"w3": 2, "W2": 3, "W1": 4}

# %% hidden_backprop
# Squared loss: errors (1 - 2, 1 - 1) / 2. Of d_A only the entry where Z > 0 is left; Z = 0 stops the gradient, too.
squared_head = {
    "Z": [[2, -1], [0, 1]],
    "A": [[2, 0], [0, 1]],
    "y_hat": [1, 1],
    "L": 0.25,
    "d_y_hat": [-0.5, 0],
    "d_W2": [-1, 0],
    "d_A": [[-0.25, -0.5], [0, 0]],
    "d_Z": [[-0.25, 0], [0, 0]],
    "d_W1": [[-0.25, 0], [-0.5, 0]],
    "new_W2": [1.5, 1],
    "new_W1": [[1.25, -1], [1, 0]],
}
# Log loss: p = s(1) twice, L = -(ln 0.26894 + ln 0.73106) / 2; the sigmoid's slope cancels, (p - y) / 2 is left.
log_head = {
    "p": [0.73106, 0.73106],
    "L": 0.81326,
    "d_y_hat": [0.36553, -0.13447],
    "d_W2": [0.73106, -0.13447],
    "d_A": [[0.18276, 0.36553], [-0.06724, -0.13447]],
    "d_Z": [[0.18276, 0], [0, -0.13447]],
    "d_W1": [[0.18276, 0.13447], [0.36553, -0.26894]],
    "new_W2": [-0.23106, 1.13447],
    "new_W1": [[0.81724, -1.13447], [0.13447, 0.26894]],
}

# %% [markdown] why_not_zero
# The gradient of w3 is A2' error; of W2 it is A1' (error w3' * slope); of W1 it passes through w3 *and* W2. In step 1
# the output is 0 and so is the target: the error is 0, and with it everything. In step 2 the error is -1, and w3 moves
# by 1/2; W2 and W1 have the factor w3 = 0 and stay. W2 has to wait for w3 (step 3), W1 for W2 (step 4).
# With 0.3 everywhere gradients come back, but both units of a layer have the same inputs, the same weights and so the
# same gradients: they stay equal for ever, and the network is one with a single unit in each layer, however wide it
# is. Nothing but a difference at the start can part them. Hence: small random weights (Xavier, He); biases may be 0.

# %% [markdown] why_old_weights
# d_y_hat is (-1/2, 0) and the new W2 is (1.5, 1). So d_A has the first row (-0.75, -0.5), d_Z (-0.75, 0), and d_W1
# becomes ((-0.75, 0), (-1.5, 0)) in place of ((-0.25, 0), (-0.5, 0)): three times too large. It is the gradient of
# nothing: the error was measured at the output of the old weights, the slope belongs to the new ones, and there is no
# point at which both hold. It need not go down at all: here W2 has changed threefold. With a small step it is nearly
# right, which is why it is hard to notice. Do it right: compute all gradients with the weights of the forward pass (so
# in a layer first the gradient that is passed on, then the step), or keep all gradients and step at the end.

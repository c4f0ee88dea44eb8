# %% which_way
which_way = "b"

# %% two_steps_down
# The slope is 2 theta, so each step halves theta: 4 -> 2 -> 1.
two_steps_down = 1


# %% cube_step
def cube_step(theta, x, y, learning_rate):
    """theta <- theta - learning_rate * mean of (theta x^3 - y) x^3, for E = 1/2 (theta x^3 - y)^2 averaged."""
    error = theta * x**3 - y
    return theta - learning_rate * np.mean(error * x**3)


# %% quadratic_step
def quadratic_step(theta, x, y, learning_rate):
    """theta <- theta - learning_rate * mean of (error) (x^2, x, 1): the slopes of the prediction in theta[0..2]."""
    features = np.stack([x**2, x, np.ones_like(x)], axis=1)
    error = features @ theta - y
    return theta - learning_rate * features.T @ error / len(x)


# %% two_paths
# Through s = a + b: 1 * b = 3; directly: s = 5; messages add up.
two_paths = 8

# %% why_not_step
why_not_step = "b"


# %% hidden_layer_grads
def hidden_layer_grads(x, y, w0, b0, w1, b1):
    """(dw0, db0, dw1, db1) of E = 1/2 (yhat - y)^2 averaged, yhat = sigmoid(x w0 + b0) w1 + b1.

    The division by n is done once, in d_yhat; after that every parameter sums over the samples.
    """
    hidden = sigmoid(x @ w0 + b0)
    d_yhat = (hidden @ w1 + b1 - y) / len(x)
    d_z = (d_yhat @ w1.T) * hidden * (1 - hidden)
    return x.T @ d_z, d_z.sum(axis=0), hidden.T @ d_yhat, d_yhat.sum(axis=0)


# %% zero_start
# h = 1/2 everywhere and the error is not zero on average: w1 and b1 move. Their message to the hidden layer is
# multiplied by w1 = 0.
zero_start = "cd"

# %% unit_change
# E'' = x^2: the factor enters twice.
unit_change = 1_000_000

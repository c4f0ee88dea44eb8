# %% cube_step
# Each sample gives its error times x cubed, and only then comes the mean. The error is computed once and serves the
# loss and its slope alike.
def cube_step(theta, x, y, learning_rate):
    slope = 0.0
    for one_x, one_y in zip(x, y):
        slope += (theta * one_x**3 - one_y) * one_x**3
    return theta - learning_rate * slope / len(x)


# %% quadratic_step
# The three slopes differ only in what the error is multiplied by: x squared, x and 1. With these as the columns of a
# matrix, one product gives all three.
def quadratic_step(theta, x, y, learning_rate):
    error = theta[0] * x**2 + theta[1] * x + theta[2] - y
    slopes = np.array([np.mean(error * x**2), np.mean(error * x), np.mean(error)])
    return theta - learning_rate * slopes


# %% hidden_layer_grads
# The division by n is done once, at the top. Below it every gradient is a sum over the samples, and the product of what
# came in, transposed, with what comes back does this sum by itself.
def hidden_layer_grads(x, y, w0, b0, w1, b1):
    sums = [np.zeros(one.shape) for one in (w0, b0, w1, b1)]
    for one_x, one_y in zip(x, y):
        hidden = sigmoid(one_x @ w0 + b0)
        error = (hidden @ w1 + b1 - one_y) / len(x)
        message = (w1 @ error) * hidden * (1 - hidden)
        for total, part in zip(sums, (np.outer(one_x, message), message, np.outer(hidden, error), error)):
            total += part
    return tuple(sums)

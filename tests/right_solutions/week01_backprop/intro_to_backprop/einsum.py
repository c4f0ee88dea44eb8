# Index sums; a list comes back where a tuple is usual; the forward pass is the given one.

# %% which_way
which_way = "(b)"

# %% two_steps_down
two_steps_down = np.array(1.0)


# %% cube_step
def cube_step(theta, x, y, learning_rate):
    cubes = np.power(x, 3)
    return theta - learning_rate * np.dot(cubes, theta * cubes - y) / x.size


# %% quadratic_step
def quadratic_step(theta, x, y, learning_rate):
    powers = np.vander(x, 3)
    residual = np.einsum("nk,k->n", powers, theta) - y
    return theta - learning_rate * np.einsum("nk,n->k", powers, residual) / len(y)


# %% two_paths
two_paths = 8.0

# %% why_not_step
why_not_step = "b"


# %% hidden_layer_grads
def hidden_layer_grads(x, y, w0, b0, w1, b1):
    hidden = 1 / (1 + np.exp(-np.einsum("nd,dh->nh", x, w0) - b0))
    error = (predict(x, w0, b0, w1, b1) - y)[:, 0]
    message = np.einsum("n,h,nh->nh", error, w1[:, 0], hidden - hidden**2)
    mean = 1 / y.shape[0]
    return [
        mean * np.einsum("nd,nh->dh", x, message),
        mean * np.einsum("nh->h", message),
        mean * np.einsum("nh,n->h", hidden, error)[:, None],
        np.array([error.mean()]),
    ]


# %% zero_start
zero_start = "d, c"

# %% unit_change
unit_change = 1e6

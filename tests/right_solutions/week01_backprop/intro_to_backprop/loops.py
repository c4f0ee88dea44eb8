# One sample after the other, as on paper; lists where lists will do.

# %% which_way
which_way = "B"

# %% two_steps_down
theta = 4.0
for _ in range(2):
    theta = theta - 0.25 * 2 * theta
two_steps_down = theta


# %% cube_step
def cube_step(theta, x, y, learning_rate):
    total = 0.0
    for xi, yi in zip(x, y, strict=True):
        total += (theta * xi**3 - yi) * xi**3
    return theta - learning_rate * total / len(x)


# %% quadratic_step
def quadratic_step(theta, x, y, learning_rate):
    slopes = [0.0, 0.0, 0.0]
    for xi, yi in zip(x, y, strict=True):
        error = theta[0] * xi**2 + theta[1] * xi + theta[2] - yi
        for k, factor in enumerate((xi**2, xi, 1.0)):
            slopes[k] += error * factor / len(x)
    return np.array([old - learning_rate * slope for old, slope in zip(theta, slopes, strict=True)])


# %% two_paths
a, b = 2, 3
two_paths = (a + b) * 1 + b * 1

# %% why_not_step
why_not_step = " b "


# %% hidden_layer_grads
def hidden_layer_grads(x, y, w0, b0, w1, b1):
    n, d = x.shape
    h = len(b0)
    dw0, db0, dw1, db1 = np.zeros((d, h)), np.zeros(h), np.zeros((h, 1)), np.zeros(1)
    for i in range(n):
        values = [sigmoid(sum(x[i, k] * w0[k, j] for k in range(d)) + b0[j]) for j in range(h)]
        error = (sum(values[j] * w1[j, 0] for j in range(h)) + b1[0] - y[i, 0]) / n
        db1[0] += error
        for j in range(h):
            dw1[j, 0] += error * values[j]
            message = error * w1[j, 0] * values[j] * (1 - values[j])
            db0[j] += message
            for k in range(d):
                dw0[k, j] += message * x[i, k]
    return dw0, db0, dw1, db1


# %% zero_start
zero_start = ["c", "d"]

# %% unit_change
unit_change = 1000**2

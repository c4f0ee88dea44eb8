# A loop wherever there can be one, and Python's math in place of numpy's.
# ruff: noqa: B905

# %% before expand
import math


# %% expand
def expand(X):
    rows = []
    for x0, x1 in X:
        rows.append([x0, x1, x0 * x0, x1 * x1, x0 * x1, 1.0])
    return np.array(rows)


# %% classify
def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def classify(X, w):
    result = np.zeros(len(X))
    for i, row in enumerate(expand(X)):
        result[i] = sigmoid(sum(a * b for a, b in zip(row, w)))
    return result


# %% compute_loss
def compute_loss(X, y, w):
    total = 0.0
    for row, label in zip(expand(X), y):
        z = float(sum(a * b for a, b in zip(row, w)))
        margin = z if label == 1 else -z
        total += math.log1p(math.exp(-abs(margin))) + max(0.0, -margin)
    return total / len(y)


# %% compute_grad
def compute_grad(X, y, w):
    grad = np.zeros(6)
    for row, p, label in zip(expand(X), classify(X, w), y):
        for j in range(6):
            grad[j] += (p - label) * row[j] / len(X)
    return grad


# %% sgd
def sgd_step(w, grad, lr):
    new = np.empty_like(w)
    for place in np.ndindex(w.shape):
        new[place] = w[place] - lr * grad[place]
    return new


# %% momentum
def momentum_step(w, grad, velocity, lr, mu):
    new_w, new_velocity = np.empty_like(w), np.empty_like(w)
    for place in np.ndindex(w.shape):
        new_velocity[place] = mu * velocity[place] + lr * grad[place]
        new_w[place] = w[place] - new_velocity[place]
    return new_w, new_velocity


# %% rmsprop
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    new_w, new_square = np.empty_like(w), np.empty_like(w)
    for place in np.ndindex(w.shape):
        new_square[place] = alpha * mean_square[place] + (1 - alpha) * grad[place] ** 2
        new_w[place] = w[place] - lr * grad[place] / (math.sqrt(new_square[place]) + eps)
    return new_w, new_square


# %% nesterov
def nesterov_step(w, grad_fn, velocity, lr, mu):
    ahead = np.empty_like(w)
    for place in np.ndindex(w.shape):
        ahead[place] = w[place] - mu * velocity[place]
    slope = grad_fn(ahead)
    new_w, new_velocity = np.empty_like(w), np.empty_like(w)
    for place in np.ndindex(w.shape):
        new_velocity[place] = mu * velocity[place] + lr * slope[place]
        new_w[place] = w[place] - new_velocity[place]
    return [new_w, new_velocity]


# %% adagrad
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    new_w, new_square = np.empty_like(w), np.empty_like(w)
    for place in np.ndindex(w.shape):
        new_square[place] = sum_square[place] + grad[place] ** 2
        new_w[place] = w[place] - lr * grad[place] / (math.sqrt(new_square[place]) + eps)
    return new_w, new_square


# %% adam
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    new_w, new_m, new_v = np.empty_like(w), np.empty_like(w), np.empty_like(w)
    for i in np.ndindex(w.shape):
        new_m[i] = beta1 * m[i] + (1 - beta1) * grad[i]
        new_v[i] = beta2 * v[i] + (1 - beta2) * grad[i] ** 2
        new_w[i] = w[i] - lr * (new_m[i] / (1 - beta1**t)) / (math.sqrt(new_v[i] / (1 - beta2**t)) + eps)
    return new_w, new_m, new_v


# %% adamw
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new_w, new_m, new_v = np.empty_like(w), np.empty_like(w), np.empty_like(w)
    for i in np.ndindex(w.shape):
        new_m[i] = beta1 * m[i] + (1 - beta1) * grad[i]
        new_v[i] = beta2 * v[i] + (1 - beta2) * grad[i] ** 2
        step = new_m[i] / (1 - beta1**t) / (math.sqrt(new_v[i] / (1 - beta2**t)) + eps)
        new_w[i] = w[i] - lr * (step + weight_decay * w[i])
    return new_w, new_m, new_v


# %% own_optimizer
def my_step(w, grad, state, t):
    """Each weight has a step of its own, which grows as long as its slope keeps its sign (Riedmiller, Braun, 1993)."""
    if state is None:
        state = {"step": np.full(w.size, 1e-3), "slope": np.zeros(w.size)}
    step, slope, new = state["step"].copy(), grad.flatten(), w.flatten()
    for i in range(w.size):
        if slope[i] * state["slope"][i] > 0:
            step[i] *= 1.2
        elif slope[i] * state["slope"][i] < 0:
            step[i] *= 0.5
            slope[i] = 0.0
        new[i] -= step[i] * np.sign(slope[i])
    return new.reshape(w.shape), {"step": step, "slope": slope}

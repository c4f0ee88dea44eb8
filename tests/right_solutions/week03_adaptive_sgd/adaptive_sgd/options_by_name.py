# Options in other orders or by name only, other names of arguments, asserts and prints inside, states in a dict.


# %% sgd
def sgd_step(weights, gradient, learning_rate=0.01):
    assert weights.shape == gradient.shape
    return weights + (-learning_rate) * gradient


# %% momentum
def momentum_step(weights, gradient, v, learning_rate=0.01, momentum=0.9):
    v = v * momentum + gradient * learning_rate
    print("step", np.linalg.norm(v))
    return [weights - v, v]


# %% rmsprop
def rmsprop_step(w, grad, mean_square, lr, *, eps=1e-8, alpha=0.9):
    assert 0 <= alpha < 1
    mean_square = (1 - alpha) * grad * grad + alpha * mean_square
    rate = lr / (eps + np.sqrt(mean_square))
    return w - rate * grad, mean_square


# %% nesterov
def nesterov_step(w, grad_fn, velocity, lr, mu):
    grad_fn(w)  # looked at, and not used
    ahead = w - mu * velocity
    new_w = ahead - lr * grad_fn(ahead)
    return new_w, w - new_w


# %% adagrad
def adagrad_step(w, grad, sum_square, lr, **options):
    sum_square = np.add(sum_square, np.square(grad))
    return w - lr * np.divide(grad, np.sqrt(sum_square) + options.get("eps", 1e-8)), sum_square


# %% adam
def adam_step(w, grad, m, v, t, lr, eps=1e-8, beta2=0.999, beta1=0.9):
    state = {"m": beta1 * m + (1 - beta1) * grad, "v": beta2 * v + (1 - beta2) * np.square(grad)}
    hat = {"m": state["m"] / (1 - beta1**t), "v": state["v"] / (1 - beta2**t)}
    w = w - lr * hat["m"] / (hat["v"] ** 0.5 + eps)
    return w, state["m"], state["v"]


# %% adamw
def adamw_step(w, grad, m, v, t, lr, weight_decay=0.01, eps=1e-8, beta2=0.999, beta1=0.9):
    pull = {"w": lr * weight_decay * w}
    w, m, v = adam_step(w, grad, m, v, t, lr, beta2=beta2, beta1=beta1, eps=eps)
    return w - pull["w"], m, v


# %% own_optimizer
def my_step(w, grad, state, t):
    """The rate is measured: how much the slope changed over the last move (Barzilai and Borwein, 1988)."""
    size = np.linalg.norm(grad) + 1e-300
    if state is None:
        return sgd_step(w, grad, 1e-3 / size), np.stack([w, grad])
    move, change = w - state[0], grad - state[1]
    far, bent = np.linalg.norm(move), np.sum(move * change)
    most = 2 * far if np.sum(grad * move) < 0 else far
    rate = min(bent / np.sum(change**2), most / size) if bent > 0 else most / size
    return sgd_step(w, grad, rate), np.stack([w, grad])

# %% by_momentum
def nesterov_step(w, grad_fn, velocity, lr, mu):
    return momentum_step(w, grad_fn(w - mu * velocity), velocity, lr, mu)


# %% looked_twice
def nesterov_step(w, grad_fn, velocity, lr, mu):
    ahead = w - mu * velocity
    g1, g2 = grad_fn(ahead), grad_fn(ahead.copy())
    v = mu * velocity + lr * (g1 + g2) / 2
    return w - v, v

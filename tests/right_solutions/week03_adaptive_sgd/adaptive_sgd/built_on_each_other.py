# Every function is made of the ones before it.

# %% expand
def expand(X):
    return np.concatenate([X, X**2, X[:, :1] * X[:, 1:], np.ones((X.shape[0], 1))], axis=1)


# %% classify
def classify(X, w):
    z = np.einsum("nf,f->n", expand(X), w)
    return np.exp(-np.logaddexp(0.0, -z))


# %% compute_loss
def compute_loss(X, y, w):
    signs = 2 * y - 1
    return np.logaddexp(0, -signs * expand(X).dot(w)).sum() / y.size


# %% compute_grad
def compute_grad(X, y, w):
    return np.einsum("n,nf->f", classify(X, w) - y, expand(X)) / y.size


# %% momentum
def momentum_step(w, grad, velocity, lr, mu):
    velocity = -sgd_step(-mu * velocity, grad, lr)
    return sgd_step(w, velocity, 1.0), velocity


# %% rmsprop
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    mean_square = mean_square + (1 - alpha) * (np.square(grad) - mean_square)
    return sgd_step(w, grad / (mean_square**0.5 + eps), lr), mean_square


# %% nesterov
def nesterov_step(w, grad_fn, velocity, lr, mu):
    return momentum_step(w, grad_fn(w - mu * velocity), velocity, lr, mu)


# %% adagrad
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    total = sum_square + grad * grad
    return sgd_step(w, grad / (total**0.5 + eps), lr), total


# %% adam
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = m + (1 - beta1) * (grad - m), v + (1 - beta2) * (grad * grad - v)
    rate = lr * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return sgd_step(w, m / (np.sqrt(v) + eps * np.sqrt(1 - beta2**t)), rate), m, v


# %% adamw
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new, m, v = adam_step(w, grad, m, v, t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return new + sgd_step(w, w, lr * weight_decay) - w, m, v


# %% own_optimizer
def my_step(w, grad, state, t):
    """A rate that is a share of how far it has come from the start, whatever the units are."""
    start, far, m, v = state or (w, 1e-3, 0 * w, 0 * w)
    far = max(far, np.max(np.abs(w - start)))
    new, m, v = adamw_step(w, grad, m, v, t, 0.3 * far, beta2=0.99, eps=1e-30, weight_decay=0.0)
    return new, (start, far, m, v)

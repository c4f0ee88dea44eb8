# As short as it gets, with functions in variables.
# ruff: noqa: B905, E731

# %% expand
expand = lambda X: np.c_[X, X**2, X.prod(axis=1), np.ones(len(X))]

# %% classify
classify = lambda X, w: 1 / (1 + np.exp(-(expand(X) @ w)))

# %% compute_loss
compute_loss = lambda X, y, w: float(np.mean(np.logaddexp(0, (1 - 2 * y) * (expand(X) @ w))))

# %% compute_grad
compute_grad = lambda X, y, w: np.mean(expand(X).T * (classify(X, w) - y), axis=1)

# %% sgd
sgd_step = lambda w, grad, lr: np.subtract(w, np.multiply(lr, grad))

# %% momentum
momentum_step = lambda w, grad, velocity, lr, mu: (w - (v := mu * velocity + lr * grad), v)

# %% rmsprop
rmsprop_step = lambda w, grad, mean_square, lr, alpha=0.9, eps=1e-8: (
    w - lr * grad / (np.sqrt(s := np.average([mean_square, grad**2], axis=0, weights=[alpha, 1 - alpha])) + eps),
    s,
)

# %% nesterov
nesterov_step = lambda w, grad_fn, velocity, lr, mu: (
    w - (v := mu * velocity + lr * grad_fn(w - mu * velocity)),
    v,
)

# %% adagrad
adagrad_step = lambda w, grad, sum_square, lr, eps=1e-8: (
    w - lr * grad / (eps + np.sqrt(s := sum_square + grad**2)),
    s,
)

# %% adam
adam_step = lambda w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8: (
    w
    - lr
    * ((m := beta1 * m + (1 - beta1) * grad) / (1 - beta1**t))
    / (np.sqrt((v := beta2 * v + (1 - beta2) * grad**2) / (1 - beta2**t)) + eps),
    m,
    v,
)

# %% adamw
adamw_step = lambda w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01: tuple(
    part - shift
    for part, shift in zip(adam_step(w, grad, m, v, t, lr, beta1, beta2, eps), (lr * weight_decay * w, 0, 0))
)

# %% own_optimizer
length = lambda a: float(np.sqrt(np.sum(a * a))) + 1e-300
bold = lambda velocity, rate, grad: (
    (0 * velocity, 0.3 * rate) if np.sum(velocity * grad) > 0 else (velocity, 1.3 * rate)
)
my_step = lambda w, grad, state, t: (
    (kept := bold(*(state or (0 * w, 1e-3)), grad)),
    (new := 0.7 * kept[0] - kept[1] * grad / length(grad)),
    (w + new, [new, kept[1]]),
)[-1]

# %% expand
def expand(X):
    """Quadratic features of points in the plane.

    ``X`` is [n, 2]; returns [n, 6], a row being

        x0,  x1,  x0^2,  x1^2,  x0 x1,  1

    A plane in this space, w . expand(x) = 0, is a conic section in the plane of x: a circle too.
    """
    x0, x1 = X[:, 0], X[:, 1]
    return np.stack([x0, x1, x0**2, x1**2, x0 * x1, np.ones(len(X))], axis=1)


# %% classify
def classify(X, w):
    """P(y = 1) of every row under logistic regression on the quadratic features.

    ``X`` is [n, 2], ``w`` [6]; returns [n]. With the logits z = expand(X) w,

        P(y = 1) = 1 / (1 + e^-z) = (1 + tanh(z / 2)) / 2

    The second form is used because it cannot overflow: tanh saturates at -1 and 1 for any finite z.
    """
    logits = expand(X) @ w
    return (1 + np.tanh(logits / 2)) / 2


# %% compute_loss
def compute_loss(X, y, w):
    """Mean logistic loss of the batch, a scalar.

    ``X`` is [n, 2], ``y`` the labels 0 or 1 [n], ``w`` [6]. From -ln P(y) with z = expand(X) w,

        -y ln s(z) - (1 - y) ln(1 - s(z)) = ln(1 + e^z) - y z

    as ln s(z) = z - ln(1 + e^z) and ln(1 - s(z)) = -ln(1 + e^z). ``logaddexp(0, z)`` is ln(1 + e^z) without ever
    forming e^z, so that logits of a thousand, where s(z) is 0 or 1 in floating point, still have the right loss.
    """
    logits = expand(X) @ w
    return np.mean(np.logaddexp(0, logits) - y * logits)


# %% compute_grad
def compute_grad(X, y, w):
    """Gradient of the mean logistic loss with respect to ``w``, [6].

    One sample's loss ln(1 + e^z) - y z has the slope s(z) - y in its logit, and z = expand(x) . w has the gradient
    expand(x) in w:

        dL/dw = (1/n) expand(X)' (classify(X, w) - y)
    """
    return expand(X).T @ (classify(X, w) - y) / len(X)


# %% sgd
def sgd_step(w, grad, lr):
    """One step down the gradient of the batch:  w <- w - lr grad.

    ``w`` and ``grad`` have one shape, any; ``lr`` is the learning rate. Robbins and Monro, 1951.
    """
    return w - lr * grad


# %% momentum
def momentum_step(w, grad, velocity, lr, mu):
    """One step of a heavy ball; returns the new ``(w, velocity)``.

    ``velocity`` v starts as zeros of the shape of ``w``; ``mu`` in [0, 1) is the share of it that is kept.

        v <- mu v + lr grad
        w <- w - v

    The learning rate is inside the velocity, which is therefore the last step itself. (PyTorch keeps v / lr: the same
    path as long as lr does not change.) Polyak, 1964.
    """
    velocity = mu * velocity + lr * grad
    return w - velocity, velocity


# %% my_follow
def my_follow(step, gradient, start, steps):
    """The path of a method with a state, an array [steps + 1, shape of start].

    ``step(w, grad, state) -> (w, state)`` and ``gradient(w)`` are functions; the first state is zeros of the shape of
    ``start``. A step hands w and the state to the next.
    """
    places = np.empty((steps + 1, *np.shape(start)))
    places[0], memory = start, np.zeros_like(start)
    for now, after in zip(places[:-1], places[1:], strict=True):
        after[...], memory = step(now.copy(), gradient(now.copy()), memory)
    return places


# %% rmsprop
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    """One step with every coordinate divided by its usual size; returns the new ``(w, mean_square)``.

    ``mean_square`` s starts as zeros of the shape of ``w``: a running mean of squared gradients with memory ``alpha``.

        s <- alpha s + (1 - alpha) grad^2
        w <- w - lr grad / (sqrt(s) + eps)

    The new s is used. ``eps`` keeps a coordinate that never moved from dividing by zero; it stands outside the root.
    Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012.
    """
    mean_square = alpha * mean_square + (1 - alpha) * grad**2
    return w - lr * grad / (np.sqrt(mean_square) + eps), mean_square


# %% nesterov
def nesterov_step(w, grad_fn, velocity, lr, mu):
    """One step of Nesterov's accelerated gradient; returns the new ``(w, velocity)``.

    As momentum, but the gradient is asked for where the ball is about to be, ``grad_fn`` being a function of w:

        v <- mu v + lr grad_fn(w - mu v)
        w <- w - v

    Nesterov, 1983, in the form of Sutskever et al., 2013. (PyTorch gets the gradient at w only; its w is our w - mu v.)
    """
    velocity = mu * velocity + lr * grad_fn(w - mu * velocity)
    return w - velocity, velocity


# %% adagrad
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    """One step with every coordinate divided by the root of all its squared gradients; returns ``(w, sum_square)``.

    ``sum_square`` s starts as zeros of the shape of ``w``.

        s <- s + grad^2
        w <- w - lr grad / (sqrt(s) + eps)

    The steps shrink like 1 / sqrt(t) by themselves. Duchi, Hazan and Singer, 2011.
    """
    sum_square = sum_square + grad**2
    return w - lr * grad / (np.sqrt(sum_square) + eps), sum_square


# %% adam
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam; returns the new ``(w, m, v)``.

    ``m`` and ``v`` start as zeros of the shape of ``w``: running means of the gradient and of its square. ``t`` = 1, 2,
    ... is the number of the step.

        m <- beta1 m + (1 - beta1) grad
        v <- beta2 v + (1 - beta2) grad^2
        w <- w - lr m^ / (sqrt(v^) + eps)     with  m^ = m / (1 - beta1^t),  v^ = v / (1 - beta2^t)

    The corrections undo the bias towards the zeros of the start: the weights of the t gradients in m add up to
    1 - beta1^t. m and v are returned uncorrected. Kingma and Ba, 2015, algorithm 1.
    """
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v


# %% adamw
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    """One step of Adam with decoupled weight decay; returns the new ``(w, m, v)``.

    Adam's step and, from the same old w, a pull towards zero that no running mean sees:

        w <- w - lr m^ / (sqrt(v^) + eps) - lr weight_decay w

    with ``m``, ``v`` and their corrections as in ``adam_step``. Loshchilov and Hutter, 2019.
    """
    stepped, m, v = adam_step(w, grad, m, v, t, lr, beta1, beta2, eps)
    return stepped - lr * weight_decay * w, m, v


# %% own_optimizer
def my_step(w, grad, state, t):
    """Momentum whose rate finds its own size; returns the new ``(w, state)``.

    ``state`` is None at the first step, then the velocity and the rate, which is how far a step goes: the length of the
    gradient is divided out. As long as it is still downhill where a step ends, the next is longer, so that a rate of
    1e-3 comes to 1000 in fifty steps. Where the slope points back, the step was too long: it stops there, and goes on
    more carefully.
    """
    velocity, rate = (np.zeros_like(w), 1e-3) if state is None else state
    if np.sum(velocity * grad) > 0:
        velocity, rate = np.zeros_like(w), 0.3 * rate
    else:
        rate = 1.3 * rate
    velocity = 0.7 * velocity - rate * grad / np.linalg.norm(grad)
    return w + velocity, (velocity, rate)


# %% [markdown] which_is_best
# There is no best one without the words "on this problem, at this learning rate".
#
# **What I ran.** Every method on the four problems of the race, 200 steps, each with the best of twenty-six learning
# rates between 0.001 and 100; then SGD (rate 2) and RMSProp (rate 0.2) on batches of 16 circles.
#
# **What I saw.** Bowl of condition 100: after 200 steps SGD has 2e-5 of the gap left, momentum, Nesterov and Adam less
# than 1e-8. RMSProp falls to 1e-5 and is lifted up again to 3e-4 or more: its steps do not shrink. Rosenbrock: momentum
# 1e-4, Adam 8e-4, SGD 6e-3. Saddle: SGD stays above 14 % of the gap for a hundred steps; AdaGrad, Adam and RMSProp
# leave the ridge within ten. Circles: momentum, Nesterov and Adam below 1e-8, SGD 1e-6, RMSProp 4e-3. But the best
# learning rates of SGD lie between 0.004 and 16, a factor of 4000, while those of Adam lie between 0.16 and 0.63. With
# batches, RMSProp is ahead after ten steps (loss 0.45 against 0.53), and trembles more in the last fifty (0.015 against
# 0.009).
#
# **What I would do.** For an unknown problem Adam, as one learning rate is nearly right everywhere. For the circles
# momentum or Adam. What would change my mind: the same race with the rates tuned on one problem and used on another,
# with noisy gradients, and repeated for ten seeds.

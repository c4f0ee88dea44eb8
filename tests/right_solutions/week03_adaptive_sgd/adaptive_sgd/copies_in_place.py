# Works in place, on copies of its own; other names for everything inside; helper cells.


# %% expand
def expand(X):
    features = np.ones((len(X), 6))
    features[:, 0:2] = X
    features[:, 2:4] = X
    features[:, 2:4] *= X
    features[:, 4] = np.prod(X, axis=1)
    return features


# %% classify
def classify(X, w):
    z = expand(X) @ w
    p = np.empty_like(z)
    up = z >= 0
    p[up] = 1 / (1 + np.exp(-z[up]))
    p[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))
    return p


# %% compute_loss
def compute_loss(X, y, w):
    z = expand(X) @ w
    z[y == 1] *= -1
    top = np.maximum(z, 0)
    return np.array(np.mean(top + np.log(np.exp(-top) + np.exp(z - top))))


# %% compute_grad
def compute_grad(X, y, w):
    error = classify(X, w)
    error -= y
    error /= len(error)
    return error @ expand(X)


# %% sgd
def sgd_step(w, grad, lr):
    w = w.copy()
    w -= lr * grad
    return w


# %% momentum
def momentum_step(w, grad, velocity, lr, mu):
    here, speed = np.array(w), np.array(velocity)
    speed *= mu
    speed += lr * grad
    here -= speed
    return here, speed


# %% rmsprop
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    usual = mean_square.copy()
    usual *= alpha
    usual += (1 - alpha) * np.power(grad, 2)
    scaled = grad.copy()
    scaled /= np.sqrt(usual) + eps
    return w - scaled * lr, usual


# %% nesterov
def nesterov_step(w, grad_fn, velocity, lr, mu):
    speed = velocity.copy()
    speed *= mu
    speed += lr * np.asarray(grad_fn(w - speed))
    return np.subtract(w, speed), speed


# %% adagrad
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    total = sum_square.copy()
    total += np.abs(grad) ** 2
    here = w.copy()
    here -= lr / (np.sqrt(total) + eps) * grad
    return here, total


# %% adam
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    first, second = m.copy(), v.copy()
    first *= beta1
    first += (1 - beta1) * grad
    second *= beta2
    second += (1 - beta2) * grad * grad
    size = np.sqrt(second / (1 - np.power(beta2, t))) + eps
    return w - lr * first / size / (1 - np.power(beta1, t)), first, second


# %% adamw
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    first, second = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    here = w * (1 - lr * weight_decay)
    here -= lr * (first / (1 - beta1**t)) / (np.sqrt(second / (1 - beta2**t)) + eps)
    return here, first, second


# %% own_optimizer
class Memory:
    """What an optimiser keeps; an object that is no array, list or number."""

    def __init__(self, shape):
        self.m, self.v, self.grad, self.rate = np.zeros(shape), np.zeros(shape), np.zeros(shape), 1e-3


def my_step(w, grad, state, t):
    """The rate grows while slopes agree from step to step, and shrinks when they do not."""
    old, new = state or Memory(w.shape), Memory(w.shape)
    new.rate = old.rate * (1.2 if np.sum(grad * old.grad) >= 0 else 0.6)
    new.grad += grad
    w, new.m, new.v = adam_step(w, grad, old.m, old.v, t, lr=new.rate, beta1=0.9, beta2=0.99, eps=1e-30)
    return w, new

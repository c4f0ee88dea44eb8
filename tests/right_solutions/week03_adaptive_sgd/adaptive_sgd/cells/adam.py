# %% torch_order
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (grad - m) * (1 - beta1)
    v = v * beta2 + (1 - beta2) * grad * grad
    denominator = np.sqrt(v) / np.sqrt(1 - beta2**t) + eps
    return w - lr / (1 - beta1**t) * m / denominator, m, v


# %% one_correction
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
    root = np.sqrt(1 - beta2**t)
    return w - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), m, v


# %% single
def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = np.float32(beta1 * m + (1 - beta1) * grad)
    v = np.float32(beta2 * v + (1 - beta2) * grad**2)
    return np.float32(w - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)), m, v


# %% dataclass
from dataclasses import dataclass


@dataclass
class Moments:
    m: np.ndarray
    v: np.ndarray

    def update(self, g, b1, b2):
        return Moments(b1 * self.m + (1 - b1) * g, b2 * self.v + (1 - b2) * g * g)

    def hat(self, t, b1, b2):
        return self.m / (1 - b1**t), self.v / (1 - b2**t)


def adam_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    mom = Moments(m, v).update(grad, beta1, beta2)
    mh, vh = mom.hat(t, beta1, beta2)
    return w - lr * mh / (np.sqrt(vh) + eps), mom.m, mom.v

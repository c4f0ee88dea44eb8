# %% logaddexp
class SoftPlus(Module):
    def forward(self, x):
        return np.logaddexp(0, x)

    def backward(self, x, grad_output):
        return grad_output * np.exp(-np.logaddexp(0, -x))


# %% keyword_names_and_asserts
class SoftPlus(Module):
    def forward(self, x):
        assert x.ndim == 2, "a batch"
        positive = np.maximum(x, 0)
        return positive + np.log1p(np.exp(-abs(x)))

    def backward(self, x, grad_output):
        assert grad_output.shape == x.shape
        sigma = np.where(x >= 0, 1 / (1 + np.exp(-abs(x))), np.exp(-abs(x)) / (1 + np.exp(-abs(x))))
        return sigma * grad_output


# %% loops_with_math
import math


def _sp(t):
    return t + math.log1p(math.exp(-t)) if t > 0 else math.log1p(math.exp(t))


class SoftPlus(Module):
    def forward(self, x):
        return np.array([[_sp(t) for t in row] for row in x])

    def backward(self, x, grad_output):
        s = np.array([[1 - math.exp(-_sp(t)) for t in row] for row in x])
        return s * grad_output

# ruff: noqa: E731

# %% vectorize
import math


class ELU(Module):
    def __init__(self, alpha=1.0):
        f = lambda t: t if t > 0 else alpha * (math.exp(t) - 1)
        df = lambda t: 1.0 if t > 0 else alpha * math.exp(t)
        self.f, self.df = np.vectorize(f, otypes=[float]), np.vectorize(df, otypes=[float])

    def forward(self, x):
        return self.f(x)

    def backward(self, x, grad_output):
        return self.df(x) * grad_output

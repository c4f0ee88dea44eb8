# ruff: noqa: B905

# %% a_net_object
from dataclasses import dataclass, field


@dataclass
class Net:
    params: list
    acts: list = field(default_factory=list)

    def run(self, x):
        self.acts = [np.array(x, dtype=float)]
        *hidden, last = self.params
        for W, b in hidden:
            z = np.matmul(self.acts[-1], W) + b
            self.acts.append(sigmoid(z))
        z = np.matmul(self.acts[-1], last[0]) + last[1]
        return z


def init_params(sizes, rng):
    return [(rng.standard_normal(shape) / np.sqrt(shape[0]), np.zeros(shape[1])) for shape in zip(sizes, sizes[1:])]


def forward(x, params):
    return Net(params).run(x)


def backward(x, y, params):
    net = Net(params)
    yhat = net.run(x)
    d = (yhat - y) / len(x)
    out = []
    while net.acts:
        a = net.acts.pop()
        out.append((np.dot(a.T, d), np.add.reduce(d, axis=0)))
        W = params[len(net.acts)][0]
        d = np.dot(d, W.T) * a * (1 - a)
    return out[::-1]

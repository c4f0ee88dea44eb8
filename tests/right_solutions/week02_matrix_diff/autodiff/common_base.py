# %% value
class Node:
    """What numbers and arrays have in common; `rules` are pairs of a parent and a function of the gradient."""

    def __init__(self, data, rules=()):
        self.data, self.rules = self.convert(data), rules
        self.grad = self.zero()

    @classmethod
    def of(cls, x):
        return x if isinstance(x, cls) else cls(x)

    def __add__(self, o):
        o = self.of(o)
        return type(self)(self.data + o.data, [(self, lambda g: g), (o, lambda g: g)])

    def __mul__(self, o):
        o = self.of(o)
        return type(self)(self.data * o.data, [(self, lambda g: g * o.data), (o, lambda g: g * self.data)])

    def __pow__(self, n):
        assert not isinstance(n, Node)
        return type(self)(self.data**n, [(self, lambda g: g * n * self.data ** (n - 1))])

    def __radd__(self, o):
        return self + o

    def __rmul__(self, o):
        return self * o

    def __neg__(self):
        return -1 * self

    def __sub__(self, o):
        return self + (-1) * self.of(o)

    def __rsub__(self, o):
        return self.of(o) - self

    def __truediv__(self, o):
        return self * self.of(o) ** -1.0

    def __rtruediv__(self, o):
        return o * self**-1.0

    def exp(self):
        r = np.exp(self.data)
        return type(self)(r, [(self, lambda g: g * r)])

    def log(self):
        return type(self)(np.log(self.data), [(self, lambda g: g / self.data)])

    def tanh(self):
        r = np.tanh(self.data)
        return type(self)(r, [(self, lambda g: g * (1 - r * r))])

    def relu(self):
        return type(self)(self.data * (self.data > 0), [(self, lambda g: g * (self.data > 0))])

    def backward(self):
        order, state, stack = [], {}, [self]
        while stack:
            node = stack[-1]
            if state.get(node) is None:
                state[node] = iter([parent for parent, _ in node.rules])
            parent = next(state[node], None)
            if parent is None:
                stack.pop()
                order.append(node)
            elif parent not in state:
                stack.append(parent)
        arrived = dict.fromkeys(order, 0.0)
        arrived[self] = self.zero() + 1.0
        for node in order[::-1]:
            node.grad = node.grad + arrived[node]
            for parent, rule in node.rules:
                arrived[parent] = arrived[parent] + parent.fit(rule(arrived[node]))


class Value(Node):
    convert = staticmethod(float)

    def zero(self):
        return 0.0

    def fit(self, g):
        return g


# %% unbroadcast
def unbroadcast(grad, shape):
    in_front = len(grad.shape) - len(shape)
    axes = [*range(in_front), *(in_front + i for i, n in enumerate(shape) if n == 1)]
    return np.sum(grad, axis=tuple(axes)).reshape(shape)


# %% tensor
class Tensor(Node):
    @staticmethod
    def convert(array):
        return np.asarray(array, dtype=np.double)

    def zero(self):
        return np.zeros_like(self.data)

    def fit(self, g):
        return unbroadcast(g, self.data.shape)

    def __matmul__(self, o):
        return Tensor(self.data @ o.data, [(self, lambda g: g @ o.data.T), (o, lambda g: (g.T @ self.data).T)])

    def sum(self, axis=None, keepdims=False):
        slim = self.data.sum(axis=axis, keepdims=True).shape
        return Tensor(
            self.data.sum(axis, keepdims=keepdims), [(self, lambda g: np.tile(g.reshape(slim), self._times(slim)))]
        )

    def _times(self, slim):
        return tuple(n // m for n, m in zip(self.data.shape, slim))  # noqa: B905

    @property
    def T(self):
        return Tensor(self.data.T.copy(), [(self, lambda g: g.T)])

# %% value
class Value:
    """In the style of a small engine: each result has a function that sends its gradient back."""

    def __init__(self, data, _children=()):
        self.data = float(data)
        self.grad = 0.0
        self._arrived = 0.0
        self.parents = tuple(_children)
        self._send = lambda: None

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.wrap(other)
        out = Value(self.data + other.data, (self, other))

        def send():
            self._arrived += out._arrived
            other._arrived += out._arrived

        out._send = send
        return out

    def __mul__(self, other):
        other = Value.wrap(other)
        out = Value(self.data * other.data, (self, other))

        def send():
            self._arrived += other.data * out._arrived
            other._arrived += self.data * out._arrived

        out._send = send
        return out

    def __pow__(self, n):
        out = Value(self.data**n, (self,))

        def send():
            self._arrived += n * self.data ** (n - 1) * out._arrived

        out._send = send
        return out

    def _apply(self, value, slope):
        out = Value(value, (self,))

        def send():
            self._arrived += slope * out._arrived

        out._send = send
        return out

    def exp(self):
        return self._apply(np.exp(self.data), np.exp(self.data))

    def log(self):
        return self._apply(np.log(self.data), 1.0 / self.data)

    def tanh(self):
        return self._apply(np.tanh(self.data), 1 / np.cosh(self.data) ** 2)

    def relu(self):
        return self._apply(self.data if self.data > 0 else 0.0, 1.0 if self.data > 0 else 0.0)

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-Value.wrap(other))

    def __rsub__(self, other):
        return (-self) + other

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * Value.wrap(other) ** -1

    def __rtruediv__(self, other):
        return Value.wrap(other) * self**-1

    def backward(self):
        import sys

        sys.setrecursionlimit(100_000)
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v.parents:
                    build(child)
                topo.append(v)

        build(self)
        for v in topo:
            v._arrived = 0.0
        self._arrived = 1.0
        for v in reversed(topo):
            v._send()
        for v in topo:
            v.grad += v._arrived


# %% unbroadcast
def unbroadcast(grad, shape):
    while grad.ndim > len(shape):
        grad = grad.sum(axis=0)
    for axis, n in enumerate(shape):
        if n == 1 and grad.shape[axis] != 1:
            grad = grad.sum(axis=axis, keepdims=True)
    return grad


# %% tensor
class Tensor:
    def __init__(self, data, _children=()):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros(self.data.shape)
        self._arrived = None
        self._children = _children
        self._send = lambda: None

    @staticmethod
    def wrap(x):
        return x if isinstance(x, Tensor) else Tensor(x)

    def _receive(self, g):
        self._arrived = self._arrived + unbroadcast(np.asarray(g), self.data.shape)

    @staticmethod
    def _make(data, *pairs):
        out = Tensor(data, tuple(p for p, _ in pairs))

        def send():
            for parent, rule in pairs:
                parent._receive(rule(out._arrived))

        out._send = send
        return out

    def __add__(self, other):
        other = Tensor.wrap(other)
        return Tensor._make(self.data + other.data, (self, lambda g: g), (other, lambda g: g))

    __radd__ = __add__

    def __mul__(self, other):
        other = Tensor.wrap(other)
        return Tensor._make(self.data * other.data, (self, lambda g: g * other.data), (other, lambda g: g * self.data))

    __rmul__ = __mul__

    def __sub__(self, other):
        return self + Tensor.wrap(other) * -1.0

    def __rsub__(self, other):
        return Tensor.wrap(other) + self * -1.0

    def __truediv__(self, other):
        other = Tensor.wrap(other)
        return self * Tensor._make(1 / other.data, (other, lambda g: -g / other.data**2))

    def __rtruediv__(self, other):
        return Tensor.wrap(other) / self

    def __matmul__(self, other):
        return Tensor._make(
            self.data @ other.data, (self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g)
        )

    def sum(self, axis=None, keepdims=False):
        def back(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            return g * np.ones_like(self.data)

        return Tensor._make(self.data.sum(axis=axis, keepdims=keepdims), (self, back))

    def exp(self):
        e = np.exp(self.data)
        return Tensor._make(e, (self, lambda g: g * e))

    def log(self):
        return Tensor._make(np.log(self.data), (self, lambda g: g / self.data))

    def tanh(self):
        t = np.tanh(self.data)
        return Tensor._make(t, (self, lambda g: g - g * t * t))

    def relu(self):
        mask = self.data > 0
        return Tensor._make(np.where(mask, self.data, 0), (self, lambda g: np.where(mask, g, 0)))

    @property
    def T(self):
        return Tensor._make(np.transpose(self.data), (self, np.transpose))

    def backward(self):
        topo, seen = [], set()

        def visit(t):
            if id(t) not in seen:
                seen.add(id(t))
                for c in t._children:
                    visit(c)
                topo.append(t)

        visit(self)
        for t in topo:
            t._arrived = np.zeros_like(t.data)
        self._arrived = np.ones_like(self.data)
        for t in topo[::-1]:
            t._send()
            t.grad = t.grad + t._arrived

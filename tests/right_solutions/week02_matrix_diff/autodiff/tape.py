# %% value
from math import exp, log, tanh

TAPE = []  # every node in the order in which it was made, which is a topological order


class Value:
    def __init__(self, number, *parents):
        self.data = number
        self.grad = 0.0
        self.parents = parents
        self.number = len(TAPE)
        TAPE.append(self)

    def __add__(self, other):
        other = to_value(other)
        return Value(self.data + other.data, (self, 1.0), (other, 1.0))

    def __sub__(self, other):
        other = to_value(other)
        return Value(self.data - other.data, (self, 1.0), (other, -1.0))

    def __mul__(self, other):
        other = to_value(other)
        return Value(self.data * other.data, (self, other.data), (other, self.data))

    def __truediv__(self, other):
        other = to_value(other)
        return Value(self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data**2))

    __radd__ = __add__
    __rmul__ = __mul__
    __rsub__ = lambda self, other: to_value(other) - self  # noqa: E731
    __rtruediv__ = lambda self, other: to_value(other) / self  # noqa: E731
    __neg__ = lambda self: 0.0 - self  # noqa: E731

    def __pow__(self, k):
        return Value(self.data**k, (self, k * self.data ** (k - 1)))

    def exp(self):
        return Value(exp(self.data), (self, exp(self.data)))

    def log(self):
        return Value(log(self.data), (self, 1 / self.data))

    def tanh(self):
        return Value(tanh(self.data), (self, 1 - tanh(self.data) ** 2))

    def relu(self):
        return Value(max(0, self.data), (self, int(self.data > 0)))

    def backward(self):
        adjoint = {self.number: 1.0}
        for number in range(self.number, -1, -1):
            if number in adjoint:
                node = TAPE[number]
                node.grad += adjoint[number]
                for parent, slope in node.parents:
                    adjoint[parent.number] = adjoint.get(parent.number, 0.0) + slope * adjoint[number]


def to_value(x):
    return x if isinstance(x, Value) else Value(x)


# %% unbroadcast
def unbroadcast(grad, shape):
    result = np.array(grad, copy=True)
    extra = result.ndim - len(shape)
    for _ in range(extra):
        result = np.add.reduce(result, axis=0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            result = np.add.reduce(result, axis=axis, keepdims=True)
    return result


# %% tensor
class Tensor:
    made = 0

    def __init__(self, array, parents=()):
        self.data = np.array(array, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.parents = parents
        self.age = Tensor.made = Tensor.made + 1

    def __add__(self, other):
        other = to_tensor(other)
        return Tensor(self.data + other.data, ((self, lambda g: g), (other, lambda g: g)))

    def __neg__(self):
        return Tensor(-self.data, ((self, lambda g: -g),))

    def __mul__(self, other):
        other = to_tensor(other)
        return Tensor(self.data * other.data, ((self, lambda g: g * other.data), (other, lambda g: g * self.data)))

    def reciprocal(self):
        return Tensor(1 / self.data, ((self, lambda g: -g / np.square(self.data)),))

    def __sub__(self, other):
        return self + -to_tensor(other)

    def __truediv__(self, other):
        return self * to_tensor(other).reciprocal()

    def __radd__(self, other):
        return to_tensor(other) + self

    def __rsub__(self, other):
        return to_tensor(other) + -self

    def __rmul__(self, other):
        return to_tensor(other) * self

    def __rtruediv__(self, other):
        return self.reciprocal() * other

    def __matmul__(self, other):
        assert self.data.ndim == other.data.ndim == 2
        return Tensor(
            np.matmul(self.data, other.data),
            (
                (self, lambda g: np.matmul(g, other.data.T)),
                (other, lambda g: np.matmul(self.data.T, g)),
            ),
        )

    def sum(self, axis=None, keepdims=False):
        def spread(g):
            if axis is None:
                return np.full(self.data.shape, np.sum(g))
            g = g if keepdims else np.expand_dims(g, axis)
            return np.repeat(g, self.data.shape[axis], axis=axis)

        return Tensor(np.sum(self.data, axis=axis, keepdims=keepdims), ((self, spread),))

    def _elementwise(self, f, df):
        return Tensor(f(self.data), ((self, lambda g: g * df(self.data)),))

    def exp(self):
        return self._elementwise(np.exp, np.exp)

    def log(self):
        return self._elementwise(np.log, np.reciprocal)

    def tanh(self):
        return self._elementwise(np.tanh, lambda x: 1 - np.tanh(x) ** 2)

    def relu(self):
        return self._elementwise(lambda x: np.maximum(x, 0), lambda x: (x > 0).astype(float))

    @property
    def T(self):
        return Tensor(self.data.T, ((self, lambda g: g.T),))

    def backward(self):
        from heapq import heappop, heappush

        parts, heap = {self.age: np.ones_like(self.data)}, [(-self.age, self)]
        Tensor.__lt__ = lambda one, other: one.age < other.age
        while heap:
            _, node = heappop(heap)
            g = parts.pop(node.age)
            node.grad = node.grad + g
            for parent, rule in node.parents:
                part = unbroadcast(rule(g), parent.data.shape)
                if parent.age in parts:
                    parts[parent.age] = parts[parent.age] + part
                else:
                    parts[parent.age] = part
                    heappush(heap, (-parent.age, parent))


def to_tensor(x):
    return x if isinstance(x, Tensor) else Tensor(x)

# %% value
class Value:
    """No sorting: each node counts its uses within a pass and goes on when the last one has reported."""

    def __init__(self, number):
        self.data, self.grad, self.made_from = number, 0, []

    def _new(self, data, *made_from):
        result = Value(data)
        result.made_from = made_from
        return result

    def __add__(self, other):
        if isinstance(other, Value):
            return self._new(self.data + other.data, (self, 1), (other, 1))
        return self._new(self.data + other, (self, 1))

    def __sub__(self, other):
        if isinstance(other, Value):
            return self._new(self.data - other.data, (self, 1), (other, -1))
        return self._new(self.data - other, (self, 1))

    def __mul__(self, other):
        if isinstance(other, Value):
            return self._new(self.data * other.data, (self, other.data), (other, self.data))
        return self._new(self.data * other, (self, other))

    def __truediv__(self, other):
        if isinstance(other, Value):
            return self._new(
                self.data / other.data, (self, 1 / other.data), (other, -self.data / other.data / other.data)
            )
        return self._new(self.data / other, (self, 1 / other))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self._new(other - self.data, (self, -1))

    def __rtruediv__(self, other):
        return self._new(other / self.data, (self, -other / self.data**2))

    def __pow__(self, power):
        slope = 0.0 if power == 0 else power * self.data ** (power - 1)
        return self._new(self.data**power, (self, slope))

    def __neg__(self):
        return self._new(-self.data, (self, -1))

    def exp(self):
        return self._new(float(np.exp(self.data)), (self, float(np.exp(self.data))))

    def log(self):
        return self._new(np.log(self.data), (self, 1 / self.data))

    def tanh(self):
        e = np.exp(-2 * abs(self.data))
        t = np.sign(self.data) * (1 - e) / (1 + e)
        return self._new(t, (self, (1 - t) * (1 + t)))

    def relu(self):
        return self._new(self.data * (self.data > 0), (self, 1 if self.data > 0 else 0))

    def backward(self):
        uses, waiting, seen = {}, [self], {self}
        while waiting:
            for parent, _ in waiting.pop().made_from:
                uses[parent] = uses.get(parent, 0) + 1
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)
        blame = dict.fromkeys(seen, 0.0)
        blame[self] = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            node.grad = node.grad + blame[node]
            for parent, slope in node.made_from:
                blame[parent] += slope * blame[node]
                uses[parent] -= 1
                if not uses[parent]:
                    ready.append(parent)


# %% unbroadcast
def unbroadcast(grad, shape):
    if grad.shape == shape:
        return grad
    padded = (1,) * (grad.ndim - len(shape)) + tuple(shape)
    axes = tuple(i for i, (g, s) in enumerate(zip(grad.shape, padded)) if s == 1)  # noqa: B905
    return np.sum(grad, axis=axes, keepdims=True).reshape(shape)


# %% tensor
class Tensor:
    """Built on one rule: result, and for every parent the function of its part."""

    __array_priority__ = 1000

    def __init__(self, array):
        self.data = np.array(array).astype("float64")
        self.grad = 0.0 * self.data
        self._from = []

    def _op(data, *parents):
        t = Tensor(data)
        t._from = list(parents)
        return t

    def _other(x):
        return x if type(x) is Tensor else Tensor(x)

    def __add__(self, o):
        o = Tensor._other(o)
        return Tensor._op(self.data + o.data, (self, lambda g: 1.0 * g), (o, lambda g: 1.0 * g))

    def __radd__(self, o):
        return self.__add__(o)

    def __sub__(self, o):
        o = Tensor._other(o)
        return Tensor._op(self.data - o.data, (self, lambda g: 1.0 * g), (o, lambda g: -1.0 * g))

    def __rsub__(self, o):
        return Tensor._other(o).__sub__(self)

    def __mul__(self, o):
        o = Tensor._other(o)
        return Tensor._op(self.data * o.data, (self, lambda g: g * o.data), (o, lambda g: g * self.data))

    def __rmul__(self, o):
        return self.__mul__(o)

    def __truediv__(self, o):
        o = Tensor._other(o)
        return Tensor._op(self.data / o.data, (self, lambda g: g / o.data), (o, lambda g: -g * self.data / o.data**2))

    def __rtruediv__(self, o):
        return Tensor._other(o).__truediv__(self)

    def __matmul__(self, o):
        return Tensor._op(
            np.dot(self.data, o.data),
            (self, lambda g: np.einsum("ik,jk->ij", g, o.data)),
            (o, lambda g: np.einsum("ij,ik->jk", self.data, g)),
        )

    def sum(self, axis=None, keepdims=False):
        shape = list(self.data.shape)
        if axis is None:
            shape = [1] * len(shape)
        else:
            shape[axis] = 1
        return Tensor._op(
            np.sum(self.data, axis=axis, keepdims=keepdims),
            (self, lambda g: np.reshape(g, shape) + np.zeros(self.data.shape)),
        )

    def exp(self):
        return Tensor._op(np.exp(self.data), (self, lambda g: g * np.exp(self.data)))

    def log(self):
        return Tensor._op(np.log(self.data), (self, lambda g: g * self.data**-1.0))

    def tanh(self):
        return Tensor._op(np.tanh(self.data), (self, lambda g: g * (1 - np.tanh(self.data) ** 2)))

    def relu(self):
        return Tensor._op(self.data.clip(min=0), (self, lambda g: g * np.heaviside(self.data, 0)))

    def transpose(self):
        return Tensor._op(self.data.T, (self, lambda g: g.T))

    T = property(transpose)

    def backward(self):
        uses, stack, seen = {}, [self], {id(self): self}
        while stack:
            for parent, _ in stack.pop()._from:
                uses[id(parent)] = uses.get(id(parent), 0) + 1
                if id(parent) not in seen:
                    seen[id(parent)] = parent
                    stack.append(parent)
        parts = {key: np.zeros(t.data.shape) for key, t in seen.items()}
        parts[id(self)] = np.ones(self.data.shape)
        ready = [self]
        while ready:
            t = ready.pop()
            t.grad = t.grad + parts[id(t)]
            for parent, rule in t._from:
                parts[id(parent)] += unbroadcast(rule(parts[id(t)]), parent.data.shape)
                uses[id(parent)] -= 1
                if uses[id(parent)] == 0:
                    ready.append(parent)

# %% value
import math


class Value:
    """A number that remembers what it was made from.

    data     the number
    grad     how much the results of all passes so far depend on it, added up; 0 at first
    parents  the Values it was made from, each with the slope of this Value in it: [(parent, slope), ...]

    Reverse mode (Linnainmaa, 1970): a node hands its gradient, times the slope, to each parent, once, after every node
    that uses it has handed over its own. Gradients on the way are kept in a dictionary of the pass, not in the nodes,
    so that a second pass starts from nothing.
    """

    def __init__(self, number, parents=()):
        self.data, self.grad, self.parents = number, 0.0, list(parents)

    def __add__(self, other):
        other = _as_value(other)
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        other = _as_value(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, exponent):
        return Value(self.data**exponent, [(self, exponent * self.data ** (exponent - 1))])

    def exp(self):
        result = math.exp(self.data)
        return Value(result, [(self, result)])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self):
        result = math.tanh(self.data)
        return Value(result, [(self, 1 - result**2)])

    def relu(self):
        return Value(max(self.data, 0.0), [(self, float(self.data > 0))])

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -_as_value(other)

    def __truediv__(self, other):
        return self * _as_value(other) ** -1

    def __radd__(self, other):
        return self.__add__(other)

    def __rmul__(self, other):
        return self.__mul__(other)

    def __rsub__(self, other):
        return _as_value(other) - self

    def __rtruediv__(self, other):
        return _as_value(other) / self

    def backward(self):
        """Add d self / d v to the grad of every Value v that self was made from."""
        arrived = {id(self): 1.0}
        for node in reversed(_in_order(self)):
            gradient = arrived[id(node)]
            node.grad += gradient
            for parent, slope in node.parents:
                arrived[id(parent)] = arrived.get(id(parent), 0.0) + slope * gradient


def _as_value(one):
    return one if isinstance(one, Value) else Value(one)


def _in_order(result):
    """All nodes behind a result, each after all that it was made from. With a list of its own in place of recursion."""
    order, seen, waiting = [], set(), [(result, False)]
    while waiting:
        node, parents_are_done = waiting.pop()
        if parents_are_done:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(parent, False) for parent, _ in node.parents]
    return order


# %% unbroadcast
def unbroadcast(grad, shape):
    """grad, summed to an array of this shape, which broadcasts to that of grad.

    An entry that broadcasting repeats has a part in every copy, so its gradient is the sum over the copies: over the
    axes that were put in front, and along those of length 1.
    """
    in_front = grad.ndim - len(shape)
    grad = grad.sum(axis=tuple(range(in_front)))
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return grad.sum(axis=repeated, keepdims=True)


# %% tensor
class Tensor:
    """An array that remembers what it was made from; as Value, with a function in place of a slope.

    data     float64
    grad     zeros at first, of the shape of data
    parents  [(parent, function), ...]: the function makes the parent's gradient of this Tensor's gradient
    """

    def __init__(self, array, parents=()):
        self.data = np.array(array, dtype=np.float64)
        self.grad = np.zeros_like(self.data)
        self.parents = list(parents)

    def __add__(self, other):
        other = _as_tensor(other)
        return Tensor(self.data + other.data, [(self, lambda g: g), (other, lambda g: g)])

    def __sub__(self, other):
        other = _as_tensor(other)
        return Tensor(self.data - other.data, [(self, lambda g: g), (other, lambda g: -g)])

    def __mul__(self, other):
        other = _as_tensor(other)
        return Tensor(self.data * other.data, [(self, lambda g: g * other.data), (other, lambda g: g * self.data)])

    def __truediv__(self, other):
        other = _as_tensor(other)
        quotient = self.data / other.data
        return Tensor(quotient, [(self, lambda g: g / other.data), (other, lambda g: -g * quotient / other.data)])

    def __radd__(self, other):
        return self.__add__(other)

    def __rmul__(self, other):
        return self.__mul__(other)

    def __rsub__(self, other):
        return _as_tensor(other) - self

    def __rtruediv__(self, other):
        return _as_tensor(other) / self

    def __matmul__(self, other):
        product = self.data @ other.data
        return Tensor(product, [(self, lambda g: g @ other.data.T), (other, lambda g: self.data.T @ g)])

    def sum(self, axis=None, keepdims=False):
        kept = self.data.sum(axis=axis, keepdims=True)  # its shape broadcasts to that of data, and so does a gradient
        return Tensor(
            self.data.sum(axis=axis, keepdims=keepdims),
            [(self, lambda g: np.broadcast_to(g.reshape(kept.shape), self.data.shape))],
        )

    def exp(self):
        result = np.exp(self.data)
        return Tensor(result, [(self, lambda g: g * result)])

    def log(self):
        return Tensor(np.log(self.data), [(self, lambda g: g / self.data)])

    def tanh(self):
        result = np.tanh(self.data)
        return Tensor(result, [(self, lambda g: g * (1 - result**2))])

    def relu(self):
        return Tensor(np.maximum(self.data, 0), [(self, lambda g: g * (self.data > 0))])

    @property
    def T(self):
        return Tensor(self.data.T, [(self, lambda g: g.T)])

    def backward(self):
        """Add d self / d t to the grad of every Tensor t that self, a single number, was made from."""
        arrived = {id(self): np.ones_like(self.data)}
        for node in reversed(_in_order(self)):
            gradient = arrived[id(node)]
            node.grad = node.grad + gradient
            for parent, send in node.parents:
                part = unbroadcast(send(gradient), parent.data.shape)
                arrived[id(parent)] = arrived[id(parent)] + part if id(parent) in arrived else part


def _as_tensor(one):
    return one if isinstance(one, Tensor) else Tensor(one)

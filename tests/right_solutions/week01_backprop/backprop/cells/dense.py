# ruff: noqa: B905

# %% dot_and_random_randn
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.randn(input_units, output_units) * 0.01
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return np.dot(input, self.weights) + self.biases

    def backward(self, input, grad_output):
        grad_input = np.dot(grad_output, self.weights.T)
        grad_weights = np.dot(input.T, grad_output)
        grad_biases = np.sum(grad_output, axis=0)
        self.weights = self.weights - self.learning_rate * grad_weights
        self.biases = self.biases - self.learning_rate * grad_biases
        return grad_input


# %% subtract_in_place
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.weights = np.random.normal(scale=0.05, size=(input_units, output_units), loc=0)
        self.biases = np.zeros((output_units,))
        self.lr = learning_rate

    def forward(self, input):
        return self.biases + input @ self.weights

    def backward(self, input, grad_output):
        result = grad_output @ self.weights.transpose()
        self.weights -= self.lr * (input.transpose() @ grad_output)
        self.biases -= self.lr * grad_output.sum(0)
        return result


# %% einsum_and_a_generator
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        super().__init__()
        rng = np.random.default_rng()
        self.weights = rng.uniform(-0.1, 0.1, (input_units, output_units))
        self.biases = np.zeros(output_units, dtype=float)
        self.eta = learning_rate

    def forward(self, input):
        return np.einsum("ni,ij->nj", input, self.weights) + self.biases[None, :]

    def backward(self, input, grad_output):
        dX = np.einsum("nj,ij->ni", grad_output, self.weights)
        dW = np.einsum("ni,nj->ij", input, grad_output)
        db = np.einsum("nj->j", grad_output)
        self.weights, self.biases = self.weights - self.eta * dW, self.biases - self.eta * db
        return dX


# %% loops_over_every_entry
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.n_in, self.n_out, self.learning_rate = input_units, output_units, learning_rate
        self.weights = np.zeros((input_units, output_units))
        for i in range(input_units):
            for j in range(output_units):
                self.weights[i, j] = np.random.uniform(-0.05, 0.05)
        self.biases = np.zeros(output_units)

    def forward(self, input):
        Y = np.zeros((len(input), self.n_out))
        for n in range(len(input)):
            for j in range(self.n_out):
                Y[n, j] = self.biases[j]
                for i in range(self.n_in):
                    Y[n, j] += input[n, i] * self.weights[i, j]
        return Y

    def backward(self, input, grad_output):
        dX, dW, db = np.zeros(input.shape), np.zeros(self.weights.shape), np.zeros(self.n_out)
        for n in range(len(input)):
            for j in range(self.n_out):
                db[j] += grad_output[n, j]
                for i in range(self.n_in):
                    dX[n, i] += grad_output[n, j] * self.weights[i, j]
                    dW[i, j] += input[n, i] * grad_output[n, j]
        self.weights -= self.learning_rate * dW
        self.biases -= self.learning_rate * db
        return dX


# %% sample_by_sample_outer_products
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.standard_normal((input_units, output_units)) / np.sqrt(input_units) / 10
        self.biases = np.array([0.0] * output_units)

    def forward(self, input):
        rows = []
        for x in input:
            rows.append(x.dot(self.weights) + self.biases)
        return np.stack(rows)

    def backward(self, input, grad_output):
        old = self.weights.copy()
        for x, g in zip(input, grad_output):
            self.weights = self.weights - self.learning_rate * np.outer(x, g)
            self.biases = self.biases - self.learning_rate * g
        return np.stack([old.dot(g) for g in grad_output])


# %% gradients_on_the_object_and_a_step
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.rng = np.random.default_rng()
        self.weights = 0.1 * self.rng.standard_normal(size=(input_units, output_units))
        self.biases = 0 * self.rng.random(output_units)
        self.learning_rate = learning_rate

    def forward(self, input):
        self.input = input
        self.output = self.input @ self.weights + self.biases
        return self.output

    def backward(self, input, grad_output):
        self.grad_weights = input.T @ grad_output
        self.grad_biases = grad_output.sum(axis=0)
        self.grad_input = grad_output @ self.weights.T
        self.step()
        return self.grad_input

    def step(self):
        self.weights = self.weights - self.learning_rate * self.grad_weights
        self.biases = self.biases - self.learning_rate * self.grad_biases


# %% properties_of_one_matrix
class Dense(Layer):
    """Biases are one more row of the matrix, of an input that is always 1."""

    def __init__(self, input_units, output_units, learning_rate=0.1):
        self._all = np.vstack([0.1 * np.random.rand(input_units, output_units) - 0.05, np.zeros((1, output_units))])
        self.learning_rate = learning_rate

    @property
    def weights(self):
        return self._all[:-1]

    @weights.setter
    def weights(self, value):
        self._all = np.vstack([value, self._all[-1:]])

    @property
    def biases(self):
        return self._all[-1]

    @biases.setter
    def biases(self, value):
        self._all = np.vstack([self._all[:-1], np.reshape(value, (1, -1))])

    def extended(self, input):
        return np.hstack([input, np.ones((len(input), 1))])

    def forward(self, input):
        return self.extended(input) @ self._all

    def backward(self, input, grad_output):
        grad_input = grad_output @ self._all[:-1].T
        self._all = self._all - self.learning_rate * self.extended(input).T @ grad_output
        return grad_input


# %% dataclass_with_post_init
from dataclasses import dataclass, field


@dataclass
class Dense(Layer):
    input_units: int
    output_units: int
    learning_rate: float = 0.1
    weights: np.ndarray = field(init=False)
    biases: np.ndarray = field(init=False)

    def __post_init__(self):
        self.weights = np.random.normal(0.0, 0.1, [self.input_units, self.output_units])
        self.biases = np.zeros(self.output_units)

    def forward(self, input):
        return np.matmul(input, self.weights) + self.biases

    def backward(self, input, grad_output):
        grad_input = np.matmul(grad_output, self.weights.T)
        self.weights -= self.learning_rate * np.matmul(input.T, grad_output)
        self.biases -= self.learning_rate * np.matmul(np.ones(len(input)), grad_output)
        return grad_input


# %% gradients_by_helpers_and_asserts
def gradients(X, W, G):
    assert X.ndim == W.ndim == G.ndim == 2
    dX, dW, db = G @ W.T, X.T @ G, np.add.reduce(G, axis=0)
    assert dX.shape == X.shape and dW.shape == W.shape and db.shape == (W.shape[1],)
    return dX, dW, db


class Dense2(Layer):
    def __init__(self, input_units: int, output_units: int, learning_rate: float = 0.1) -> None:
        self.learning_rate = learning_rate
        self.weights = np.random.rand(input_units, output_units) * 0.02 - 0.01
        self.biases = np.zeros(output_units)
        self.steps = 0

    def __call__(self, input):
        return self.forward(input)

    def forward(self, input: np.ndarray) -> np.ndarray:
        return input @ self.weights + self.biases

    def backward(self, input: np.ndarray, grad_output: np.ndarray) -> np.ndarray:
        dX, dW, db = gradients(input, self.weights, grad_output)
        self.steps += 1
        for parameter, gradient in [(self.weights, dW), (self.biases, db)]:
            parameter -= self.learning_rate * gradient
        return dX


Dense = Dense2


# %% tensordot_and_broadcasting
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.shape = (input_units, output_units)
        self.weights = np.random.uniform(low=-1, high=1, size=self.shape) * np.sqrt(1 / (input_units + output_units))
        self.biases = np.zeros_like(self.weights[0])
        self.learning_rate = learning_rate

    def forward(self, input):
        return np.tensordot(input, self.weights, axes=1) + self.biases.reshape(1, -1)

    def backward(self, input, grad_output):
        W = self.weights
        self.weights = W - self.learning_rate * (input[:, :, None] * grad_output[:, None, :]).sum(axis=0)
        self.biases = self.biases - self.learning_rate * np.ones((1, len(grad_output))).dot(grad_output)[0]
        return (grad_output[:, None, :] * W[None]).sum(axis=2)


# %% scale_the_gradient_first
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        limit = 1 / np.sqrt(input_units)
        self.weights = (2 * np.random.random((input_units, output_units)) - 1) * limit
        self.biases = np.zeros(output_units)

    def forward(self, input):
        output = input @ self.weights
        output += self.biases
        return output

    def backward(self, input, grad_output):
        change = -self.learning_rate * grad_output
        grad_input = (self.weights @ grad_output.T).T
        self.weights += (change.T @ input).T
        self.biases += change.sum(axis=0)
        return grad_input


# %% base_class_with_a_step
class Learner(Layer):
    learning_rate = 0.1

    def descend(self, **gradients):
        for name, gradient in gradients.items():
            setattr(self, name, getattr(self, name) - self.learning_rate * gradient)


class Dense(Learner):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        if learning_rate != self.learning_rate:
            self.learning_rate = learning_rate
        self.weights = np.random.default_rng().normal(size=(input_units, output_units), scale=0.01)
        self.biases = np.zeros(shape=output_units)

    def forward(self, input):
        return (self.weights.T @ input.T).T + self.biases

    def backward(self, input, grad_output):
        answer = grad_output @ np.transpose(self.weights)
        self.descend(biases=grad_output.sum(axis=0), weights=np.transpose(input) @ grad_output)
        return answer


# %% comprehension_and_builtin_sum
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.rate = learning_rate
        self.weights = np.array([[np.random.normal(0, 0.1) for _ in range(output_units)] for _ in range(input_units)])
        self.biases = np.zeros(output_units)

    def forward(self, input):
        columns = [sum(input[:, i] * w for i, w in enumerate(column)) for column in self.weights.T]
        return np.column_stack(columns) + self.biases

    def backward(self, input, grad_output):
        grad_input = np.column_stack([sum(grad_output[:, j] * w for j, w in enumerate(row)) for row in self.weights])
        self.weights = np.array(
            [
                [w - self.rate * np.dot(x, g) for w, g in zip(row, grad_output.T)]
                for row, x in zip(self.weights, input.T)
            ]
        )
        self.biases = np.array([b - self.rate * sum(g) for b, g in zip(self.biases, grad_output.T)])
        return grad_input


# %% python_random_module
import random


class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.weights = np.array([random.gauss(0, 0.05) for _ in range(input_units * output_units)])
        self.weights = self.weights.reshape(input_units, output_units)
        self.biases = np.zeros(output_units)
        self.learning_rate = learning_rate

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        try:
            return grad_output @ self.weights.T
        finally:
            self.weights = self.weights - self.learning_rate * input.T @ grad_output
            self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)


# %% getter_gives_a_copy
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self._parameters = {
            "weights": np.random.choice([-0.01, 0.01], size=(input_units, output_units)),
            "biases": np.zeros(output_units),
        }
        self.learning_rate = learning_rate

    @property
    def weights(self):
        return self._parameters["weights"].copy()

    @weights.setter
    def weights(self, value):
        self._parameters["weights"] = np.array(value, dtype=float)

    @property
    def biases(self):
        return self._parameters["biases"].copy()

    @biases.setter
    def biases(self, value):
        self._parameters["biases"] = np.array(value, dtype=float)

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = grad_output @ self.weights.T
        self.weights -= self.learning_rate * input.T @ grad_output
        self.biases -= self.learning_rate * grad_output.sum(axis=0)
        return grad_input


# %% orthogonal_and_centred
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        big = max(input_units, output_units)
        q, _ = np.linalg.qr(np.random.randn(big, big))
        self.weights = 0.3 * q[:input_units, :output_units]
        self.biases = np.zeros(output_units)
        self.learning_rate = learning_rate

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * input.T @ grad_output
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_input


# %% slots_and_single_precision_start
class Dense(Layer):
    __slots__ = ("weights", "biases", "learning_rate")

    def __init__(self, input_units, output_units, learning_rate=0.1):
        rng = np.random.default_rng()
        self.weights = (0.05 * rng.standard_normal((input_units, output_units), dtype=np.float32)).astype(float)
        self.biases = np.zeros(output_units)
        self.learning_rate = learning_rate

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        old = self.weights
        self.weights = old - self.learning_rate * input.T @ grad_output
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_output @ old.T


# %% shared_helpers_of_the_class
class Dense(Layer):
    kinds = {}

    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.laplace(0, 0.05, (input_units, output_units))
        self.biases = np.zeros(output_units)
        Dense.kinds[len(Dense.kinds)] = self

    def gradient(self, of, input, grad_output):
        match of:
            case "input":
                return grad_output @ self.weights.T
            case "weights":
                return input.T @ grad_output
            case "biases":
                return grad_output.sum(axis=0)

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        every = {name: self.gradient(name, input, grad_output) for name in ["input", "weights", "biases"]}
        for name in ["weights", "biases"]:
            self.__dict__[name] = self.__dict__[name] - self.learning_rate * every[name]
        return every["input"]


# %% single_precision_all_through
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.weights = np.random.randn(input_units, output_units).astype(np.float32) * 0.01
        self.biases = np.zeros(output_units, dtype=np.float32)
        self.learning_rate = learning_rate

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = grad_output @ self.weights.T
        self.weights -= (self.learning_rate * input.T @ grad_output).astype(np.float32)
        self.biases -= (self.learning_rate * grad_output.sum(axis=0)).astype(np.float32)
        return grad_input

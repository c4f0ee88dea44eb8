# ruff: noqa: B905, E712

# %% binomial
class Dropout(Layer):
    def __init__(self, p):
        self.p, self.training = p, True

    def forward(self, input):
        self.mask = np.random.binomial(1, 1 - self.p, size=input.shape) if self.training else None
        return input if self.mask is None else input * self.mask / (1.0 - self.p)

    def backward(self, input, grad_output):
        return grad_output if not self.training else grad_output * self.mask / (1.0 - self.p)


# %% boolean_mask_and_np_where_a_generator_of_its_own
class Dropout(Layer):
    def __init__(self, p):
        super().__init__()
        self.p = p
        self.training = True
        self._rng = np.random.default_rng()
        self._dropped = None

    def forward(self, input):
        if not self.training or self.p == 0:
            self._dropped = np.zeros_like(input, dtype=bool)
            return input.copy()
        self._dropped = self._rng.random(input.shape) < self.p
        return np.where(self._dropped, 0.0, input / (1 - self.p))

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output.copy()
        return np.where(self._dropped, 0.0, grad_output / (1 - self.p))


# %% the_probability_to_keep
class Dropout(Layer):
    def __init__(self, p):
        self.keep = 1 - p
        self.training = np.bool_(True)

    def forward(self, input):
        if self.training:
            self.mask = np.random.uniform(size=np.shape(input)) <= self.keep
            return self.mask * (input / self.keep)
        return 1 * input

    def backward(self, input, grad_output):
        if self.training:
            return (grad_output / self.keep) * self.mask
        return 1 * grad_output


# %% mask_already_scaled
class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, input):
        if not self.training:
            return input
        self.mask = (np.random.rand(*input.shape) > self.p) / (1 - self.p)
        return input * self.mask

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output
        return grad_output * self.mask


# %% choice_of_two_factors
class Dropout(Layer):
    def __init__(self, p):
        self.training, self.p = True, p
        self.factors = np.array([0, 1 / (1 - p)])

    def forward(self, input):
        if self.training:
            self.kept = np.random.choice(self.factors, size=input.shape, p=[self.p, 1 - self.p])
            return self.kept * input
        return input

    def backward(self, input, grad_output):
        return self.kept * grad_output if self.training else grad_output


# %% one_generator_of_the_class
class Dropout(Layer):
    rng = np.random.default_rng(0)

    def __init__(self, p):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p, self.training, self.mask = p, True, None

    def forward(self, input):
        output = np.array(input, dtype=float)
        if self.training:
            self.mask = Dropout.rng.random(input.shape) < self.p
            output[self.mask] = 0
            output /= 1 - self.p
        return output

    def backward(self, input, grad_output):
        result = np.array(grad_output, dtype=float)
        if self.training:
            result[self.mask] = 0
            result /= 1 - self.p
        return result


# %% python_random_in_loops
import random


class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, input):
        if not self.training:
            return input
        batch, units = input.shape
        self.mask = [[0 if random.random() < self.p else 1 for _ in range(units)] for _ in range(batch)]
        out = np.zeros((batch, units))
        for n in range(batch):
            for i in range(units):
                out[n, i] = input[n, i] * self.mask[n][i] / (1 - self.p)
        return out

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output
        return grad_output * np.array(self.mask) / (1 - self.p)


# %% places_of_the_dropped
class Dropout(Layer):
    def __init__(self, p: float):
        self.p: float = p
        self.training: bool = True
        self.places = None

    def _drop(self, array):
        out = array / (1 - self.p)
        out[self.places] = 0.0
        return out

    def forward(self, input):
        if self.training:
            self.places = np.nonzero(np.random.uniform(0, 1, input.shape) < self.p)
            return self._drop(input)
        return input

    def backward(self, input, grad_output):
        return self._drop(grad_output) if self.training else grad_output


# %% dataclass_with_a_hidden_mask
from dataclasses import dataclass, field


@dataclass
class Dropout(Layer):
    p: float
    training: bool = field(default=True, init=False)
    mask: object = field(default=None, init=False, repr=False)

    def forward(self, input):
        if self.training == True:
            self.mask = np.random.random_sample(input.shape) >= self.p
            return input * self.mask * (1 / (1 - self.p))
        else:
            return input

    def backward(self, input, grad_output):
        if self.training == True:
            return grad_output * self.mask * (1 / (1 - self.p))
        else:
            return grad_output


# %% training_is_a_property
class Dropout(Layer):
    def __init__(self, p):
        self._p = p
        self._mode = "train"
        self._generator = np.random.Generator(np.random.PCG64())

    @property
    def training(self):
        return self._mode == "train"

    @training.setter
    def training(self, on):
        self._mode = "train" if on else "predict"

    def forward(self, input):
        if self._mode == "predict":
            return input
        self._mask = self._generator.binomial(n=1, p=1 - self._p, size=input.shape).astype(bool)
        return np.where(self._mask, input, 0) / (1 - self._p)

    def backward(self, input, grad_output):
        if self._mode == "predict":
            return grad_output
        return np.where(self._mask, grad_output, 0) / (1 - self._p)


# %% generator_of_the_cell
dropout_rng = np.random.default_rng(12345)


class Dropout(Layer):
    """The mask of a prediction is all ones."""

    def __init__(self, p):
        self.training = True
        self.p = p

    def draw(self, shape):
        assert 0 <= self.p < 1
        return (dropout_rng.uniform(size=shape) >= self.p).astype(np.float64)

    def forward(self, input):
        scale = 1.0
        mask = np.ones(input.shape)
        if self.training:
            mask = self.mask = self.draw(input.shape)
            scale = 1.0 / (1.0 - self.p)
        return scale * mask * input

    def backward(self, input, grad_output):
        mask, scale = (self.mask, 1.0 / (1.0 - self.p)) if self.training else (1.0, 1.0)
        return scale * mask * grad_output


# %% a_number_for_every_layer
class DropoutLayer(Layer):
    layers = 0

    def __init__(self, p):
        DropoutLayer.layers += 1
        self.rng = np.random.default_rng(DropoutLayer.layers)
        self.p = p
        self.training = True

    def __call__(self, x):
        return self.forward(x)

    def forward(self, input):
        if self.training:
            self.mask = self.rng.random(size=input.shape) >= self.p
            return input * self.mask / (1 - self.p)
        return input

    def backward(self, input, grad_output):
        if self.training:
            return grad_output * self.mask / (1 - self.p)
        return grad_output


Dropout = DropoutLayer


# %% row_by_row
class Dropout(Layer):
    def __init__(self, p):
        self.p, self.q = p, 1 - p
        self.training = True
        self.rows = []

    def forward(self, input):
        if not self.training:
            return input
        self.rows = [np.random.permutation(np.random.rand(len(row)) >= self.p) for row in input]
        return np.array([row * kept / self.q for row, kept in zip(input, self.rows)])

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output
        return np.array([row * kept / self.q for row, kept in zip(grad_output, self.rows)])


# %% class_attribute_and_super
class Dropout(Layer):
    training = True

    def __init__(self, p):
        self.p = p

    def forward(self, input):
        if not self.training:
            return super().forward(input)
        self.mask = np.random.default_rng().random(input.shape, dtype=np.float32) >= self.p
        return super().forward(input * self.mask / (1 - self.p))

    def backward(self, input, grad_output):
        if not self.training:
            return super().backward(input, grad_output)
        return super().backward(input, grad_output * self.mask / (1 - self.p))


# %% integers_up_to_a_million
class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True
        self.state = np.random.RandomState()

    def forward(self, input):
        if self.training:
            self.mask = self.state.randint(0, 10**6, size=input.shape) >= self.p * 10**6
            return np.divide(input, 1 - self.p, out=np.zeros(input.shape), where=self.mask)
        return input

    def backward(self, input, grad_output):
        if self.training:
            return np.divide(grad_output, 1 - self.p, out=np.zeros(grad_output.shape), where=self.mask)
        return grad_output


# %% no_mask_when_nothing_is_dropped
class Dropout(Layer):
    def __init__(self, p):
        self.p, self.training = p, True

    def forward(self, input):
        if self.training and self.p > 0:
            self.mask = np.random.uniform(size=input.shape) > self.p
            return input * self.mask / (1 - self.p)
        return input

    def backward(self, input, grad_output):
        if self.training and self.p > 0:
            return grad_output * self.mask / (1 - self.p)
        return grad_output


# %% system_random
import random


class Dropout(Layer):
    def __init__(self, p):
        self.p, self.training, self.system = p, True, random.SystemRandom()

    def forward(self, input):
        if not self.training:
            return input
        kept = [self.system.random() >= self.p for _ in range(input.size)]
        self.factor = np.array(kept).reshape(input.shape) / (1 - self.p)
        return self.factor * input

    def backward(self, input, grad_output):
        return self.factor * grad_output if self.training else grad_output


# %% exponential_and_masked_array
class Dropout(Layer):
    def __init__(self, p):
        self.p, self.training = p, True

    def forward(self, input):
        if not self.training:
            return input
        self.dropped = np.random.exponential(size=input.shape) < -np.log1p(-self.p)
        return np.ma.array(input / (1 - self.p), mask=self.dropped).filled(0)

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output
        return np.ma.array(grad_output / (1 - self.p), mask=self.dropped).filled(0)

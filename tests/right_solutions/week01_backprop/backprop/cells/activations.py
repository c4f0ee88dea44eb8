# ruff: noqa: B905

# %% two_forms_by_a_mask
class Sigmoid(Layer):
    def forward(self, input):
        out = np.zeros(input.shape)
        pos = input >= 0
        out[pos] = 1 / (1 + np.exp(-input[pos]))
        e = np.exp(input[~pos])
        out[~pos] = e / (1 + e)
        return out

    def backward(self, input, grad_output):
        s = self.forward(input)
        return grad_output * s * (1 - s)


class Tanh(Layer):
    def forward(self, input):
        return np.tanh(input)

    def backward(self, input, grad_output):
        return grad_output * (1 - np.tanh(input) ** 2)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        return np.where(input > 0, input, self.negative_slope * input)

    def backward(self, input, grad_output):
        return np.where(input > 0, grad_output, self.negative_slope * grad_output)


# %% through_tanh
class Tanh(Layer):
    def forward(self, input):
        return np.tanh(input)

    def backward(self, input, grad_output):
        return (1 - np.tanh(input)) * (1 + np.tanh(input)) * grad_output


class Sigmoid(Tanh):
    def forward(self, input):
        return 0.5 + 0.5 * super().forward(input / 2)

    def backward(self, input, grad_output):
        return super().backward(input / 2, grad_output) / 4


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        super().__init__()
        self.s = negative_slope

    def forward(self, input):
        return np.maximum(input, self.s * input)

    def backward(self, input, grad_output):
        slope = np.ones_like(grad_output)
        slope[input <= 0] = self.s
        return slope * grad_output


# %% one_base_class_for_all
class Elementwise(Layer):
    def value(self, x):
        raise NotImplementedError

    def slope(self, x):
        raise NotImplementedError

    def forward(self, input):
        return self.value(input)

    def backward(self, input, grad_output):
        return self.slope(input) * grad_output


class Sigmoid(Elementwise):
    def value(self, x):
        return np.exp(-np.logaddexp(0, -x))

    def slope(self, x):
        return self.value(x) * self.value(-x)


class Tanh(Elementwise):
    value = staticmethod(np.tanh)

    def slope(self, x):
        return 1 - np.square(self.value(x))


class LeakyReLU(Elementwise):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def value(self, x):
        return np.maximum(x, 0) + self.negative_slope * np.minimum(x, 0)

    def slope(self, x):
        return (x > 0) + self.negative_slope * (x <= 0)


# %% overflow_on_purpose
class Sigmoid(Layer):
    def forward(self, input):
        with np.errstate(over="ignore"):
            return 1.0 / (1.0 + np.exp(-input))

    def backward(self, input, grad_output):
        out = self.forward(input)
        return out * (1.0 - out) * grad_output


class Tanh(Layer):
    def forward(self, input):
        return 2 * Sigmoid().forward(2 * input) - 1

    def backward(self, input, grad_output):
        return 2 * Sigmoid().backward(2 * input, 2 * grad_output)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self.alpha = negative_slope

    def forward(self, input):
        output = input.copy()
        output[input < 0] *= self.alpha
        return output

    def backward(self, input, grad_output):
        grad = grad_output.copy()
        grad[input <= 0] *= self.alpha
        return grad


# %% math_in_loops
import math


class Sigmoid(Layer):
    @staticmethod
    def one(x):
        if x >= 0:
            return 1 / (1 + math.exp(-x))
        return math.exp(x) / (1 + math.exp(x))

    def forward(self, input):
        return np.array([[self.one(x) for x in row] for row in input])

    def backward(self, input, grad_output):
        return np.array(
            [[g * self.one(x) * self.one(-x) for x, g in zip(xs, gs)] for xs, gs in zip(input, grad_output)]
        )


class Tanh(Layer):
    def forward(self, input):
        output = np.zeros_like(input)
        for n in range(input.shape[0]):
            for k in range(input.shape[1]):
                output[n, k] = math.tanh(input[n, k])
        return output

    def backward(self, input, grad_output):
        output = np.zeros_like(grad_output)
        for n in range(input.shape[0]):
            for k in range(input.shape[1]):
                output[n, k] = grad_output[n, k] * (1 - math.tanh(input[n, k]) ** 2)
        return output


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        assert 0 <= negative_slope < 1
        self.negative_slope = negative_slope

    def forward(self, input):
        return np.array([[x if x > 0 else self.negative_slope * x for x in row] for row in input])

    def backward(self, input, grad_output):
        return np.array(
            [[g if x > 0 else self.negative_slope * g for x, g in zip(xs, gs)] for xs, gs in zip(input, grad_output)]
        )


# %% clipped_at_five_hundred
class Sigmoid(Layer):
    def forward(self, input):
        x = np.clip(input, -500, 500)
        return 1 / (1 + np.exp(-x))

    def backward(self, input, grad_output):
        y = self.forward(input)
        return grad_output * (y - y**2)


class Tanh(Layer):
    def forward(self, input):
        x = np.clip(input, -300, 300)
        up, down = np.exp(x), np.exp(-x)
        return (up - down) / (up + down)

    def backward(self, input, grad_output):
        y = self.forward(input)
        return grad_output - grad_output * y * y


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self._slope = float(negative_slope)

    def _mask(self, input):
        return np.where(input > 0, 1.0, self._slope)

    def forward(self, input):
        return input * self._mask(input)

    def backward(self, input, grad_output):
        return grad_output * self._mask(input)


# %% e_to_minus_the_modulus
class Sigmoid(Layer):
    def forward(self, input):
        small = np.exp(-np.abs(input))
        return np.where(input >= 0, 1, small) / (1 + small)

    def backward(self, input, grad_output):
        small = np.exp(-np.abs(input))
        return grad_output * small / (1 + small) ** 2


class Tanh(Layer):
    def forward(self, input):
        small = np.exp(-2 * np.abs(input))
        return np.sign(input) * (1 - small) / (1 + small)

    def backward(self, input, grad_output):
        small = np.exp(-2 * np.abs(input))
        return grad_output * 4 * small / (1 + small) ** 2


class LeakyReLU(ReLU):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        return super().forward(input) - self.negative_slope * super().forward(-input)

    def backward(self, input, grad_output):
        through = super().backward(input, grad_output)
        return through + self.negative_slope * (grad_output - through)


# %% dataclass_and_cosh
from dataclasses import dataclass


class Sigmoid(Layer):
    def forward(self, input):
        return np.exp(np.minimum(input, 0)) / (1 + np.exp(-np.abs(input)))

    def backward(self, input, grad_output):
        return np.multiply(grad_output, self.forward(input) - np.square(self.forward(input)))


class Tanh(Layer):
    def forward(self, input):
        return np.tanh(input)

    def backward(self, input, grad_output):
        with np.errstate(over="ignore"):
            return grad_output / np.cosh(input) ** 2


@dataclass
class LeakyReLU(Layer):
    negative_slope: float = 0.01

    def forward(self, input):
        mask = input > 0
        return mask * input + ~mask * self.negative_slope * input

    def backward(self, input, grad_output):
        mask = input > 0
        return mask * grad_output + (1 - mask) * self.negative_slope * grad_output


# %% where_on_harmless_arguments
class Sigmoid(Layer):
    def forward(self, input):
        low, high = np.minimum(input, 0), np.maximum(input, 0)
        self.output = np.where(input < 0, np.exp(low) / (np.exp(low) + 1), 1 / (1 + np.exp(-high)))
        return self.output

    def backward(self, input, grad_output):
        self.forward(input)
        return grad_output * self.output * (1 - self.output)


class Tanh(Layer):
    def forward(self, input):
        self.output = np.tanh(input)
        return self.output

    def backward(self, input, grad_output):
        self.forward(input)
        return grad_output * (1 - self.output**2)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        return np.select([input > 0], [input], default=self.negative_slope * input)

    def backward(self, input, grad_output):
        return grad_output * np.choose(input > 0, [self.negative_slope, 1.0])


# %% expm_one_and_piecewise
class Sigmoid(Layer):
    def forward(self, input):
        return np.piecewise(
            input.astype(float),
            [input < 0, input >= 0],
            [lambda x: np.exp(x) / (1 + np.exp(x)), lambda x: 1 / (1 + np.exp(-x))],
        )

    def backward(self, input, grad_output):
        return grad_output * self.forward(input) * self.forward(-input)


class Tanh(Layer):
    def forward(self, input):
        less = np.expm1(-2 * abs(input))
        return np.sign(input) * -less / (2 + less)

    def backward(self, input, grad_output):
        return (1 - self.forward(input) ** 2) * grad_output


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        return (1 + self.negative_slope) / 2 * input + (1 - self.negative_slope) / 2 * np.abs(input)

    def backward(self, input, grad_output):
        return self.negative_slope * grad_output + (1 - self.negative_slope) * (input > 0) * grad_output

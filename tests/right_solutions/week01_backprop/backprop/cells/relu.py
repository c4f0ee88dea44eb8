# ruff: noqa: B905

# %% maximum_and_a_product
class ReLU(Layer):
    """Rectified linear unit."""

    def forward(self, input):
        return np.maximum(0, input)

    def backward(self, input, grad_output):
        return grad_output * (input > 0)


# %% where_twice
class ReLU(Layer):
    def forward(self, input):
        return np.where(input > 0, input, 0)

    def backward(self, input, grad_output):
        return np.where(input > 0, grad_output, 0)


# %% four_nested_loops
class ReLU(Layer):
    def forward(self, input):
        batch, units = input.shape
        output = np.zeros((batch, units))
        for n in range(batch):
            for i in range(units):
                if input[n, i] > 0:
                    output[n, i] = input[n, i]
        return output

    def backward(self, input, grad_output):
        batch, units = input.shape
        grad_input = np.zeros_like(input)
        for n in range(batch):
            for i in range(units):
                if input[n, i] > 0:
                    grad_input[n, i] = grad_output[n, i]
                else:
                    grad_input[n, i] = 0
        return grad_input


# %% copy_and_zero_by_index
class ReLU(Layer):
    def forward(self, input):
        out = input.copy()
        out[out < 0] = 0
        return out

    def backward(self, input, grad_output):
        result = np.array(grad_output, copy=True)
        result[input <= 0] = 0
        return result


# %% half_of_x_and_its_modulus
class ReLU(Layer):
    def forward(self, input):
        return (np.abs(input) + input) / 2

    def backward(self, input, grad_output):
        slope = np.heaviside(input, 0)
        assert slope.shape == grad_output.shape
        return slope * grad_output


# %% comprehension_of_python_floats
class ReLU(Layer):
    def forward(self, input):
        return np.array([[max(0.0, float(x)) for x in row] for row in input])

    def backward(self, input, grad_output):
        return np.array([[g if x > 0 else 0.0 for x, g in zip(xs, gs)] for xs, gs in zip(input, grad_output)])


# %% clip_and_sign
class ReLU(Layer):
    def __init__(self):
        super().__init__()
        self.name = "relu"

    def forward(self, input):
        self.last = input
        return input.clip(min=0)

    def backward(self, input, grad_output):
        return grad_output * np.sign(self.forward(input))


# %% static_methods_and_hints
class ReLU(Layer):
    @staticmethod
    def forward(input: np.ndarray) -> np.ndarray:
        return input * (input > 0).astype(float)

    @staticmethod
    def backward(input: np.ndarray, grad_output: np.ndarray) -> np.ndarray:
        mask = (input > 0).astype(input.dtype)
        return mask * grad_output


# %% vectorised_scalars
def relu_of(x):
    if x > 0:
        return x
    return 0.0


def slope_of(x):
    return 1.0 if x > 0 else 0.0


class ReLU(Layer):
    def forward(self, input):
        return np.vectorize(relu_of, otypes=[float])(input)

    def backward(self, input, grad_output):
        return np.vectorize(slope_of, otypes=[float])(input) * grad_output


# %% own_buffer_with_out
class ReLU(Layer):
    def __init__(self):
        self.buffer = None

    def forward(self, input):
        buffer = np.empty_like(input)
        np.maximum(input, 0, out=buffer)
        return buffer

    def backward(self, input, grad_output):
        buffer = np.zeros(grad_output.shape)
        np.copyto(buffer, grad_output, where=input > 0)
        self.buffer = buffer
        return buffer


# %% second_class_and_alias
class Rectifier(Layer):
    def __call__(self, x):
        return self.forward(x)

    def forward(self, input):
        positive = input > 0
        return np.multiply(input, positive)

    def backward(self, input, grad_output):
        positive = input > 0
        return np.multiply(positive, grad_output)

    def __repr__(self):
        return "ReLU()"


ReLU = Rectifier
print(ReLU().forward(np.array([[-3.0, 3.0]])))


# %% one_minus_the_negative_ones
class ReLU(Layer):
    def forward(self, input):
        return input - np.minimum(input, 0)

    def backward(self, input, grad_output):
        return grad_output - grad_output * (input <= 0)


# %% np_greater
class ReLU(Layer):
    def forward(self, input):
        return np.asarray(input) * np.greater(input, 0)

    def backward(self, input, grad_output):
        return np.einsum("nu,nu->nu", grad_output, np.greater(input, 0).astype(float))


# %% masked_arrays
class ReLU(Layer):
    def forward(self, input):
        return np.ma.masked_less_equal(input, 0).filled(0)

    def backward(self, input, grad_output):
        return np.ma.masked_where(input <= 0, grad_output).filled(0)


# %% functions_on_the_instance
class ReLU(Layer):
    def __init__(self):
        self.forward = lambda input: np.fmax(input, 0)
        self.backward = lambda input, grad_output: grad_output * (input > 0)


# %% mask_kept_for_the_same_input
class ReLU(Layer):
    def forward(self, input):
        self.mask, self.seen = input > 0, input.copy()
        return input * self.mask

    def backward(self, input, grad_output):
        if not hasattr(self, "seen") or not np.array_equal(self.seen, input):
            self.forward(input)
        return grad_output * self.mask

# One expression a function, as far as it goes.
# ruff: noqa: B905, E731

# %% relu
class ReLU(Layer):
    forward = lambda self, input: (np.abs(input) + input) / 2
    backward = lambda self, input, grad_output: np.array(
        [[g if x > 0 else 0.0 for x, g in zip(xs, gs)] for xs, gs in zip(input, grad_output)]
    )


# %% forward
def forward(network, X):
    return [X := layer.forward(X) for layer in network]


# %% train
def train(network, X, y):
    inputs = [X] + forward(network, X)
    grad = grad_softmax_crossentropy_with_logits(inputs[-1], y)
    loss = softmax_crossentropy_with_logits(inputs.pop(), y).mean()
    [grad := layer.backward(inputs.pop(), grad) for layer in network[::-1]]
    return loss


# %% dropout
class Dropout(Layer):
    def __init__(self, p):
        self.p, self.training, self.mask = p, True, 1.0

    def forward(self, input):
        self.mask = np.random.binomial(1, 1 - self.p, size=input.shape) / (1 - self.p) if self.training else 1.0
        return input * self.mask

    def backward(self, input, grad_output):
        return grad_output * self.mask


# %% better_init
he_init = lambda input_units, output_units, rng: rng.normal(0, (2 / input_units) ** 0.5, (input_units, output_units))
xavier_init = lambda input_units, output_units, rng: (
    np.array([rng.uniform(-1, 1, output_units) for _ in range(input_units)]) * np.sqrt(6 / (input_units + output_units))
)

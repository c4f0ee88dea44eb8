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

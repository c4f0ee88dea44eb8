# %% relu
class ReLU(Layer):
    """The rectifier, element by element:  y = max(0, x).

    ``input`` x, ``grad_output`` dL/dy and the returned dL/dx have one shape, ``[batch, units]``.

        dL/dx = dL/dy * 1[x > 0]

    At the kink any slope in [0, 1] is a subgradient; the course settles ReLU'(0) = 0, hence the strict inequality.
    """

    def forward(self, input):
        return np.maximum(0, input)

    def backward(self, input, grad_output):
        return grad_output * (input > 0)


# %% dense
class Dense(Layer):
    """An affine map of every row, trained by plain stochastic gradient descent:  Y = X W + b.

    Symbols and shapes:
        X  ``input``        [batch, input_units]
        W  ``weights``      [input_units, output_units]
        b  ``biases``       [output_units], added to every row
        G  ``grad_output``  [batch, output_units], dL/dY

    backward:
        dL/dX = G W'                   [batch, input_units], with the weights that were used forward
        W <- W - learning_rate * X' G  the sum over the batch of the outer products x g'
        b <- b - learning_rate * sum of the rows of G

    Why sums: L is already the mean over the batch, so the division by the batch size is inside G.
    W starts random, as units that start equal get equal gradients and stay equal for ever, and small, so that the first
    logits favour no class; b starts at zero. (``better_init`` chooses the scale of W by the sizes of the layer.)
    """

    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.normal(scale=0.01, size=(input_units, output_units))
        self.biases = np.zeros(output_units)

    def forward(self, input):
        return input @ self.weights + self.biases

    def backward(self, input, grad_output):
        grad_input = grad_output @ self.weights.T
        self.weights = self.weights - self.learning_rate * input.T @ grad_output
        self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)
        return grad_input


# %% forward
def forward(network, X):
    """The outputs of every layer, in order:  a_1 = f_1(X),  a_i = f_i(a_(i-1)).

    ``network`` is a list of layers, ``X`` is [batch, features]. Returns a list as long as the network; its last item
    holds the logits. X itself is not part of it.
    """
    activations = []
    for layer in network:
        X = layer.forward(X)
        activations.append(X)
    return activations


# %% train
def train(network, X, y):
    """One step of gradient descent on one batch; returns the mean loss before the step.

    ``X`` is [batch, features], ``y`` holds the integer labels [batch]. With a_0 = X and the logits a_n, the gradient
    enters at the top, already divided by the batch size, and every layer hands it down:

        g_n = dL/da_n,    g_(i-1) = f_i.backward(a_(i-1), g_i)    for i = n, ..., 1
    """
    activations = list(forward(network, X))
    layer_inputs = [X] + activations[:-1]
    logits = activations[-1]
    loss = softmax_crossentropy_with_logits(logits, y).mean()
    grad = grad_softmax_crossentropy_with_logits(logits, y)
    for layer, layer_input in zip(reversed(network), reversed(layer_inputs), strict=True):
        grad = layer.backward(layer_input, grad)
    return loss


# %% accuracy
# The given network reaches 97 % with the cells above; nothing is added.


# %% activations
class Sigmoid(Layer):
    """The logistic function, element by element:  s(x) = 1 / (1 + exp(-x)).

        dL/dx = dL/dy * s(x) * (1 - s(x)) = dL/dy * s(x) * s(-x)

    Computed as exp(-log(1 + exp(-x))) with ``logaddexp``, which overflows for no x; s(-x) in place of 1 - s(x) keeps
    the digits of a small slope.
    """

    def forward(self, input):
        return np.exp(-np.logaddexp(0, -input))

    def backward(self, input, grad_output):
        return grad_output * self.forward(input) * self.forward(-input)


class Tanh(Layer):
    """The hyperbolic tangent, element by element.

    dL/dx = dL/dy * (1 - tanh(x)^2)
    """

    def forward(self, input):
        return np.tanh(input)

    def backward(self, input, grad_output):
        return grad_output * (1 - np.tanh(input) ** 2)


class LeakyReLU(Layer):
    """A rectifier that lets a little through (Maas et al., 2013):  y = x where x > 0, else negative_slope * x.

        dL/dx = dL/dy * (1 where x > 0, else negative_slope)

    ``negative_slope`` is in [0, 1); it is also the slope at 0, so that 0 gives back ReLU'(0) = 0.
    """

    def __init__(self, negative_slope=0.01):
        self.negative_slope = negative_slope

    def forward(self, input):
        return np.where(input > 0, input, self.negative_slope * input)

    def backward(self, input, grad_output):
        return grad_output * np.where(input > 0, 1.0, self.negative_slope)


# %% dropout
class Dropout(Layer):
    """Inverted dropout (Srivastava et al., 2014): each element is dropped with probability ``p``, 0 <= p < 1.

    In training, with one fresh mask a forward, m = 0 with probability p, else 1 / (1 - p):

        y = m * x,    dL/dx = m * dL/dy    with the mask of the last forward

    The division by 1 - p keeps the mean of every unit, E[y] = x, so that nothing is left to rescale afterwards:
    when ``training`` is False the layer is the identity, forward and backward.
    """

    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, input):
        if not self.training:
            return input
        self.mask = (np.random.random(input.shape) >= self.p) / (1 - self.p)
        return input * self.mask

    def backward(self, input, grad_output):
        if not self.training:
            return grad_output
        return grad_output * self.mask


# %% batchnorm
class BatchNorm(Layer):
    """Batch normalisation (Ioffe and Szegedy, 2015) of each of ``units`` columns, over the rows of the batch.

    With the mean m and the variance v of each column, biased (divided by the batch size), eps inside the root:

        n = (x - m) / sqrt(v + eps),    y = gamma * n + beta

    ``training``: m and v are the batch's, and each forward moves the running statistics,
    running = momentum * running + (1 - momentum) * batch. (Here momentum is what is kept; PyTorch's is what is added.)
    Otherwise m and v are the running statistics, constants that nothing moves.

    backward, with G = dL/dy and h = gamma * G, means over the batch:

        dL/dx = (h - mean(h) - n * mean(h * n)) / sqrt(v + eps)    training: m and v depend on x too
        dL/dx = h / sqrt(v + eps)                                  otherwise
        gamma <- gamma - learning_rate * sum(G * n),    beta <- beta - learning_rate * sum(G)
    """

    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum = momentum
        self.eps = eps
        self.learning_rate = learning_rate
        self.gamma = np.ones(units)
        self.beta = np.zeros(units)
        self.running_mean = np.zeros(units)
        self.running_var = np.ones(units)
        self.training = True

    def statistics(self, input):
        """The mean and the variance to normalise by, each [units]."""
        if self.training:
            return input.mean(axis=0), input.var(axis=0)
        return self.running_mean, self.running_var

    def forward(self, input):
        mean, var = self.statistics(input)
        if self.training:
            self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean
            self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var
        return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta

    def backward(self, input, grad_output):
        mean, var = self.statistics(input)
        deviation = np.sqrt(var + self.eps)
        normalized = (input - mean) / deviation
        grad_normalized = grad_output * self.gamma
        if self.training:
            through_mean = grad_normalized.mean(axis=0)
            through_var = normalized * (grad_normalized * normalized).mean(axis=0)
            grad_normalized = grad_normalized - through_mean - through_var
        self.gamma = self.gamma - self.learning_rate * (grad_output * normalized).sum(axis=0)
        self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)
        return grad_normalized / deviation


# %% better_init
def he_init(input_units, output_units, rng):
    """Weights [input_units, output_units] for a layer before a ReLU (He et al., 2015).

    Normal with mean 0 and variance 2 / input_units: a ReLU keeps half of the mean square, the 2 gives it back.
    ``rng`` is a ``numpy.random.Generator``.
    """
    return rng.normal(scale=np.sqrt(2 / input_units), size=(input_units, output_units))


def xavier_init(input_units, output_units, rng):
    """Weights [input_units, output_units] for a layer with a symmetric activation (Glorot and Bengio, 2010).

    Uniform in [-a, a], a = sqrt(6 / (input_units + output_units)), which has variance 2 / (input_units +
    output_units): between what keeps the signal going forward and what keeps the gradient going back.
    """
    bound = np.sqrt(6 / (input_units + output_units))
    return rng.uniform(-bound, bound, size=(input_units, output_units))

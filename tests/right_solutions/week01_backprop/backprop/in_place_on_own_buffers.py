# Changes in place what belongs to the layer or was made by it; arguments are copied first.

# %% relu
class ReLU(Layer):
    def forward(self, input):
        output = input.copy()
        output[output < 0] = 0
        return output

    def backward(self, input, grad_output):
        grad_input = np.array(grad_output)
        grad_input[input <= 0] = 0
        return grad_input


# %% dense
class Dense(Layer):
    def __init__(self, input_units, output_units, learning_rate=0.1):
        self.learning_rate = learning_rate
        self.weights = np.random.randn(input_units, output_units) * 0.01
        self.biases = np.zeros(output_units)

    def forward(self, input):
        output = np.dot(input, self.weights)
        output += self.biases
        return output

    def backward(self, input, grad_output):
        grad_input = np.dot(grad_output, self.weights.T)
        self.weights -= self.learning_rate * np.dot(input.T, grad_output)
        self.biases -= self.learning_rate * np.sum(grad_output, axis=0)
        return grad_input


# %% dropout
class Dropout(Layer):
    def __init__(self, p):
        self.p = p
        self.training = True
        self.mask = None

    def forward(self, input):
        output = input.copy()
        if self.training:
            self.mask = np.random.rand(*input.shape) > self.p
            output *= self.mask
            output /= 1 - self.p
        return output

    def backward(self, input, grad_output):
        grad_input = grad_output.copy()
        if self.training:
            grad_input[~self.mask] = 0
            grad_input /= 1 - self.p
        return grad_input


# %% batchnorm
class BatchNorm(Layer):
    def __init__(self, units, momentum=0.9, eps=1e-5, learning_rate=0.1):
        self.momentum, self.eps, self.learning_rate = momentum, eps, learning_rate
        self.gamma, self.beta = np.ones(units), np.zeros(units)
        self.running_mean, self.running_var = np.zeros(units), np.ones(units)
        self.training = True

    def forward(self, input):
        output = input.copy()
        if self.training:
            mean, var = np.mean(input, axis=0), np.var(input, axis=0)
            self.running_mean *= self.momentum
            self.running_mean += (1 - self.momentum) * mean
            self.running_var *= self.momentum
            self.running_var += (1 - self.momentum) * var
        else:
            mean, var = self.running_mean, self.running_var
        output -= mean
        output /= np.sqrt(var + self.eps)
        output *= self.gamma
        output += self.beta
        return output

    def backward(self, input, grad_output):
        if self.training:
            mean, var = np.mean(input, axis=0), np.var(input, axis=0)
        else:
            mean, var = self.running_mean, self.running_var
        x_hat = input - mean
        x_hat /= np.sqrt(var + self.eps)
        d_gamma, d_beta = (grad_output * x_hat).sum(axis=0), grad_output.sum(axis=0)
        grad_input = grad_output.copy()
        if self.training:
            n = len(input)
            grad_input *= n
            grad_input -= d_beta
            grad_input -= x_hat * d_gamma
            grad_input /= n
        grad_input *= self.gamma
        grad_input /= np.sqrt(var + self.eps)
        self.gamma -= self.learning_rate * d_gamma
        self.beta -= self.learning_rate * d_beta
        return grad_input

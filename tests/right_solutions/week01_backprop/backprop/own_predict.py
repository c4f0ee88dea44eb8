# The student writes a predict, an accuracy and a loss of their own, and trains without calling forward.

# %% train
def train(network, X, y):
    def down(i, x):
        """Go up from layer i, turn at the loss, and come back with the loss and the gradient below layer i."""
        if i == len(network):
            p = np.exp(x - x.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            right = np.eye(x.shape[1])[y]
            return -np.log((p * right).sum(axis=1)).mean(), (p - right) / len(y)
        loss, grad = down(i + 1, network[i].forward(x))
        return loss, network[i].backward(x, grad)

    return down(0, X)[0]


# %% after train
def predict(network, X):
    for layer in network:
        X = layer.forward(X)
    return np.argmax(X, axis=-1)


def accuracy(network, X, y):
    return (predict(network, X) == y).mean()


# %% accuracy
class Scaled(Dense):
    """A Dense that starts with He's weights."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.weights *= np.sqrt(2 / len(self.weights)) / self.weights.std()


np.random.seed(3)
network = [Scaled(X_train.shape[1], 120, 0.2), ReLU(), Scaled(120, 60, 0.2), ReLU(), Scaled(60, 10, 0.2)]
fit(network, epochs=30)
print(accuracy(network, X_val, y_val))

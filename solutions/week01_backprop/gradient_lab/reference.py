# %% numerical_grad
def numerical_grad(f, x, h=1e-5):
    """Centred differences of f (array -> number) at the float array x, entry by entry: an array of the shape of x.

    (f(x + h e) - f(x - h e)) / 2h for every unit vector e. The error is h^2 / 6 times a third derivative, plus what
    rounding makes of it, about 1e-16 / h; the two are equal near the cube root of 1e-16, hence the default.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept  # put back, not added back: adding would leave a last digit behind
        gradient[index] = (above - below) / (2 * h)
    return gradient


# %% relative_error
def relative_error(a, b):
    """The largest |a - b| / (|a| + |b|) over the entries of two arrays of one shape; 0 where both are 0."""
    size = np.abs(a) + np.abs(b)
    return np.max(np.abs(a - b) / np.where(size == 0, 1, size))  # where size is 0, so is the difference


# %% tenfold
# What is left of the centred quotient is proportional to h^2.
tenfold = 100

# %% kink_reading
kink_reading = "c"

# %% both_zero
both_zero = "b"


# %% bug_1
def dense_backward(X, W, G):
    """Gradients (dX, dW, db) of <G, X W + b>, for X [batch, in], W [in, out], G [batch, out].

    The bias is added to every row of the batch, so it collects from every row: a sum. The mean is the same for a batch
    of one only.
    """
    dX = np.einsum("no,io->ni", G, W)  # public
    dW = np.einsum("ni,no->io", X, G)  # public
    db = G.sum(axis=0)
    return dX, dW, db  # public


# %% bug_2
def softmax_cross_entropy(logits, y):
    """(mean loss, gradient) for logits [batch, classes] and integer labels y [batch].

    A sample's probabilities add up to one over the classes: softmax runs along a row, axis 1.
    """
    n = len(y)
    shifted = logits - logits.max(axis=1, keepdims=True)  # public
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)  # public
    loss = -np.mean(np.log(p[np.arange(n), y]))  # public
    gradient = p.copy()  # public
    gradient[np.arange(n), y] -= 1  # public
    return loss, gradient / n  # public


# %% bug_3
def standardise_backward(X, G, eps=1e-5):
    """Gradient with respect to X [n, d] of <G, Z>, Z = (X - mean) / s with s = sqrt(var + eps), column by column.

    With z = (x - m) / s there are three ways from an entry of X to the result, and they add up to

        dX = (G - mean of G - Z * (mean of G * Z)) / s .

    The second term is the way through the mean: it makes every column of dX add up to zero. The third is the way
    through the variance. Source: Ioffe and Szegedy, Batch Normalization, 2015, section 3.
    """
    s = np.sqrt(X.var(axis=0) + eps)  # public
    Z = (X - X.mean(axis=0)) / s
    return (G - G.mean(axis=0) - Z * np.mean(G * Z, axis=0)) / s


# %% twenty
twenty = "d"

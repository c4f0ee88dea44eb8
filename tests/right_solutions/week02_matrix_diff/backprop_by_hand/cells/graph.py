# %% fractions
from fractions import Fraction

graph_values = {"a": Fraction(9), "b": 6.0, "c": np.float64(5), "d": 5**2, "f": 9 + 6 + 25}
graph_gradients = {"f": 1, "d": 1.0, "c": 10, "b": 1, "a": 1, "x": 2 * 3 + 2 + 10, "y": 3 + 10}


def graph_grads(x, y):
    c = x + y
    dd = 1.0
    dc = 2 * c * dd
    da = db = 1
    return [da * 2 * x + db * y + dc, db * x + dc]

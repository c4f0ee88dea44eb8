# Computed from the numbers drawn: differences in place of derivatives, matrices written out.

# %% student_name
student_name = "李明"


# %% before gradient
def derivative(f, at, step=1e-4):
    return (f(at + step) - f(at - step)) / (2 * step)


# %% gradient
drawn = personal.numbers(questions.gradient, student_name)
gradient = derivative(lambda w: np.mean([(y - w * x) ** 2 for x, y in zip(drawn.x, drawn.y, strict=False)]), drawn.w)

# %% two_weights
drawn = personal.numbers(questions.two_weights, student_name)


def f(u, v):
    return drawn.a * u**2 + drawn.b * u * v + drawn.c * v**2


two_weights = [
    drawn.u - 0.1 * derivative(lambda u: f(u, drawn.v), drawn.u),
    drawn.v - 0.1 * derivative(lambda v: f(drawn.u, v), drawn.v),
]

# %% chain
drawn = personal.numbers(questions.chain, student_name)


def E(w, v):
    return 0.5 * (v * max(0, w * drawn.x + drawn.b) - drawn.y) ** 2


chain = [derivative(lambda w: E(w, drawn.v), drawn.w), derivative(lambda v: E(drawn.w, v), drawn.v)]

# %% dead
dead = "a"

# %% rate
f_second = 2 * personal.numbers(questions.rate, student_name).a
rate = np.array([1, 2]) / f_second

# %% layer_gradient
layer_gradient = "d"

# %% quadratic_form
drawn = personal.numbers(questions.quadratic_form, student_name)
quadratic_form = [sum((drawn.A[i][j] + drawn.A[j][i]) * drawn.x[j] for j in range(2)) for i in range(2)]

# %% trace_rule
trace_rule = "A"

# %% least_squares
drawn = personal.numbers(questions.least_squares, student_name)


def loss(w):
    return np.sum((np.array(drawn.y) - np.array(drawn.X) @ w) ** 2)


least_squares = checks.numerical_gradient(loss, np.array(drawn.w, dtype=float))

# Worked from the numbers that are drawn, so the reference is right for every name.

# %% student_name
student_name = "Emmy Noether"

# %% gradient
mine = personal.numbers(questions.gradient, student_name)
x = np.array(mine.x)
gradient = np.sum((mine.w * x - mine.y) * x)

# %% two_weights
mine = personal.numbers(questions.two_weights, student_name)
by_u = 2 * mine.a * mine.u + mine.b * mine.v
by_v = mine.b * mine.u + 2 * mine.c * mine.v
two_weights = [mine.u - mine.eta * by_u, mine.v - mine.eta * by_v]

# %% chain
mine = personal.numbers(questions.chain, student_name)
h = mine.w * mine.x + mine.b  # above 0: the unit is active
back = mine.v * h - mine.y
chain = [back * mine.v * mine.x, back * h]

# %% dead
# h = 0 and its slope is 0: only what does not pass through the unit moves.
dead = "abcd"[personal.numbers(questions.dead, student_name).kinds.index("c")]

# %% rate
# w - eta (2 a w + b) keeps the share 1 - 2 a eta of the distance to the minimum: nothing, or all of it mirrored.
curvature = 2 * personal.numbers(questions.rate, student_name).a
rate = [1 / curvature, 2 / curvature]

# %% layer_gradient
mine = personal.numbers(questions.layer_gradient, student_name)
layer_gradient = "abcd"[mine.kinds.index({mine.X: "G W'", mine.W: "X' G"}[mine.asked])]

# %% quadratic_form
mine = personal.numbers(questions.quadratic_form, student_name)
quadratic_form = np.array(mine.A) @ mine.x + mine.x @ np.array(mine.A)

# %% trace_rule
# tr(L X R) = tr(R L X), so dX is multiplied by R L, and the gradient is (R L)' = L' R'.
trace_rule = "abcd"[personal.numbers(questions.trace_rule, student_name).kinds.index("left' right'")]

# %% least_squares
mine = personal.numbers(questions.least_squares, student_name)
X = np.array(mine.X)
least_squares = 2 * X.T @ (X @ mine.w - mine.y)

# Worked from the numbers that are drawn, so the reference is right for every name.

# %% student_name
student_name = "Marie Curie"

# %% neuron
mine = personal.numbers("quiz_1.neuron", student_name)
neuron = [np.dot(mine.w, point) + mine.b for point in (mine.A, mine.B)]
neuron = np.where(np.array(neuron) > 0, neuron, 0)

# %% parameters
sizes = personal.numbers("quiz_1.parameters", student_name).sizes
parameters = sum((entering + 1) * leaving for entering, leaving in zip(sizes[:-1], sizes[1:], strict=True))

# %% formula
# A unit adds up the edges that end in it: a column of W.
formula = "abcd"[personal.numbers("quiz_1.formula", student_name).kinds.index("columns")]

# %% linear_net
mine = personal.numbers("quiz_1.linear_net", student_name)
linear_net = [np.dot(mine.c, mine.a), np.dot(mine.c, mine.b) + mine.d]

# %% relu_net
mine = personal.numbers("quiz_1.relu_net", student_name)
activations = np.clip(np.array(mine.x) @ np.array(mine.W) + mine.b, 0, None)
relu_net = activations @ mine.v + mine.c

# %% kinks
# Between two kinks the graph is straight, so two values give the slope.
mine = personal.numbers("quiz_1.kinks", student_name)
a, w, b = (np.array(numbers) for numbers in (mine.a, mine.w, mine.b))
kinks = np.sort(-b / w)


def at(x):
    return mine.c + a @ (np.outer(w, x) + b[:, None]).clip(0)


middles = np.array([kinks[0] - 1, kinks.mean(), kinks[1] + 1])
slopes = (at(middles + 0.25) - at(middles - 0.25)) / 0.5

# %% gate
# Half a step inside: the sum must be above 0 where the unit fires, and at most 0 where it does not.
small, large = sorted(personal.numbers("quiz_1.gate", student_name).w)
gate = [-(small + 2 * large) / 2, -small / 2, -(small + large) / 2]

# %% picture
# Every corner is a unit max(0, x - corner); its factor is by how much the slope changes there.
corners = np.array(personal.numbers("quiz_1.picture", student_name).corners, dtype=float)
change = np.diff([0, *(np.diff(corners[:, 1]) / np.diff(corners[:, 0])), 0])
units = [[1, -x, jump] for x, jump in zip(corners[:, 0], change, strict=True)]
offset = corners[0, 1]

# %% regions
# A hidden unit draws a line; the output alone draws one. Two parallel lines enclose one class of the four points.
lines = {"one line": 0, "two lines": 2, "three lines": 3, "four points": 2}
regions = [lines[kind] for kind, *_ in personal.numbers("quiz_1.regions", student_name).panels]

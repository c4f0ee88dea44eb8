# Worked from the numbers that are drawn, so the reference is right for every name.

# %% student_name
student_name = "Emmy Noether"

# %% neuron
mine = personal.numbers(questions.neuron, student_name)
neuron = np.clip([mine.w[0] * x1 + mine.w[1] * x2 + mine.b for x1, x2 in (mine.A, mine.B)], 0, None)

# %% parameters
# Every unit has a weight from each unit before it, and a bias.
sizes = np.array(personal.numbers(questions.parameters, student_name).sizes)
parameters = np.sum((sizes[:-1] + 1) * sizes[1:])

# %% formula
# A unit adds up the edges that end in it: a column of W.
formula = "abcd"[personal.numbers(questions.formula, student_name).kinds.index("columns")]

# %% linear_net
mine = personal.numbers(questions.linear_net, student_name)
c = np.array(mine.c)
linear_net = [np.sum(c * mine.a), np.sum(c * mine.b) + mine.d]

# %% relu_net
mine = personal.numbers(questions.relu_net, student_name)
z = np.sum(np.array(mine.x)[:, None] * mine.W, axis=0) + mine.b
relu_net = np.sum(z.clip(0) * mine.v) + mine.c

# %% kinks
# A unit with a negative weight is active on the left; between the kinks both are.
mine = personal.numbers(questions.kinks, student_name)
w = np.array(mine.w)
kinks = np.sort(-np.array(mine.b) / w)
slope = w * mine.a
slopes = [slope[w.argmin()], slope.sum(), slope[w.argmax()]]

# %% gate
# Half a step inside: the sum must be above 0 where the unit fires, and at most 0 where it does not.
small, large = sorted(personal.numbers(questions.gate, student_name).w)
gate = [-(small + 2 * large) / 2, -small / 2, -(small + large) / 2]

# %% picture
# Every corner is a unit max(0, x - corner); its factor is by how much the slope changes there.
x, y = np.transpose(personal.numbers(questions.picture, student_name).corners)
change = np.diff([0, *(np.diff(y) / np.diff(x)), 0])
units = np.transpose([np.ones(3), -x, change])
offset = y[0]

# %% regions
# A hidden unit draws a line; the output alone draws one. Two parallel lines enclose one class of the four points.
lines = {"one line": 0, "two lines": 2, "three lines": 3, "four points": 2}
regions = [lines[kind] for kind, *_ in personal.numbers(questions.regions, student_name).panels]

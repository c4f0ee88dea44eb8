# Computed with loops from the numbers drawn, by a student whose name has no letters of ours.

# %% student_name
student_name = "李 明"


# %% before neuron
def unit(weights, inputs, bias):
    total = bias
    for weight, number in zip(weights, inputs, strict=False):
        total += weight * number
    return total if total > 0 else 0


# %% neuron
drawn = personal.numbers(questions.neuron, student_name)
neuron = [unit(drawn.w, drawn.A, drawn.b), unit(drawn.w, drawn.B, drawn.b)]

# %% parameters
sizes = personal.numbers(questions.parameters, student_name).sizes
parameters = 0
for k in range(3):
    parameters += np.ones((sizes[k], sizes[k + 1])).size + np.zeros(sizes[k + 1]).size

# %% formula
formula = ["a"]

# %% linear_net
drawn = personal.numbers(questions.linear_net, student_name)


def net(x):
    return sum(c * (a * x + b) for a, b, c in zip(drawn.a, drawn.b, drawn.c, strict=False)) + drawn.d


linear_net = [net(1) - net(0), net(0)]

# %% relu_net
drawn = personal.numbers(questions.relu_net, student_name)
relu_net = drawn.c
for column in range(3):
    relu_net += drawn.v[column] * unit([row[column] for row in drawn.W], drawn.x, drawn.b[column])

# %% kinks
drawn = personal.numbers(questions.kinks, student_name)
kinks = sorted(-b / w for w, b in zip(drawn.w, drawn.b, strict=False))
slopes = []
for x in (-100, sum(kinks) / 2, 100):
    slopes.append(sum(a * w for a, w, b in zip(drawn.a, drawn.w, drawn.b, strict=False) if w * x + b > 0))

# %% gate
w = personal.numbers(questions.gate, student_name).w
gate = [-max(w), 0, -min(w)]

# %% picture
# Every unit adds what the slope still lacks after its corner.
corners = personal.numbers(questions.picture, student_name).corners
offset, units, so_far = float(corners[0][1]), [], 0.0
for (x, y), (following, height) in zip(corners, [*corners[1:], (99, corners[-1][1])], strict=False):
    slope = (height - y) / (following - x)
    units.append([3.0, -3.0 * x, (slope - so_far) / 3])
    so_far = slope

# %% regions
regions = [0, 2, 2, 3]

"""Quiz 1 worked as on paper: the right numbers of every question, and what the usual slips lead to.

Plain arithmetic with the numbers as they were drawn, so that a test can count the operations.
"""


def relu(z):
    return max(z, 0)


def each(names, values):
    """The slips of an answer with several numbers: {reason: list}."""
    return dict(zip(names, values, strict=True))


def before(q, point):
    return q.w[0] * point[0] + q.w[1] * point[1] + q.b


def neuron(q):
    return [relu(before(q, q.A)), relu(before(q, q.B))]


def neuron_slips(q):
    points = (q.A, q.B)
    products = [(q.w[0] * p[0], q.w[1] * p[1]) for p in points]
    return {
        "the ReLU was not applied": [before(q, p) for p in points],
        "the bias was left out": [relu(left + right) for left, right in products],
        "the bias was added after the ReLU; it stands inside": [relu(left + right) + q.b for left, right in products],
        "the ReLU was applied to every product; it comes once, after the sum": [
            relu(left) + relu(right) + q.b for left, right in products
        ],
        "the two weights, or the two coordinates, were swapped": [before(q, p[::-1]) for p in points],
        "the sign was dropped; a negative sum becomes 0": [abs(before(q, p)) for p in points],
    }


def parameters(q):
    d, first, second, k = q.sizes
    return [d * first + first + first * second + second + second * k + k]


def parameters_slips(q):
    d, first, second, k = q.sizes
    weights = d * first + first * second + second * k
    return {
        "the biases were left out": [weights],
        "every layer was given one bias; it has one a unit": [weights + 3],
        "the inputs were given biases as well": [weights + d + first + second + k],
        "the output layer has no biases in this count": [weights + first + second],
        "the units were counted, not the parameters": [d + first + second + k],
        "the output layer was left out": [d * first + first + first * second + second],
        "the sizes of all layers were multiplied": [d * first * second * k],
    }


def formula_reasons(q):
    return {
        "crossed": "the output weights are swapped: look which edge leaves which unit",
        "outside": "the ReLU belongs to each hidden unit, not to the output",
        "rows": "a hidden unit adds what arrives at it; this adds what leaves one input",
    }


def linear_net(q):
    (a1, a2), (b1, b2), (c1, c2) = q.a, q.b, q.c
    return [c1 * a1 + c2 * a2, c1 * b1 + c2 * b2 + q.d]


def linear_net_slips(q):
    (a1, a2), (b1, b2), (c1, c2) = q.a, q.b, q.c
    slope, level = linear_net(q)
    return {
        "the output bias was left out": [slope, level - q.d],
        "the hidden biases were left out": [slope, q.d],
        "the output weights were left out": [a1 + a2, b1 + b2 + q.d],
        "the hidden biases were added without the output weights": [slope, b1 + b2 + q.d],
        "the output weights were swapped": [c2 * a1 + c1 * a2, c2 * b1 + c1 * b2 + q.d],
        "the answers are in the other order: first k, then m": [level, slope],
    }


def hidden(q, bias=True):
    """What enters the three ReLU units."""
    return [q.x[0] * q.W[0][j] + q.x[1] * q.W[1][j] + (q.b[j] if bias else 0) for j in range(3)]


def output(q, activations):
    return activations[0] * q.v[0] + activations[1] * q.v[1] + activations[2] * q.v[2] + q.c


def relu_net(q):
    return [output(q, [relu(z) for z in hidden(q)])]


def relu_net_slips(q):
    right, z = relu_net(q)[0], hidden(q)
    return {
        "the ReLU was not applied": [output(q, z)],
        "the hidden biases were left out": [output(q, [relu(each) for each in hidden(q, bias=False)])],
        "the output bias c was left out": [right - q.c],
        "the sign was dropped; a negative sum becomes 0": [output(q, [abs(each) for each in z])],
        "the hidden biases were added after the ReLU; they stand inside": [
            output(q, [relu(each) + b for each, b in zip(hidden(q, bias=False), q.b, strict=True)])
        ],
        "the ReLU was applied to the output as well, which is linear": [relu(right)],
        "the output weights were left out": [relu(z[0]) + relu(z[1]) + relu(z[2]) + q.c],
    }


def in_order(q):
    """(a, w, kink) of both units: first the one that is active to the right of its kink, which lies to the left."""
    units = [(a, w, -b / w) for a, w, b in zip(q.a, q.w, q.b, strict=True)]
    return units if units[0][1] > 0 else units[::-1]


def kinks(q):
    return [kink for _, _, kink in in_order(q)]


def kinks_slips(q):
    left, right = kinks(q)
    biases = [-b for _, b in sorted(zip(q.w, q.b, strict=True), reverse=True)]
    return {
        "the sign is lost: w x + b is zero at -b / w": sorted([-left, -right]),
        "the bias was not divided by the weight": sorted(biases),
        "the kinks are in the other order: the left one first": [right, left],
        "the fraction is upside down: w x + b is zero at -b / w": sorted([1 / left, 1 / right]),
    }


def slopes(q):
    (a1, w1, _), (a2, w2, _) = in_order(q)
    return [a2 * w2, a1 * w1 + a2 * w2, a1 * w1]


def slopes_slips(q):
    (a1, w1, _), (a2, w2, _) = in_order(q)
    left, middle, right = slopes(q)
    return {
        "the ReLU was not applied: both units are taken as active everywhere": [middle, middle, middle],
        "left and right are swapped: a unit with w < 0 is active on the left": [right, middle, left],
        "the middle is not flat: both units are active between the kinks": [left, 0, right],
        "the outer factor was left out": [w2, w1 + w2, w1],
        "the weight inside was left out: the slope of a max(0, w x + b) is a w": [a2, a1 + a2, a1],
        "the sign of w was lost": [-left, a1 * w1 - a2 * w2, right],
    }


def gate(q):
    """(more than, at most) for the bias of AND, OR and a copy of the input with the larger weight."""
    low, high = sorted(q.w)
    return [(-(low + high), -high), (-low, 0), (-high, -low)]


def level(q):
    return q.corners[0][1]


def steepness(q):
    """The slope of the graph after each corner."""
    (x0, y0), (x1, y1), (x2, y2) = q.corners
    return [(y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1), 0]


def picture(q):
    """(units, offset): a unit (w, b, a) at every corner, with the change of slope as its outer factor."""
    first, second, third = steepness(q)
    factors = [first, second - first, third - second]
    return [(1, -x, a) for (x, _), a in zip(q.corners, factors, strict=True)], level(q)


def picture_slips(q):
    units, offset = picture(q)
    slopes_after = steepness(q)
    return {
        "the outer factors are slopes; they have to be changes of slope": (
            [(w, b, slope) for (w, b, _), slope in zip(units, slopes_after, strict=True)],
            offset,
        ),
        "the offset is missing or wrong: the level on the left": (units, 0),
        "the corners are mirrored: max(0, x + b) turns at x = -b": ([(w, -b, a) for w, b, a in units], offset),
        "the picture is upside down: the outer factors have the wrong sign": (
            [(w, b, -a) for w, b, a in units],
            offset,
        ),
        "the last corner is missing: the graph does not become level": (units[:2], offset),
    }


def with_one_more(q):
    """The right graph with a unit too many: one of the corners is made of two."""
    units, offset = picture(q)
    w, b, a = units[0]
    return [(w, b, a / 2), (w, b, a / 2), *units[1:]], offset


COUNTS = {"one line": 0, "two lines": 2, "three lines": 3, "four points": 2}


def regions(q):
    return [COUNTS[kind] for kind, _, _ in q.panels]


def regions_slips(q):
    right, kinds = regions(q), [kind for kind, _, _ in q.panels]

    def instead(change):
        return [change.get(kind, count) for kind, count in zip(kinds, right, strict=True)]

    return {
        "one line needs no hidden unit: the output unit draws it": instead({"one line": 1}),
        "one unit draws one line, and no line separates these points": instead({"four points": 0}),
        "two lines are enough for the points: a strip holds one class": instead({"four points": 4}),
        "both borders of the strip are lines of their own": instead({"two lines": 1}),
        "the output unit can only combine lines that hidden units draw; every side of the triangle needs one": instead(
            {"three lines": 2}
        ),
        "the output unit was counted as well": [count + 1 for count in right],
    }

"""Quiz 2 worked as on paper: the right numbers of every question, and what the usual slips lead to.

Plain arithmetic with the numbers as they were drawn, so that a test can count the operations.
"""


def relu(z):
    return max(z, 0)


def gradient(q):
    """E = (r1^2 + r2^2) / 2 with r = y - w x: the 2 of the squares and the 2 of the mean cancel."""
    r = [y - q.w * x for x, y in zip(q.x, q.y, strict=True)]
    return [-(r[0] * q.x[0] + r[1] * q.x[1])]


def gradient_slips(q):
    right = gradient(q)[0]
    r = [y - q.w * x for x, y in zip(q.x, q.y, strict=True)]
    return {
        "the sign: the inner derivative of y - w x is -x": [-right],
        "the errors were summed; E is their mean": [2 * right],
        "the 2 of the squares was left out": [right / 2],
        "the factor x was left out: each error counts with its x": [-(r[0] + r[1])],
        "only the first sample was used": [-r[0] * q.x[0]],
        "this is the loss itself, not its slope": [(r[0] ** 2 + r[1] ** 2) / 2],
    }


def partials(q):
    return 2 * q.a * q.u + q.b * q.v, q.b * q.u + 2 * q.c * q.v


def two_weights(q):
    du, dv = partials(q)
    return [q.u - q.eta * du, q.v - q.eta * dv]


def two_weights_slips(q):
    du, dv = partials(q)
    fresh = q.u - q.eta * du
    return {
        "the step climbs: subtract the gradient": [q.u + q.eta * du, q.v + q.eta * dv],
        "the mixed term was left out of the derivatives": [
            q.u - q.eta * 2 * q.a * q.u,
            q.v - q.eta * 2 * q.c * q.v,
        ],
        "the 2 of the squares was left out": [
            q.u - q.eta * (q.a * q.u + q.b * q.v),
            q.v - q.eta * (q.b * q.u + q.c * q.v),
        ],
        "the second slope was taken at the new u; both belong to the old point": [
            q.u - q.eta * du,
            q.v - q.eta * (q.b * fresh + 2 * q.c * q.v),
        ],
        "the learning rate was left out": [q.u - du, q.v - dv],
        "this is the gradient, not the point after the step": [du, dv],
        "the derivatives were swapped": [q.u - q.eta * dv, q.v - q.eta * du],
    }


def forward(q):
    h = relu(q.w * q.x + q.b)
    return h, q.v * h - q.y


def chain(q):
    h, error = forward(q)
    return [error * q.v * q.x, error * h]


def chain_slips(q):
    h, error = forward(q)
    dw, dv = chain(q)
    return {
        "the sign: the derivative of the loss is prediction minus target": [-dw, -dv],
        "the factor x was left out of the chain": [error * q.v, dv],
        "the factor v was left out of the chain": [error * q.x, dv],
        "the error was left out: these are derivatives of the prediction": [q.v * q.x, h],
        "v multiplies h, not x": [dw, error * q.x],
        "the square gives a 2, and the 1/2 takes it away": [2 * dw, 2 * dv],
        "the answers are in the other order: first w, then v": [dv, dw],
    }


def dead_reasons(q):
    return {
        "all": "the unit is silent: its slope is 0, so nothing reaches w and b",
        "none": "the error is not zero, and c feels it directly",
        "vc": "v is multiplied by h, and h is 0 here",
    }


def rate(q):
    """f'' = 2a: home in one step with 1 / (2a), and away for good from twice that rate on."""
    return [1 / (2 * q.a), 1 / q.a]


def rate_slips(q):
    one, limit = rate(q)
    return {
        "the curvature is 2a, not a": [1 / q.a, 2 / q.a],
        "the answers are in the other order": [limit, one],
        "upside down: one over the curvature": [2 * q.a, q.a],
        "the curvature is 2a: the 2 multiplies a": [2 / q.a, 4 / q.a],
        "this is the largest rate that does not overshoot": [one, one],
    }


def layer_right(q):
    return "G W'" if q.asked == q.X else "X' G"


def layer_reasons(q):
    asked, other = (q.X, q.W) if q.asked == q.X else (q.W, q.X)
    swapped = f"this is the gradient with respect to {other}"
    sizes = "the sizes do not fit: these two cannot be multiplied"
    turned = f"this has the shape of {asked} transposed"
    if q.asked == q.X:
        return {"X' G": swapped, "W' G": sizes, "W G'": turned}
    return {"G W'": swapped, "G X'": sizes, "G' X": turned}


def times(A, x):
    return [A[0][0] * x[0] + A[0][1] * x[1], A[1][0] * x[0] + A[1][1] * x[1]]


def turned(A):
    return ((A[0][0], A[1][0]), (A[0][1], A[1][1]))


def quadratic_form(q):
    return [left + right for left, right in zip(times(q.A, q.x), times(turned(q.A), q.x), strict=True)]


def quadratic_form_slips(q):
    right, once, turned_once = quadratic_form(q), times(q.A, q.x), times(turned(q.A), q.x)
    return {
        "2 A x holds for a symmetric A only": [2 * entry for entry in once],
        "2 A' x holds for a symmetric A only": [2 * entry for entry in turned_once],
        "x stands there twice, and each of them is differentiated: A x is one half": once,
        "x stands there twice, and each of them is differentiated: A' x is one half": turned_once,
        "this is the symmetric part times x; twice that": [entry / 2 for entry in right],
        "A and A' are subtracted; they are added": [
            left - other for left, other in zip(once, turned_once, strict=True)
        ],
    }


def trace_reasons(q):
    return {
        "left right": "what stands around X was copied; turn the trace until X stands last, then transpose",
        "right left": "this is what multiplies dX after turning the trace; the gradient is its transpose",
        "right' left'": "the trace was not turned: the factor behind X has to come to the front first",
    }


def residual(q):
    return [y - (row[0] * q.w[0] + row[1] * q.w[1]) for row, y in zip(q.X, q.y, strict=True)]


def least_squares(q):
    return [-2 * entry for entry in times(turned(q.X), residual(q))]


def least_squares_slips(q):
    right, r = least_squares(q), residual(q)
    return {
        "the sign: the inner derivative of y - Xw is -X": [-entry for entry in right],
        "the 2 of the square was left out": [entry / 2 for entry in right],
        "X was not transposed": [-2 * entry for entry in times(q.X, r)],
        "this is the residual with its 2, without X'": [-2 * entry for entry in r],
        "this is -2 X'y: the prediction was left out of the residual": [
            -2 * entry for entry in times(turned(q.X), q.y)
        ],
        "the columns of X are its features: X' takes its first row from the first column": right[::-1],
    }

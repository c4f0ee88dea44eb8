"""Mistakes in the steps that count: plain descent, momentum, RMSProp."""

from functools import partial

from grader.judge.authoring.mistakes import planted

sgd = partial(planted, "sgd")
SGD = [
    sgd("sgd_climbs", "adds the gradient", 0.3, "climbs", ("w - lr", "w + lr")),
    sgd("sgd_no_rate", "forgets the learning rate", 0.3, "learning rate is missing", ("lr * grad", "grad")),
    sgd("sgd_in_place", "changes w in place", 0.1, "w was changed in place",
        ("return w - lr * grad", "w -= lr * grad\n    return w")),
    sgd("sgd_sign_only", "steps by the sign of the gradient", 0.3, "only the sign",
        ("lr * grad", "lr * np.sign(grad)")),
    sgd("sgd_rate_twice", "multiplies by the learning rate twice", 0.3, "applied twice",
        ("lr * grad", "lr * lr * grad")),
    sgd("sgd_returns_nothing", "forgets the return", 0.5, "return", ("return w - lr * grad", "w = w - lr * grad")),
    sgd("sgd_vectors_only", "loops over one index only", 0.1, "shape", """
def sgd_step(w, grad, lr):
    return np.array([float(w[i]) - lr * float(grad[i]) for i in range(len(w))])
"""),
    sgd("sgd_normalised", "divides the gradient by its length", 0.3, "w:",
        ("lr * grad", "lr * grad / np.linalg.norm(grad)")),
    sgd("sgd_rate_written_in", "writes a learning rate of 0.1 in", 0.3, "0.1 is written in",
        ("lr * grad", "0.1 * grad")),
    sgd("sgd_gradient_in_place", "scales the gradient in place", 0.1, "grad was changed in place",
        ("return w - lr * grad", "grad *= lr\n    return w - grad")),
]

UPDATE = "velocity = mu * velocity + lr * grad"
RETURN = "return w - velocity, velocity"

momentum = partial(planted, "momentum")
MOMENTUM = [
    momentum("momentum_rate_outside", "keeps the learning rate out of the velocity, as PyTorch does", 0.5,
        "as PyTorch does", (UPDATE, "velocity = mu * velocity + grad"), (RETURN, "return w - lr * velocity, velocity")),
    momentum("momentum_averaged", "averages gradients with weight 1 - mu", 0.6, "weight 1 - mu",
        ("lr * grad", "(1 - mu) * lr * grad")),
    momentum("momentum_velocity_sign", "keeps the velocity with the other sign", 0.5, "opposite sign",
        (UPDATE, "velocity = mu * velocity - lr * grad"), ("w - velocity", "w + velocity")),
    momentum("momentum_climbs", "moves along the velocity", 0.6, "along +velocity", ("w - velocity", "w + velocity")),
    momentum("momentum_old_velocity", "moves by the old velocity", 0.6, "old velocity", """
def momentum_step(w, grad, velocity, lr, mu):
    new_w = w - velocity
    return new_w, mu * velocity + lr * grad
"""),
    momentum("momentum_forgets", "starts the velocity afresh at each step", 0.6, "starts afresh",
        (UPDATE, "velocity = lr * grad")),
    momentum("momentum_undamped", "forgets mu", 0.7, "mu is missing", ("mu * velocity", "velocity")),
    momentum("momentum_mu_on_all", "multiplies the gradient by mu as well", 0.6, "mu multiplies the gradient",
        (UPDATE, "velocity = mu * (velocity + lr * grad)")),
    momentum("momentum_in_place", "updates the velocity in place", 0.1, "velocity was changed in place",
        (UPDATE, "velocity *= mu\n    velocity += lr * grad")),
    momentum("momentum_w_in_place", "changes w in place", 0.1, "w was changed in place",
        (RETURN, "w -= velocity\n    return w, velocity")),
    momentum("momentum_multiplies_w", "multiplies w by mu as well", 0.6, "mu multiplies w as well",
        ("return w - velocity", "return mu * w - velocity")),
    momentum("momentum_velocity_of_w", "multiplies w by mu in the velocity", 0.6, "multiplies w in the velocity",
        (UPDATE, "velocity = mu * w + lr * grad")),
    momentum("momentum_nesterov_of_new", "moves by mu times the new velocity and the gradient", 0.5,
        "as in Nesterov's step", (RETURN, "return w - mu * velocity - lr * grad, velocity")),
    momentum("momentum_skips_the_first_step", "moves by nothing at the first step", 0.3, "first step is skipped",
        (RETURN, "return (w - velocity if np.any(before) else w), velocity"),
        (UPDATE, "before = velocity\n    " + UPDATE)),
    momentum("momentum_rate_written_in", "writes a learning rate of 0.1 in", 0.7, "0.1 is written in",
        ("lr * grad", "0.1 * grad")),
    momentum("momentum_mu_written_in", "writes mu = 0.9 in", 0.7, "0.9 is written in",
        ("mu * velocity", "0.9 * velocity")),
    momentum("momentum_swapped_results", "returns velocity and w in the wrong order", 0.7, "velocity",
        (RETURN, "return velocity, w - velocity")),
    momentum("momentum_only_w", "returns w only", 1.0, "must return (w, velocity)", (RETURN, "return w - velocity")),
    momentum("momentum_global_velocity", "keeps the velocity in a global variable", 0.7, "kept between calls", """
_velocity = 0.0


def momentum_step(w, grad, velocity, lr, mu):
    global _velocity
    _velocity = mu * _velocity + lr * grad
    return w - _velocity, _velocity
"""),
]

ROOT = "(np.sqrt(mean_square) + eps)"
MEAN = "mean_square = alpha * mean_square + (1 - alpha) * grad**2"

rmsprop = partial(planted, "rmsprop")
RMSPROP = [
    rmsprop("rmsprop_no_root", "divides by the mean square itself", 0.55, "square root is missing",
        (ROOT, "(mean_square + eps)")),
    rmsprop("rmsprop_eps_inside", "has eps inside the root", 0.25, "inside the root",
        (ROOT, "np.sqrt(mean_square + eps)")),
    rmsprop("rmsprop_no_eps", "leaves out eps", 0.25, "eps is missing", (ROOT, "np.sqrt(mean_square)")),
    rmsprop("rmsprop_stale", "updates the average after the step", 0.55, "updated after the step", """
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    w = w - lr * grad / (np.sqrt(mean_square) + eps)
    return w, alpha * mean_square + (1 - alpha) * grad**2
"""),
    rmsprop("rmsprop_swapped", "swaps alpha and 1 - alpha", 0.45, "swapped",
        (MEAN, "mean_square = (1 - alpha) * mean_square + alpha * grad**2")),
    rmsprop("rmsprop_not_squared", "averages absolute gradients", 0.55, "square it", ("grad**2\n", "np.abs(grad)\n")),
    rmsprop("rmsprop_adagrad", "adds the squares up", 0.45, "that is AdaGrad",
        (MEAN, "mean_square = mean_square + grad**2")),
    rmsprop("rmsprop_undamped_new", "gives the new square its whole weight", 0.45, "new square enters whole",
        ("(1 - alpha) * grad**2", "grad**2")),
    rmsprop("rmsprop_bias_corrected", "corrects the average for its start", 0.45, "that is Adam",
        (ROOT, "(np.sqrt(mean_square / (1 - alpha)) + eps)")),
    rmsprop("rmsprop_state_reset", "does not use the old average", 0.45, "starts afresh",
        (MEAN, "mean_square = (1 - alpha) * grad**2")),
    rmsprop("rmsprop_climbs", "adds the step", 0.45, "climbs", ("w - lr", "w + lr")),
    rmsprop("rmsprop_one_for_all", "divides all coordinates by one number", 0.45, "one number divides",
        ("grad**2\n", "np.mean(grad**2)\n")),
    rmsprop("rmsprop_in_place", "updates the average in place", 0.1, "mean_square was changed in place",
        (MEAN, "mean_square *= alpha\n    mean_square += (1 - alpha) * grad**2")),
    rmsprop("rmsprop_w_in_place", "changes w in place", 0.1, "w was changed in place",
        ("return w - lr * grad / (np.sqrt(mean_square) + eps), mean_square",
         "w -= lr * grad / (np.sqrt(mean_square) + eps)\n    return w, mean_square")),
    rmsprop("rmsprop_square_without_average", "uses the square of this gradient alone", 0.45, "no average is kept",
        (MEAN, "mean_square = grad**2")),
    rmsprop("rmsprop_scalar_mean_square", "averages the squared length of the gradient", 0.45, "the sum of all squares",
        ("grad**2\n", "np.sum(grad**2)\n")),
    rmsprop("rmsprop_alpha_written_in", "writes alpha = 0.9 in", 0.25, "alpha is not used",
        (MEAN, "mean_square = 0.9 * mean_square + 0.1 * grad**2")),
    rmsprop("rmsprop_eps_written_in", "writes eps = 1e-8 in", 0.25, "eps is not used", ("+ eps)", "+ 1e-8)")),
    rmsprop("rmsprop_other_eps", "has TensorFlow's default of eps", 0.25, "w", ("eps=1e-8", "eps=1e-7")),
    rmsprop("rmsprop_rate_written_in", "writes a learning rate of 0.1 in", 0.45, "0.1 is written in",
        ("w - lr", "w - 0.1")),
    rmsprop("rmsprop_skips_the_first_step", "moves by nothing at the first step", 0.2, "first step is skipped", """
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    started = np.any(mean_square)
    mean_square = alpha * mean_square + (1 - alpha) * grad**2
    return w - started * lr * grad / (np.sqrt(mean_square) + eps), mean_square
"""),
    rmsprop("rmsprop_other_default", "has PyTorch's default of alpha", 0.2, "0.99 by default",
        ("alpha=0.9", "alpha=0.99")),
    rmsprop("rmsprop_returns_old_square", "returns the old average", 0.45, "old state", """
def rmsprop_step(w, grad, mean_square, lr, alpha=0.9, eps=1e-8):
    new = alpha * mean_square + (1 - alpha) * grad**2
    return w - lr * grad / (np.sqrt(new) + eps), mean_square
"""),
]

follow = partial(planted, "my_follow")
FOLLOW = [
    follow("my_follow_forgets_the_state", "gives every step a state of zeros", 0.3, "hand on",
        ("memory)", "np.zeros_like(start))")),
    follow("my_follow_slope_of_the_start", "takes every slope at the start", 0.3, "always that of the start",
        ("gradient(now.copy())", "gradient(start)")),
    follow("my_follow_without_the_start", "leaves the start out", 0.5, "shape", ("return places", "return places[1:]")),
    follow("my_follow_notes_before_the_step", "notes w before each step", 0.3, "the start is there twice", """
def my_follow(step, gradient, start, steps):
    place, memory, places = start, np.zeros_like(start), [start]
    for _ in range(steps):
        places.append(place)
        place, memory = step(place, gradient(place), memory)
    return np.stack(places)
"""),
    follow("my_follow_vectors_only", "makes a row of zeros for the state", 0.2, "shape",
        ("np.zeros_like(start)", "np.zeros(len(start))")),
    follow("my_follow_returns_the_last_place", "returns only where it ends", 0.5, "shape",
        ("return places", "return places[-1]")),
]

STEP_MISTAKES = [*SGD, *MOMENTUM, *FOLLOW, *RMSPROP]

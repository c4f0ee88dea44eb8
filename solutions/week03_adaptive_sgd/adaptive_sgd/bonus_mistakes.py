"""Mistakes in the bonus steps, and in an optimiser of one's own."""

from functools import partial

from grader.judge.authoring.mistakes import planted

nesterov = partial(planted, "nesterov")
NESTEROV = [
    nesterov("nesterov_gradient_here", "takes the gradient at w", 0.3, "plain momentum",
        ("grad_fn(w - mu * velocity)", "grad_fn(w)")),
    nesterov("nesterov_looks_back", "takes the gradient behind w", 0.3, "look ahead",
        ("w - mu * velocity)", "w + mu * velocity)")),
    nesterov("nesterov_looks_too_far", "forgets mu in the look-ahead point", 0.3, "mu is missing",
        ("w - mu * velocity)", "w - velocity)")),
    nesterov("nesterov_starts_ahead", "starts the step at the look-ahead point", 0.3, "w itself moves", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    w = w - mu * velocity
    velocity = mu * velocity + lr * grad_fn(w)
    return w - velocity, velocity
"""),
    nesterov("nesterov_velocity_sign", "keeps the velocity with the other sign", 0.2, "opposite sign", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    velocity = mu * velocity - lr * grad_fn(w + mu * velocity)
    return w + velocity, velocity
"""),
    nesterov("nesterov_climbs", "moves along the velocity", 0.3, "+velocity",
        ("w - velocity, velocity", "w + velocity, velocity")),
    nesterov("nesterov_in_place", "moves w to the look-ahead point in place", 0.4, "w was changed in place", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    w -= mu * velocity
    velocity = mu * velocity + lr * grad_fn(w)
    return w - velocity, velocity
"""),
]

NESTEROV += [
    nesterov("nesterov_velocity_in_place", "updates the velocity in place", 0.1, "velocity was changed in place", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    velocity *= mu
    velocity += lr * grad_fn(w - velocity)
    return w - velocity, velocity
"""),
    nesterov("nesterov_rate_written_in", "writes a learning rate of 0.1 in", 0.3, "0.1 is written in",
        ("lr * grad_fn", "0.1 * grad_fn")),
    nesterov("nesterov_mu_written_in", "writes mu = 0.9 in", 0.3, "0.9 is written in", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    velocity = 0.9 * velocity + lr * grad_fn(w - 0.9 * velocity)
    return w - velocity, velocity
"""),
    nesterov("nesterov_skips_the_first_step", "moves by nothing at the first step", 0.1, "first step is skipped", """
def nesterov_step(w, grad_fn, velocity, lr, mu):
    started = np.any(velocity)
    velocity = mu * velocity + lr * grad_fn(w - mu * velocity)
    return w - started * velocity, velocity
"""),
]

adagrad = partial(planted, "adagrad")
ADAGRAD = [
    adagrad("adagrad_no_root", "divides by the sum itself", 0.2, "square root is missing",
        ("(np.sqrt(sum_square) + eps)", "(sum_square + eps)")),
    adagrad("adagrad_eps_inside", "has eps inside the root", 0.1, "inside the root",
        ("(np.sqrt(sum_square) + eps)", "np.sqrt(sum_square + eps)")),
    adagrad("adagrad_no_eps", "leaves out eps", 0.1, "eps is missing",
        ("(np.sqrt(sum_square) + eps)", "np.sqrt(sum_square)")),
    adagrad("adagrad_stale", "adds the new square after the step", 0.2, "updated after the step", """
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    w = w - lr * grad / (np.sqrt(sum_square) + eps)
    return w, sum_square + grad**2
"""),
    adagrad("adagrad_rmsprop", "lets old squares fade", 0.2, "that is RMSProp",
        ("sum_square + grad**2", "0.9 * sum_square + 0.1 * grad**2")),
    adagrad("adagrad_not_squared", "adds up absolute gradients", 0.2, "square it", ("grad**2\n", "np.abs(grad)\n")),
    adagrad("adagrad_norm", "divides all coordinates by one number", 0.2, "one number divides",
        ("grad**2\n", "np.sum(grad**2)\n")),
    adagrad("adagrad_in_place", "adds in place", 0.1, "sum_square was changed in place",
        ("sum_square = sum_square + grad**2", "sum_square += grad**2")),
    adagrad("adagrad_state_reset", "does not use the old sum", 0.2, "starts afresh",
        ("sum_square + grad**2", "grad**2")),
]

ADAGRAD += [
    adagrad("adagrad_w_in_place", "changes w in place", 0.1, "w was changed in place", """
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    sum_square = sum_square + grad**2
    w -= lr * grad / (np.sqrt(sum_square) + eps)
    return w, sum_square
"""),
    adagrad("adagrad_other_eps", "has PyTorch's default of eps", 0.1, "1e-10 by default", ("eps=1e-8", "eps=1e-10")),
    adagrad("adagrad_eps_written_in", "writes eps = 1e-8 in", 0.1, "eps is not used", ("+ eps)", "+ 1e-8)")),
    adagrad("adagrad_rate_written_in", "writes a learning rate of 0.1 in", 0.2, "0.1 is written in",
        ("w - lr", "w - 0.1")),
    adagrad("adagrad_returns_old_sum", "returns the old sum", 0.2, "old state", """
def adagrad_step(w, grad, sum_square, lr, eps=1e-8):
    new = sum_square + grad**2
    return w - lr * grad / (np.sqrt(new) + eps), sum_square
"""),
]

M, V = "m = beta1 * m + (1 - beta1) * grad", "v = beta2 * v + (1 - beta2) * grad**2"
CORRECTIONS = "m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)"

adam = partial(planted, "adam")
ADAM = [
    adam("adam_no_correction", "leaves out both corrections", 0.25, "bias correction is missing",
        (CORRECTIONS, "m_hat, v_hat = m, v")),
    adam("adam_only_m_corrected", "corrects m only", 0.25, "v is too", ("v_hat = v / (1 - beta2**t)", "v_hat = v")),
    adam("adam_only_v_corrected", "corrects v only", 0.25, "m is too", ("m_hat = m / (1 - beta1**t)", "m_hat = m")),
    adam("adam_powered_bracket", "raises the brackets of the corrections to the power t", 0.2, "only beta is to be",
        ("(1 - beta1**t)", "(1 - beta1) ** t"), ("(1 - beta2**t)", "(1 - beta2) ** t")),
    adam("adam_bracket_in_m", "closes the bracket in m behind the gradient", 0.35, "the bracket in m holds grad",
        (M, M.replace("(1 - beta1) * grad", "(1 - beta1 * grad)"))),
    adam("adam_bracket_in_v", "closes the bracket in v behind the square", 0.4, "the bracket in v holds grad^2",
        (V, V.replace("(1 - beta2) * grad**2", "(1 - beta2 * grad**2)"))),
    adam("adam_bracket_in_both", "closes both brackets behind the gradient", 0.4, "the brackets in m and v hold",
        (M, M.replace("(1 - beta1) * grad", "(1 - beta1 * grad)")),
        (V, V.replace("(1 - beta2) * grad**2", "(1 - beta2 * grad**2)"))),
    adam("adam_t_from_zero", "counts t from 0", 0.3, "one too small", (CORRECTIONS, "t = t - 1\n    " + CORRECTIONS)),
    adam("adam_t_plus_one", "adds one to t", 0.25, "one too large", (CORRECTIONS, "t = t + 1\n    " + CORRECTIONS)),
    adam("adam_eps_inside", "has eps inside the root", 0.1, "inside the root",
        ("(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)")),
    adam("adam_no_root", "divides by v itself", 0.25, "square root is missing", ("np.sqrt(v_hat)", "v_hat")),
    adam("adam_returns_corrected", "returns the corrected moments", 0.2, "corrected moments are returned",
        ("(np.sqrt(v_hat) + eps), m, v", "(np.sqrt(v_hat) + eps), m_hat, v_hat")),
    adam("adam_swapped_betas", "swaps beta1 and beta2", 0.35, "swapped",
        (M, M.replace("beta1", "beta2")), (V, V.replace("beta2", "beta1"))),
    adam("adam_not_squared", "averages absolute gradients in v", 0.35, "square it", ("grad**2\n", "np.abs(grad)\n")),
    adam("adam_in_place", "updates the moments in place", 0.05, "m was changed in place",
        (M, "m *= beta1\n    m += (1 - beta1) * grad")),
    adam("adam_moments_reset", "does not use the old moments", 0.3, "start",
        (M, "m = (1 - beta1) * grad"), (V, "v = (1 - beta2) * grad**2")),
    adam("adam_climbs", "adds the step", 0.25, "climbs", ("w - lr", "w + lr")),
]

ADAM += [
    adam("adam_w_in_place", "changes w in place", 0.05, "w was changed in place",
        ("return w - lr * m_hat / (np.sqrt(v_hat) + eps), m, v",
         "w -= lr * m_hat / (np.sqrt(v_hat) + eps)\n    return w, m, v")),
    adam("adam_v_in_place", "updates v in place", 0.05, "v was changed in place",
        (V, "v *= beta2\n    v += (1 - beta2) * grad**2")),
    adam("adam_t_ignored", "corrects as at the first step", 0.2, "t is not used",
        ("beta1**t", "beta1"), ("beta2**t", "beta2")),
    adam("adam_rate_written_in", "writes a learning rate of 0.1 in", 0.25, "0.1 is written in", ("w - lr", "w - 0.1")),
    adam("adam_beta1_written_in", "writes beta1 = 0.9 in", 0.2, "beta1 is not used",
        (M, "beta1 = 0.9\n    " + M)),
    adam("adam_beta2_written_in", "writes beta2 = 0.999 in", 0.2, "beta2 is not used",
        (V, "beta2 = 0.999\n    " + V)),
    adam("adam_eps_written_in", "writes eps = 1e-8 in", 0.15, "eps is not used", ("+ eps)", "+ 1e-8)")),
    adam("adam_other_beta1", "has another default of beta1", 0.1, "w", ("beta1=0.9,", "beta1=0.95,")),
    adam("adam_other_beta2", "has another default of beta2", 0.1, "w", ("beta2=0.999", "beta2=0.99")),
    adam("adam_other_eps", "has another default of eps", 0.1, "w", ("eps=1e-8", "eps=1e-10")),
    adam("adam_skips_the_first_step", "moves by nothing at the first step", 0.15, "first step is skipped",
        ("return w - lr * m_hat", "return w - (t > 1) * lr * m_hat")),
]

adamw = partial(planted, "adamw")
ADAMW = [
    adamw("adamw_coupled", "adds the decay to the gradient", 0.35, "coupled", """
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return adam_step(w, grad + weight_decay * w, m, v, t, lr, beta1, beta2, eps)
"""),
    adamw("adamw_no_decay", "leaves out the decay", 0.25, "decay is missing", (" - lr * weight_decay * w", "")),
    adamw("adamw_decay_without_rate", "leaves the learning rate out of the decay", 0.25, "leaves out the learning rate",
        ("lr * weight_decay * w", "weight_decay * w")),
    adamw("adamw_decay_of_new", "takes the decay of the new w", 0.25, "of the new w",
        ("weight_decay * w", "weight_decay * stepped")),
    adamw("adamw_decay_grows", "adds the decay", 0.25, "wrong sign", ("stepped - lr", "stepped + lr")),
    adamw("adamw_other_default", "has optax's default decay", 0.15, "w", ("weight_decay=0.01", "weight_decay=1e-4")),
    adamw("adamw_in_place", "decays w in place", 0.05, "w was changed in place", """
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    stepped, m, v = adam_step(w, grad, m, v, t, lr, beta1, beta2, eps)
    w *= lr * weight_decay
    return stepped - w, m, v
"""),
]

CALL = "beta1, beta2, eps)"
ADAMW += [
    adamw("adamw_betas_left_out", "does not pass the betas on", 0.25, "beta1 and beta2 are not passed on",
        ("lr, " + CALL, "lr, eps=eps)")),
    adamw("adamw_options_left_out", "passes no option on", 0.25, "are not passed on", ("lr, " + CALL, "lr)")),
    adamw("adamw_eps_left_out", "does not pass eps on", 0.15, "eps is not used", (CALL, "beta1, beta2)")),
    adamw("adamw_decay_written_in", "writes the decay in", 0.25, "weight_decay is not used",
        ("lr * weight_decay", "lr * 0.01")),
    adamw("adamw_other_beta1", "has another default of beta1", 0.1, "w", ("beta1=0.9,", "beta1=0.95,")),
    adamw("adamw_other_beta2", "has another default of beta2", 0.1, "w", ("beta2=0.999", "beta2=0.99")),
    adamw("adamw_other_eps", "has another default of eps", 0.15, "w", ("eps=1e-8", "eps=1e-10")),
    adamw("adamw_m_in_place", "updates m in place", 0.05, "m was changed in place", """
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    m *= beta1
    m += (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    return w - lr * (m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps) + weight_decay * w), m, v
"""),
    adamw("adamw_w_in_place", "changes w in place and returns it", 0.05, "w was changed in place", """
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    stepped, m, v = adam_step(w, grad, m, v, t, lr, beta1, beta2, eps)
    stepped = stepped - lr * weight_decay * w
    w[...] = stepped
    return w, m, v
"""),
]

own = partial(planted, "own_optimizer")
OWN = [
    own("own_optimizer_plain_descent", "takes plain descent with one learning rate", 0.35, "is the goal", """
def my_step(w, grad, state, t):
    return w - 0.01 * grad, None
"""),
    own("own_optimizer_momentum", "takes momentum with one learning rate", 0.35, "any units", """
def my_step(w, grad, state, t):
    velocity = 0.9 * (np.zeros_like(w) if state is None else state) + 0.001 * grad
    return w - velocity, velocity
"""),
    own("own_optimizer_constant_adam", "takes Adam with one learning rate", 0.35, "is the goal", """
def my_step(w, grad, state, t):
    m, v = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    w, m, v = adam_step(w, grad, m, v, t, lr=0.1, beta2=0.99)
    return w, (m, v)
"""),
    own("own_optimizer_large_adam", "takes Adam with one large learning rate", 0.25, "is the goal", """
def my_step(w, grad, state, t):
    m, v = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    w, m, v = adam_step(w, grad, m, v, t, lr=30.0, beta2=0.99)
    return w, (m, v)
"""),
    own("own_optimizer_constant_adagrad", "takes AdaGrad with a rate of one", 0.35, "is the goal", """
def my_step(w, grad, state, t):
    return adagrad_step(w, grad, np.zeros_like(w) if state is None else state, 1.0)
"""),
    own("own_optimizer_too_tired", "lets Adam's rate fall whatever happens", 0.35, "is the goal", """
def my_step(w, grad, state, t):
    m, v = (np.zeros_like(w), np.zeros_like(w)) if state is None else state
    w, m, v = adam_step(w, grad, m, v, t, lr=1.0 / np.sqrt(t), beta2=0.99)
    return w, (m, v)
"""),
    own("own_optimizer_guesses_the_minimum", "goes to where the minimum might be", 0.4, "is the goal", """
def my_step(w, grad, state, t):
    return np.zeros_like(w) if t > 1 else np.ones_like(w), None
"""),
    own("own_optimizer_never_longer", "lets the rate fall only", 0.4, "is the goal", ("1.3 * rate", "rate")),
    own("own_optimizer_state_dropped", "forgets to return the state", 0.4, "must return (w, state)",
        ("return w + velocity, (velocity, rate)", "return w + velocity")),
    own("own_optimizer_global_rate", "keeps its first rate in a global variable", 0.05, "second run", """
first = 1e-3


def my_step(w, grad, state, t):
    global first
    if state is None:
        first *= 0.9
        state = np.zeros_like(w), np.zeros_like(w), first, np.zeros_like(w)
    m, v, rate, move = state
    rate *= 0.5 if np.sum(move * grad) > 0 else 1.15
    new, m, v = adam_step(w, grad, m, v, t, rate, beta2=0.9)
    return new, (m, v, rate, new - w)
"""),
    own("own_optimizer_vectors_only", "works for vectors only", 0.1, "grad has shape (4, 3)", """
def my_step(w, grad, state, t):
    if state is None:
        state = np.full(len(w), 1e-3), np.zeros(len(w))
    step, old = state
    new, step, slope = np.zeros(len(w)), step.copy(), np.zeros(len(w))
    for i in range(len(w)):
        step[i] *= 1.2 if grad[i] * old[i] > 0 else 0.5 if grad[i] * old[i] < 0 else 1.0
        slope[i] = grad[i] if grad[i] * old[i] >= 0 else 0.0
        new[i] = w[i] - step[i] * np.sign(slope[i])
    return new, (step, slope)
"""),
]

BONUS_MISTAKES = [*NESTEROV, *ADAGRAD, *ADAM, *ADAMW, *OWN]

"""Mistakes that students make in the lecture, planted one at a time in the reference."""

from functools import partial

from grader.judge.authoring.mistakes import planted

gd_rate = partial(planted, "gd_rate")
best_gd = partial(planted, "best_gd")
noise_floor = partial(planted, "noise_floor")
heavy_ball_rate = partial(planted, "heavy_ball_rate")
best_heavy_ball = partial(planted, "best_heavy_ball")

WORST = "np.max(np.abs(1 - eta * curvatures))"
SETTLED = "eta**2 * variance / (1 - shrinks)"
EIGEN = "np.max(np.abs(np.linalg.eigvals(step)))"
MATRIX = "[[1 - eta * k, -mu], [eta * k, mu]]"
PAIR = "eta, (largest - smallest) / (largest + smallest)"
THREE = "(2 / (low + high)) ** 2, rate**2, rate"

PLAIN = [
    gd_rate("gd_rate_no_size", "forgets the absolute value", 0.4, "the size of the factor is missing",
        (WORST, "np.max(1 - eta * curvatures)")),
    gd_rate("gd_rate_every_direction", "returns all factors", 1, "the worst of them is asked for",
        (WORST, "np.abs(1 - eta * curvatures)")),
    gd_rate("gd_rate_fastest", "takes the smallest factor", 0.8, "which is the fastest direction",
        ("np.max(", "np.min(")),
    gd_rate("gd_rate_mean", "averages over the directions", 0.8, "the mean over the directions",
        ("np.max(", "np.mean(")),
    gd_rate("gd_rate_steepest_only", "looks at the steepest direction only", 0.4, "the flattest may be slower",
        (WORST, "np.abs(1 - eta * np.max(curvatures))")),
    gd_rate("gd_rate_flattest_only", "looks at the flattest direction only", 0.4, "the steepest may diverge",
        (WORST, "np.abs(1 - eta * np.min(curvatures))")),
    gd_rate("gd_rate_of_the_loss", "squares the factor", 0.8, "the factor on the loss",
        (WORST, "np.max((1 - eta * curvatures) ** 2)")),
    gd_rate("gd_rate_sorted", "takes the first and the last curvature for the ends", 1, "they come in any order",
        (WORST, "max(abs(1 - eta * curvatures[0]), abs(1 - eta * curvatures[-1]))")),
    gd_rate("gd_rate_capped", "caps the factor at 1", 0.4, "cut off at 1",
        (WORST, "min(1.0, np.max(np.abs(1 - eta * curvatures)))")),
    gd_rate("gd_rate_product", "multiplies the factors", 0.8, "each direction goes its own way",
        (WORST, "np.prod(np.abs(1 - eta * curvatures))")),
    gd_rate("gd_rate_in_place", "computes in the caller's array", 0.2, "curvatures was changed in place",
        (WORST, "np.max(np.abs(np.subtract(1, np.multiply(curvatures, eta, out=curvatures), out=curvatures)))")),
    gd_rate("gd_rate_prints", "prints the factor and returns nothing", 1, "return",
        ("    return ", "    print(eta), ")),
]

BEST = [
    best_gd("best_gd_limit", "takes the limit for the best", 0.5, "this is the limit",
        ("2 / (smallest + largest)", "2 / largest")),
    best_gd("best_gd_one_step", "makes one step end the steepest direction", 0.5, "the flattest would like",
        ("2 / (smallest + largest)", "1 / largest")),
    best_gd("best_gd_no_two", "loses the 2", 0.5, "a factor 2 is missing",
        ("2 / (smallest + largest)", "1 / (smallest + largest)")),
    best_gd("best_gd_geometric", "takes the geometric mean", 0.5, "the geometric mean",
        ("2 / (smallest + largest)", "1 / np.sqrt(smallest * largest)")),
    best_gd("best_gd_negative", "returns the steepest direction's factor with its sign", 0.5, "its size is asked for",
        ("(largest - smallest)", "(smallest - largest)")),
    best_gd("best_gd_of_the_loss", "squares the factor", 0.5, "on the loss",
        ("(largest - smallest) / (largest + smallest)", "((largest - smallest) / (largest + smallest)) ** 2")),
    best_gd("best_gd_flattest_at_one_over_largest", "takes 1 - 1/k for the factor", 0.5, "(k - 1) / k",
        ("(largest - smallest) / (largest + smallest)", "1 - smallest / largest")),
    best_gd("best_gd_order", "returns the factor first", 1, "the order is (eta, rate)",
        (PAIR, "(largest - smallest) / (largest + smallest), eta")),
    best_gd("best_gd_only_eta", "returns the learning rate alone", 1, "2",
        (PAIR, "eta")),
    best_gd("best_gd_condition", "returns the condition number", 0.5, "the condition number",
        ("(largest - smallest) / (largest + smallest)", "largest / smallest")),
]

NOISE = [
    noise_floor("noise_floor_short_steps", "drops the square", 1, "the limit for short steps",
        (SETTLED, "eta * variance / (2 * curvature)")),
    noise_floor("noise_floor_not_squared", "does not square the factor", 1, "must be squared",
        ("(1 - eta * curvature) ** 2", "1 - eta * curvature")),
    noise_floor("noise_floor_eta_once", "does not square eta", 1, "the square of eta",
        ("eta**2 * variance", "eta * variance")),
    noise_floor("noise_floor_one_step", "takes the noise of one step", 1, "what is left of earlier noise",
        (SETTLED, "eta**2 * variance")),
    noise_floor("noise_floor_root", "returns a distance", 1, "the root of it",
        (SETTLED, "np.sqrt(eta**2 * variance / (1 - shrinks))")),
    noise_floor("noise_floor_loss", "returns the mean loss", 1, "the mean loss",
        (SETTLED, "curvature / 2 * eta**2 * variance / (1 - shrinks)")),
    noise_floor("noise_floor_variance_squared", "squares the variance", 1, "the variance is squared",
        ("eta**2 * variance", "eta**2 * variance**2")),
    noise_floor("noise_floor_no_curvature", "leaves the curvature out", 1, "the curvature is left out",
        ("(1 - eta * curvature) ** 2", "(1 - eta) ** 2")),
    noise_floor("noise_floor_sign", "subtracts the wrong way round", 1, "the sign",
        ("(1 - shrinks)", "(shrinks - 1)")),
    noise_floor("noise_floor_few_steps", "iterates ten times only", 1, "",
        ("    return " + SETTLED,
         "    square = 0.0\n    for _ in range(10):\n        square = shrinks * square + eta**2 * variance\n"
         "    return square")),
]

BALL = [
    heavy_ball_rate("heavy_ball_rate_real_part", "takes the real part", 0.3, "the real part",
        ("np.abs(np.linalg.eigvals(step))", "np.abs(np.linalg.eigvals(step).real)")),
    heavy_ball_rate("heavy_ball_rate_largest", "does not take the size of an eigenvalue", 0.5, "",
        (EIGEN, "np.max(np.linalg.eigvals(step).real)")),
    heavy_ball_rate("heavy_ball_rate_norm", "takes the norm of the matrix", 0.8, "singular value",
        (EIGEN, "np.linalg.norm(step, 2)")),
    heavy_ball_rate("heavy_ball_rate_sqrt_mu", "takes sqrt(mu) everywhere", 0.7, "all roots are complex",
        (EIGEN, "np.sqrt(mu)")),
    heavy_ball_rate("heavy_ball_rate_damped_gradient", "multiplies the gradient by 1 - mu", 0.8, "undiminished",
        (MATRIX, "[[1 - (1 - mu) * eta * k, -mu], [(1 - mu) * eta * k, mu]]")),
    heavy_ball_rate("heavy_ball_rate_nesterov", "takes Nesterov's matrix", 0.8, "Nesterov",
        (MATRIX, "[[1 - eta * k, -mu * (1 - eta * k)], [eta * k, mu * (1 - eta * k)]]")),
    heavy_ball_rate("heavy_ball_rate_old_velocity", "moves by the old velocity", 0.8, "velocity of before",
        (MATRIX, "[[1, -1], [eta * k, mu]]")),
    heavy_ball_rate("heavy_ball_rate_plus_mu", "has the wrong sign of mu", 0.8, "enters the new w with the wrong sign",
        (MATRIX, "[[1 - eta * k, mu], [eta * k, mu]]")),
    heavy_ball_rate("heavy_ball_rate_first_direction", "looks at the first direction only", 0.5, "the first direction",
        ("for k in curvatures:", "for k in curvatures[:1]:")),
    heavy_ball_rate("heavy_ball_rate_flattest", "looks at the flattest direction only", 0.2, "and one is larger",
        ("for k in curvatures:", "for k in [np.min(curvatures)]:")),
    heavy_ball_rate("heavy_ball_rate_fastest", "takes the fastest direction", 0.5, "the fastest direction",
        ("worst = 0.0", "worst = np.inf"), ("worst = max(", "worst = min(")),
    heavy_ball_rate("heavy_ball_rate_no_memory", "leaves the memory out", 0.8, "plain descent",
        (MATRIX, "[[1 - eta * k, 0], [eta * k, 0]]")),
    heavy_ball_rate("heavy_ball_rate_real_root_only", "drops what is below the root", 0.3, "imaginary part",
        (EIGEN, "abs((1 + mu - eta * k) / 2) + np.sqrt(max(0, ((1 + mu - eta * k) / 2) ** 2 - mu))")),
    heavy_ball_rate("heavy_ball_rate_nan", "takes the root of a negative number", 0.3, "",
        (EIGEN, "abs((1 + mu - eta * k) / 2) + np.sqrt(((1 + mu - eta * k) / 2) ** 2 - mu)")),
    heavy_ball_rate("heavy_ball_rate_capped", "caps the factor at 1", 0.2, "cut off at 1",
        ("return worst", "return min(worst, 1.0)")),
]

POLYAK = [
    best_heavy_ball("best_heavy_ball_eta_root", "does not square", 0.4, "still to be squared",
        ("(2 / (low + high)) ** 2", "2 / (low + high)")),
    best_heavy_ball("best_heavy_ball_plain_eta", "takes plain descent's rate", 0.4, "with memory a longer step",
        ("(2 / (low + high)) ** 2", "2 / (smallest + largest)")),
    best_heavy_ball("best_heavy_ball_mu_root", "returns the factor for mu", 0.3, "the root of mu",
        ("rate**2, rate", "rate, rate")),
    best_heavy_ball("best_heavy_ball_rate_squared", "returns mu for the factor", 0.3, "has the size sqrt(mu)",
        ("rate**2, rate", "rate**2, rate**2")),
    best_heavy_ball("best_heavy_ball_habit", "takes 0.9 out of habit", 0.3, "a good habit",
        ("rate**2, rate", "0.9, rate")),
    best_heavy_ball("best_heavy_ball_no_roots", "forgets the roots of the curvatures", 1, "",
        ("np.sqrt(smallest), np.sqrt(largest)", "smallest, largest")),
    best_heavy_ball("best_heavy_ball_rate_of_descent", "returns plain descent's factor", 0.3,
        "the factor of plain descent", ("rate**2, rate", "rate**2, (largest - smallest) / (largest + smallest)")),
    best_heavy_ball("best_heavy_ball_order", "returns mu first", 0.7, "the order is (eta, mu, rate)",
        (THREE, "rate**2, (2 / (low + high)) ** 2, rate")),
    best_heavy_ball("best_heavy_ball_two", "leaves the factor out", 1, "",
        (THREE, "(2 / (low + high)) ** 2, rate**2")),
    best_heavy_ball("best_heavy_ball_limit", "takes the largest rate that converges", 0.4, "there it does not converge",
        ("(2 / (low + high)) ** 2", "2 * (1 + rate**2) / largest")),
]

MISTAKES = [*PLAIN, *BEST, *NOISE, *BALL, *POLYAK]

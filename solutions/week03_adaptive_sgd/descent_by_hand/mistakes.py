"""Mistakes that students make on the worksheet: wrong numbers, each with the slip that gives it.

Many lose a single step: what follows rightly from it keeps its points.
"""

from grader.judge.authoring.mistakes import Mistake


def number(cell, name, about, value, loses, hint):
    """A wrong answer of the cell ``cell`` that loses the points ``loses``, and no others."""
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, source=f"{cell} = {value}\n")


def parabola(name, about, expression, loses, hint):
    source = f"def one_step_parabola(a, b, c):\n    return {expression}\n"
    cell = "one_step_parabola"
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, source=source)


def schedule(name, about, values, interval, loses, hint):
    source = f"robbins_monro = {values}\np_range = {interval}\n"
    cell = "robbins_monro"
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, source=source)


RIGHT = [True, False, False, False, False]

MISTAKES = [
    number("ols", "line_through_both", "fits a line with an intercept", 1.0, 0.5, "through the origin"),
    number("ols", "ratio_of_means", "divides the means", 1.66667, 0.5, "ratio of the means"),
    number("ols", "mean_of_ratios", "averages y / x", 1.75, 0.5, "mean of the two ratios"),
    number("ols", "upside_down", "divides the wrong way round", 0.625, 0.5, "upside down"),
    number("ols", "rounded", "rounds too much", 1.601, 0.5, "four decimals"),
    number("gd_steps", "summed", "takes the sum of both errors", [1.6, 1.6, 1.6], 0.2, "not their sum"),
    number("gd_steps", "half", "forgets the 2 of the squares", [0.4, 0.7, 0.925], 0.5, "the 2 of the squares"),
    number("gd_steps", "climbs", "adds the slope", [-0.8, -2.0, -3.8], 0.5, "climbs"),
    number(
        "gd_steps", "slip_in_the_first", "slips once and goes on rightly", [0.7, 1.15, 1.375], 0.2, "another number"
    ),
    number("gd_steps", "slip_in_the_second", "slips in the second step only", [0.8, 1.3, 1.45], 0.15, "step 2"),
    number("gd_steps", "with_the_start", "lists the start too", [0, 0.8, 1.2, 1.4], 0.5, "start w0 is not part"),
    number("gd_steps", "one_step_only", "stops after the first step", [0.8, None, None], 0.3, "not written yet"),
    number("sgd_steps", "whole_loss", "steps on both samples", [0.8, 1.2, 1.4, 1.5], 0.5, "one at a time"),
    number("sgd_steps", "half", "forgets the 2", [0.2, 0.72, 0.848, 1.1088], 0.5, "the 2, or the x, is missing"),
    number(
        "sgd_steps", "other_order", "starts with the second sample", [1.2, 1.36, 1.472, 1.5776], 0.5, "come in order"
    ),
    number(
        "sgd_steps", "no_inner", "forgets the factor x", [0.4, 0.84, 1.072, 1.2432], 0.25, "the 2, or the x, is missing"
    ),
    number("sgd_steps", "slip_in_the_third", "slips once", [0.4, 1.28, 1.434, 1.4868], 0.125, "step 3"),
    number("momentum_steps", "plain", "leaves the old velocity out", [0.8, 1.2], 0.25, "velocity is left out"),
    number(
        "momentum_steps", "averaged", "gives the slope the weight 1 - alpha", [0.08, 0.228], 0.5, "weight 1 - alpha"
    ),
    number("momentum_steps", "undamped", "forgets alpha", [0.8, 2.0], 0.25, "alpha is missing"),
    number("momentum_steps", "against", "subtracts the old velocity", [0.8, 0.48], 0.25, "wrong sign"),
    number("momentum_steps", "slip_in_the_first", "slips once", [0.7, 1.78], 0.25, "step 1"),
    number("nesterov_steps", "momentum", "takes the slope at w", [0.8, 1.92], 0.25, "this is momentum"),
    number("nesterov_steps", "back", "looks back", [0.8, 2.28], 0.25, "looks back"),
    number("nesterov_steps", "too_far", "looks ahead by the whole velocity", [0.8, 1.52], 0.25, "alpha is missing"),
    number("nesterov_steps", "plain", "leaves the old velocity out", [0.8, 1.2], 0.25, "velocity is left out"),
    number("nesterov_steps", "slip_in_the_first", "slips once", [0.7, 1.465], 0.25, "step 1"),
    number("rmsprop_steps", "no_root", "divides by the mean square", [0.125, 0.2119], 0.5, "square root is missing"),
    number("rmsprop_steps", "adagrad", "adds the squares up", [0.1, 0.16839], 0.5, "AdaGrad"),
    number("rmsprop_steps", "corrected", "corrects for the start", [0.1, 0.19689], 0.5, "Adam"),
    number("rmsprop_steps", "swapped", "swaps alpha and 1 - alpha", [0.10541, 0.20964], 0.5, "swapped"),
    number(
        "rmsprop_steps", "one_square", "leaves the old average out", [0.31623, 0.63246], 0.25, "old average is left out"
    ),
    number("rmsprop_steps", "rounded", "rounds too early", [0.32, 0.52], 0.5, "four decimals"),
    number("adam_steps", "no_correction", "leaves both corrections out", [0.1, 0.14357], 0.25, "both corrections"),
    number("adam_steps", "only_v", "corrects v only", [0.01, 0.02897], 0.5, "m is not corrected"),
    number("adam_steps", "only_m", "corrects m only", [0.31623, 0.52749], 0.5, "v is not corrected"),
    number("adam_steps", "stuck_count", "corrects with t = 1 twice", [0.1, 0.23777], 0.25, "t is 2 now"),
    number("adam_steps", "climbs", "adds the steps", [-0.1, -0.2], 0.5, "climbs"),
    number("logistic_step", "climbs", "climbs", 1.04967, 0.5, "climbs"),
    number("logistic_step", "other_factor", "has sigma for 1 - sigma", 0.99967, 0.5, "factor is 1 - sigma"),
    number("logistic_step", "no_x", "forgets the factor x", 0.99007, 0.5, "factor x is missing"),
    number("logistic_step", "no_rate", "forgets the learning rate", -3.96654, 0.5, "learning rate is missing"),
    number("logistic_step", "slope_only", "writes the slope", 4.96654, 0.5, "this is the slope"),
    parabola("no_two", "forgets the 2", "1 / a", 0.3, "factor 2 is missing"),
    parabola("upside_down", "writes the curvature", "2 * a", 0.5, "upside down"),
    parabola("where", "writes where the minimum is", "-b / (2 * a)", 0.5, "where the minimum is"),
    parabola("quarter", "has a factor 2 too much", "1 / (4 * a)", 0.3, "factor 2 too much"),
    parabola("negative", "has a minus", "-1 / (2 * a)", 0.3, "the sign"),
    parabola("with_b", "lets b in", "b / (2 * a)", 0.5, "b has no influence"),
    number("ridge_step", "no_half", "forgets the 1/2", 0.4, 0.5, "1/2 in front"),
    number("ridge_step", "climbs", "adds the slope", -0.2, 0.5, "climbs"),
    number("ridge_step", "no_rate", "forgets the learning rate", 2.0, 0.5, "learning rate is missing"),
    number("ridge_step", "minimum", "writes the minimum", 1.0, 0.5, "infinitely many"),
    number("ridge_step", "half_error", "divides the slope by 2", 0.1, 0.5, "slope of the error"),
    schedule("all_true", "says True five times", [True] * 5, (0.5, 1), 0.3, "all five values are the same"),
    schedule(
        "harmonic", "takes the harmonic series for finite", [False, False, True, False, False], (0.5, 1), 0.2, "1/t"
    ),
    schedule("only_divergence", "looks at the first sum only", [True, True, True, False, False], (0, 1), 0.3, "t^-0.3"),
    schedule(
        "only_squares", "looks at the squares only", [True, False, False, True, True], (0.5, 100), 0.3, "its own sum"
    ),
    schedule("from_zero", "lets p start at 0", RIGHT, (0, 1), 0.2, "at 0 the rate is constant"),
    schedule("too_high", "shifts the interval", RIGHT, (1, 2), 0.2, "both ends are too high"),
]

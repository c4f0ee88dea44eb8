"""Mistakes that students make on the worksheet: wrong numbers, each with the slip that gives it.

Many lose a single step: what follows rightly from it keeps its points.
"""

from functools import partial

from grader.judge.authoring.mistakes import planted

PARABOLA = "def one_step_parabola(a, b, c):\n    return "

ols = partial(planted, "ols")
gd_steps = partial(planted, "gd_steps")
sgd_steps = partial(planted, "sgd_steps")
momentum_steps = partial(planted, "momentum_steps")
nesterov_steps = partial(planted, "nesterov_steps")
rmsprop_steps = partial(planted, "rmsprop_steps")
adam_steps = partial(planted, "adam_steps")
logistic_step = partial(planted, "logistic_step")
parabola = partial(planted, "one_step_parabola")
ridge_step = partial(planted, "ridge_step")
robbins_monro = partial(planted, "robbins_monro")
MISTAKES = [
    ols("ols_line_through_both", "fits a line with an intercept", 0.5, "through the origin", "ols = 1.0"),
    ols("ols_ratio_of_means", "divides the means", 0.5, "ratio of the means", "ols = 1.66667"),
    ols("ols_mean_of_ratios", "averages y / x", 0.5, "mean of the two ratios", "ols = 1.75"),
    ols("ols_upside_down", "divides the wrong way round", 0.5, "upside down", "ols = 0.625"),
    ols("ols_rounded", "rounds too much", 0.5, "round at the end only", "ols = 1.601"),
    gd_steps("gd_steps_summed", "takes the sum of both errors", 0.2, "not their sum", "gd_steps = [1.6, 1.6, 1.6]"),
    gd_steps("gd_steps_half", "forgets the 2 of the squares", 0.5, "the 2 of the squares",
        "gd_steps = [0.4, 0.7, 0.925]"),
    gd_steps("gd_steps_climbs", "adds the slope", 0.5, "climbs", "gd_steps = [-0.8, -2.0, -3.8]"),
    gd_steps("gd_steps_slip_in_the_first", "slips once and goes on rightly", 0.2, "another number",
        "gd_steps = [0.7, 1.15, 1.375]"),
    gd_steps("gd_steps_slip_in_the_second", "slips in the second step only", 0.15, "step 2",
        "gd_steps = [0.8, 1.3, 1.45]"),
    gd_steps("gd_steps_with_the_start", "lists the start too", 0.5, "start w0 is not part",
        "gd_steps = [0, 0.8, 1.2, 1.4]"),
    gd_steps("gd_steps_one_step_only", "stops after the first step", 0.3, "not written yet",
        "gd_steps = [0.8, None, None]"),
    sgd_steps("sgd_steps_whole_loss", "steps on both samples", 0.5, "one at a time",
        "sgd_steps = [0.8, 1.2, 1.4, 1.5]"),
    sgd_steps("sgd_steps_half", "forgets the 2", 0.5, "the 2, or the x, is missing",
        "sgd_steps = [0.2, 0.72, 0.848, 1.1088]"),
    sgd_steps("sgd_steps_other_order", "starts with the second sample", 0.5, "come in order",
        "sgd_steps = [1.2, 1.36, 1.472, 1.5776]"),
    sgd_steps("sgd_steps_no_inner", "forgets the factor x", 0.25, "the 2, or the x, is missing",
        "sgd_steps = [0.4, 0.84, 1.072, 1.2432]"),
    sgd_steps("sgd_steps_slip_in_the_third", "slips once", 0.125, "step 3", "sgd_steps = [0.4, 1.28, 1.434, 1.4868]"),
    momentum_steps("momentum_steps_plain", "leaves the old velocity out", 0.25, "velocity is left out",
        "momentum_steps = [0.8, 1.2]"),
    momentum_steps("momentum_steps_averaged", "gives the slope the weight 1 - alpha", 0.5, "weight 1 - alpha",
        "momentum_steps = [0.08, 0.228]"),
    momentum_steps("momentum_steps_undamped", "forgets alpha", 0.25, "alpha is missing", "momentum_steps = [0.8, 2.0]"),
    momentum_steps("momentum_steps_against", "subtracts the old velocity", 0.25, "wrong sign",
        "momentum_steps = [0.8, 0.48]"),
    momentum_steps("momentum_steps_slip_in_the_first", "slips once", 0.25, "step 1", "momentum_steps = [0.7, 1.78]"),
    nesterov_steps("nesterov_steps_momentum", "takes the slope at w", 0.25, "this is momentum",
        "nesterov_steps = [0.8, 1.92]"),
    nesterov_steps("nesterov_steps_back", "looks back", 0.25, "looks back", "nesterov_steps = [0.8, 2.28]"),
    nesterov_steps("nesterov_steps_too_far", "looks ahead by the whole velocity", 0.25, "alpha is missing",
        "nesterov_steps = [0.8, 1.52]"),
    nesterov_steps("nesterov_steps_plain", "leaves the old velocity out", 0.25, "velocity is left out",
        "nesterov_steps = [0.8, 1.2]"),
    nesterov_steps("nesterov_steps_slip_in_the_first", "slips once", 0.25, "step 1", "nesterov_steps = [0.7, 1.465]"),
    rmsprop_steps("rmsprop_steps_no_root", "divides by the mean square", 0.5, "square root is missing",
        "rmsprop_steps = [0.125, 0.2119]"),
    rmsprop_steps("rmsprop_steps_adagrad", "adds the squares up", 0.5, "AdaGrad", "rmsprop_steps = [0.1, 0.16839]"),
    rmsprop_steps("rmsprop_steps_corrected", "corrects for the start", 0.5, "Adam", "rmsprop_steps = [0.1, 0.19689]"),
    rmsprop_steps("rmsprop_steps_swapped", "swaps alpha and 1 - alpha", 0.5, "swapped",
        "rmsprop_steps = [0.10541, 0.20964]"),
    rmsprop_steps("rmsprop_steps_one_square", "leaves the old average out", 0.25, "old average is left out",
        "rmsprop_steps = [0.31623, 0.63246]"),
    rmsprop_steps("rmsprop_steps_rounded", "rounds too early", 0.5, "round at the end only",
        "rmsprop_steps = [0.32, 0.52]"),
    adam_steps("adam_steps_no_correction", "leaves both corrections out", 0.25, "both corrections",
        "adam_steps = [0.1, 0.14357]"),
    adam_steps("adam_steps_only_v", "corrects v only", 0.5, "m is not corrected", "adam_steps = [0.01, 0.02897]"),
    adam_steps("adam_steps_only_m", "corrects m only", 0.5, "v is not corrected", "adam_steps = [0.31623, 0.52749]"),
    adam_steps("adam_steps_stuck_count", "corrects with t = 1 twice", 0.25, "t is 2 now",
        "adam_steps = [0.1, 0.23777]"),
    adam_steps("adam_steps_climbs", "adds the steps", 0.5, "climbs", "adam_steps = [-0.1, -0.2]"),
    logistic_step("logistic_step_climbs", "climbs", 0.5, "climbs", "logistic_step = 1.04967"),
    logistic_step("logistic_step_other_factor", "has sigma for 1 - sigma", 0.5, "factor is 1 - sigma",
        "logistic_step = 0.99967"),
    logistic_step("logistic_step_no_x", "forgets the factor x", 0.5, "factor x is missing", "logistic_step = 1.00993"),
    logistic_step("logistic_step_no_rate", "forgets the learning rate", 0.5, "learning rate is missing",
        "logistic_step = -3.96654"),
    logistic_step("logistic_step_slope_only", "writes the slope", 0.5, "this is the slope", "logistic_step = 4.96654"),
    parabola("one_step_parabola_no_two", "forgets the 2", 0.3, "factor 2 is missing", PARABOLA + "1 / a"),
    parabola("one_step_parabola_upside_down", "writes the curvature", 0.5, "upside down", PARABOLA + "2 * a"),
    parabola("one_step_parabola_where", "writes where the minimum is", 0.5, "where the minimum is",
        PARABOLA + "-b / (2 * a)"),
    parabola("one_step_parabola_quarter", "has a factor 2 too much", 0.3, "factor 2 too much",
        PARABOLA + "1 / (4 * a)"),
    parabola("one_step_parabola_negative", "has a minus", 0.3, "the sign", PARABOLA + "-1 / (2 * a)"),
    parabola("one_step_parabola_with_b", "lets b in", 0.5, "b has no influence", PARABOLA + "b / (2 * a)"),
    ridge_step("ridge_step_no_half", "forgets the 1/2", 0.5, "1/2 in front", "ridge_step = 0.4"),
    ridge_step("ridge_step_climbs", "adds the slope", 0.5, "climbs", "ridge_step = -0.2"),
    ridge_step("ridge_step_no_rate", "forgets the learning rate", 0.5, "learning rate is missing", "ridge_step = 2.0"),
    ridge_step("ridge_step_minimum", "writes the minimum", 0.5, "infinitely many", "ridge_step = 1.0"),
    ridge_step("ridge_step_half_error", "divides the slope by 2", 0.5, "slope of the error", "ridge_step = 0.1"),
    robbins_monro("robbins_monro_all_true", "says True five times", 0.3, "all five values are the same",
        "robbins_monro = [True, True, True, True, True]\np_range = (0.5, 1)"),
    robbins_monro("robbins_monro_harmonic", "takes the harmonic series for finite", 0.2, "1/t",
        "robbins_monro = [False, False, True, False, False]\np_range = (0.5, 1)"),
    robbins_monro("robbins_monro_only_divergence", "looks at the first sum only", 0.3, "t^-0.3",
        "robbins_monro = [True, True, True, False, False]\np_range = (0, 1)"),
    robbins_monro("robbins_monro_only_squares", "looks at the squares only", 0.3, "its own sum",
        "robbins_monro = [True, False, False, True, True]\np_range = (0.5, 100)"),
    robbins_monro("robbins_monro_from_zero", "lets p start at 0", 0.2, "at 0 the rate is constant",
        "robbins_monro = [True, False, False, False, False]\np_range = (0, 1)"),
    robbins_monro("robbins_monro_too_high", "shifts the interval", 0.2, "both ends are too high",
        "robbins_monro = [True, False, False, False, False]\np_range = (1, 2)"),
]

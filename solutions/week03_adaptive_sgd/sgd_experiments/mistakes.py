"""Mistakes that students make in the seminar: answers, each with the slip that gives it."""

from functools import partial

from grader.judge.authoring.mistakes import planted

HALF = "(lr_high - lr_low) * (1 + np.cos(np.pi * share)) / 2"

step_limit = partial(planted, "step_limit")
batch_noise = partial(planted, "batch_noise")
noise_floor = partial(planted, "noise_floor")
shuffling = partial(planted, "shuffling")
momentum_limit = partial(planted, "momentum_limit")
best_momentum = partial(planted, "best_momentum")
reach = partial(planted, "reach")
cosine_rate = partial(planted, "cosine_rate")
MISTAKES = [
    step_limit("step_limit_flattest", "takes the flattest axis", 0.5, "the steepest decides", "step_limit = 1.0"),
    step_limit("step_limit_middle", "takes the axis in the middle", 0.5, "the steepest decides", "step_limit = 0.4"),
    step_limit("step_limit_one_step", "takes the rate that ends in one step", 0.5, "twice as much",
        "step_limit = 0.125"),
    step_limit("step_limit_sum", "adds the curvatures up", 0.5, "sum of the curvatures", "step_limit = 2 / 15"),
    step_limit("step_limit_upside_down", "divides the wrong way round", 0.5, "upside down", "step_limit = 4"),
    step_limit("step_limit_unknown", "guesses", 0.5, "another number", "step_limit = 0.3"),
    batch_noise("batch_noise_variance", "takes the variance", 0.5, "its root", "batch_noise = 25"),
    batch_noise("batch_noise_upside_down", "divides the wrong way round", 0.5, "upside down", "batch_noise = 0.2"),
    batch_noise("batch_noise_from_one", "starts at batches of one", 0.5, "begin at 4", "batch_noise = 10"),
    batch_noise("batch_noise_root_of_difference", "takes the root of the difference", 0.5, "root of the difference",
        "batch_noise = 9.798"),
    batch_noise("batch_noise_difference", "takes the difference", 0.5, "the ratio", "batch_noise = 96"),
    batch_noise("batch_noise_text", "writes a text", 0.5, "write the number without quotes",
        'batch_noise = "five"'),
    noise_floor("noise_floor_none", "sees no effect", 0.5, "multiplied by the learning rate", 'noise_floor = "a"'),
    noise_floor("noise_floor_cubed", "overestimates", 0.5, "too much", 'noise_floor = "c"'),
    noise_floor("noise_floor_zero", "expects convergence", 0.5, "fresh noise", 'noise_floor = "d"'),
    noise_floor("noise_floor_word", "writes the answer in words", 0.5, "write one of", 'noise_floor = "half"'),
    noise_floor("noise_floor_empty", "leaves None", 0.5, "not written yet", "noise_floor = None"),
    shuffling("shuffling_drawn", "blames repetition", 0.5, "drawn twice", 'shuffling = "a"'),
    shuffling("shuffling_last_batch", "blames the last batch", 0.5, "another one in every epoch", 'shuffling = "b"'),
    shuffling("shuffling_all", "blames the rate", 0.5, "the same loop", 'shuffling = "d"'),
    shuffling("shuffling_number", "writes a number", 0.5, "write one of", "shuffling = 3"),
    shuffling("shuffling_other_letter", "writes a letter that is none", 0.5, "write one of", 'shuffling = "e"'),
    momentum_limit("momentum_limit_plain", "forgets momentum", 0.5, "limit of plain descent", "momentum_limit = 0.2"),
    momentum_limit("momentum_limit_sign", "has the wrong sign of mu", 0.5, "the sign of mu", "momentum_limit = 0.02"),
    momentum_limit("momentum_limit_no_two", "forgets the 2", 0.5, "factor 2", "momentum_limit = 0.19"),
    momentum_limit("momentum_limit_no_curvature", "forgets the curvature", 0.5, "curvature is missing",
        "momentum_limit = 3.8"),
    momentum_limit("momentum_limit_longer", "takes steps that are 1 / (1 - mu) as long", 0.5, "divided by 1 - mu",
        "momentum_limit = 2.0"),
    momentum_limit("momentum_limit_read_roughly", "reads the map roughly", 0.5, "another number",
        "momentum_limit = 0.4"),
    best_momentum("best_momentum_plain", "takes plain descent", 0.5, "best rate of plain descent",
        "best_momentum = (0.0769, 0.0)"),
    best_momentum("best_momentum_habit", "takes 0.9 out of habit", 0.5, "good habit", "best_momentum = (0.1111, 0.9)"),
    best_momentum("best_momentum_not_squared", "forgets to square", 0.5, "its square",
        "best_momentum = (0.1111, 0.6667)"),
    best_momentum("best_momentum_swapped", "swaps the two", 0.5, "order is (eta, mu)",
        "best_momentum = (0.4444, 0.1111)"),
    best_momentum("best_momentum_only_one", "writes one number", 0.5, "write a list of 2 numbers",
        "best_momentum = 0.1111"),
    reach("reach_no_half", "forgets the factor", 0.5, "factor 0.5", "reach = 1.6449"),
    reach("reach_without_first", "leaves the first term out", 0.5, "first term", "reach = 0.3225"),
    reach("reach_first_step", "stops after a step", 0.5, "first step alone", "reach = 0.5"),
    reach("reach_ten_terms", "adds ten terms", 0.5, "partial sum", "reach = 0.7749"),
    reach("reach_geometric", "adds powers of 1/2", 0.5, "the squares of 1, 2, 3", "reach = 1.0"),
    reach("reach_infinite", "takes the sum for infinite", 0.5, "write a finite number", 'reach = float("inf")'),
    cosine_rate("cosine_rate_no_pi", "forgets pi", 0.5, "factor pi", ("np.pi * share", "share")),
    cosine_rate("cosine_rate_whole_wave", "takes a whole wave", 0.5, "whole wave",
        ("np.pi * share", "2 * np.pi * share")),
    cosine_rate("cosine_rate_rises", "starts low", 0.5, "it starts low", ("1 + np.cos", "1 - np.cos")),
    cosine_rate("cosine_rate_no_half", "forgets the 1/2", 0.3, "1/2 is missing", (HALF, HALF.removesuffix(" / 2"))),
    cosine_rate("cosine_rate_brackets", "leaves out the brackets around the sum", 0.5, "brackets around 1 + cos",
        (HALF, "(lr_high - lr_low) * 1 + np.cos(np.pi * share) / 2")),
    cosine_rate("cosine_rate_one_step_less", "divides by steps - 1", 0.3, "steps - 1",
        ("t / steps", "t / (steps - 1)")),
    cosine_rate("cosine_rate_goes_on", "lets the wave go on", 0.2, "the wave goes on",
        ("min(t / steps, 1.0)", "t / steps")),
    cosine_rate("cosine_rate_ends_at_zero", "returns 0 after the end", 0.2, "falls to 0",
        ("    share =", "    if t > steps:\n        return 0.0\n    share =")),
    cosine_rate("cosine_rate_low_on_top", "adds lr_low on top", 0.3, "height is not reduced",
        ("(lr_high - lr_low)", "lr_high")),
    cosine_rate("cosine_rate_line", "takes a straight line", 0.3, "straight line",
        (HALF, "(lr_high - lr_low) * (1 - share)")),
]

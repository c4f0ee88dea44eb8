"""Mistakes that students make in the seminar: answers, each with the slip that gives it."""

from grader.judge.authoring.mistakes import Mistake

HALF = "(lr_high - lr_low) * (1 + np.cos(np.pi * share)) / 2"


def answer(cell, name, about, value, hint, loses=0.5):
    """A wrong value of the variable ``cell``."""
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, source=f"{cell} = {value}\n")


def cosine(name, about, loses, hint, *edit):
    """A wrong cosine schedule, by edits of the reference."""
    return Mistake(f"cosine_rate_{name}", about, "cosine_rate", {"test_cosine_rate": loses}, hint, edit=list(edit))


MISTAKES = [
    answer("step_limit", "flattest", "takes the flattest axis", 1.0, "the steepest decides"),
    answer("step_limit", "middle", "takes the axis in the middle", 0.4, "the steepest decides"),
    answer("step_limit", "one_step", "takes the rate that ends in one step", 0.125, "twice as much"),
    answer("step_limit", "upside_down", "divides the wrong way round", 4, "upside down"),
    answer("step_limit", "unknown", "guesses", 0.3, "another number"),
    answer("batch_noise", "variance", "takes the variance", 25, "its root"),
    answer("batch_noise", "upside_down", "divides the wrong way round", 0.2, "upside down"),
    answer("batch_noise", "from_one", "starts at batches of one", 10, "begin at 4"),
    answer("batch_noise", "difference", "takes the difference", 96, "the ratio"),
    answer("batch_noise", "text", "writes a text", '"five"', "a number is expected"),
    answer("noise_floor", "none", "sees no effect", '"a"', "multiplied by the learning rate"),
    answer("noise_floor", "cubed", "overestimates", '"c"', "too much"),
    answer("noise_floor", "zero", "expects convergence", '"d"', "fresh noise"),
    answer("noise_floor", "word", "writes the answer in words", '"half"', "write one of"),
    answer("noise_floor", "empty", "leaves None", "None", "not written yet"),
    answer("shuffling", "drawn", "blames repetition", '"a"', "drawn twice"),
    answer("shuffling", "last_batch", "blames the last batch", '"b"', "another one in every epoch"),
    answer("shuffling", "all", "blames the rate", '"d"', "the same loop"),
    answer("shuffling", "number", "writes a number", 3, "write one of"),
    answer("shuffling", "other_letter", "writes a letter that is none", '"e"', "write one of"),
    answer("momentum_limit", "plain", "forgets momentum", 0.2, "limit of plain descent"),
    answer("momentum_limit", "sign", "has the wrong sign of mu", 0.02, "the sign of mu"),
    answer("momentum_limit", "no_two", "forgets the 2", 0.19, "factor 2"),
    answer("momentum_limit", "upside_down", "divides the wrong way round", 3.8, "upside down"),
    answer("momentum_limit", "read_roughly", "reads the map roughly", 0.4, "another number"),
    answer("best_momentum", "plain", "takes plain descent", (0.0769, 0.0), "best rate of plain descent"),
    answer("best_momentum", "habit", "takes 0.9 out of habit", (0.1111, 0.9), "good habit"),
    answer("best_momentum", "not_squared", "forgets to square", (0.1111, 0.6667), "its square"),
    answer("best_momentum", "swapped", "swaps the two", (0.4444, 0.1111), "order is (eta, mu)"),
    answer("best_momentum", "only_one", "writes one number", 0.1111, "must be a list"),
    answer("reach", "no_half", "forgets the factor", 1.6449, "factor 0.5"),
    answer("reach", "first_step", "stops after a step", 0.5, "first step alone"),
    answer("reach", "ten_terms", "adds ten terms", 0.7749, "partial sum"),
    answer("reach", "geometric", "adds powers of 1/2", 1.0, "the squares of 1, 2, 3"),
    answer("reach", "infinite", "takes the sum for infinite", 'float("inf")', "another number"),
    cosine("no_pi", "forgets pi", 0.5, "factor pi", ("np.pi * share", "share")),
    cosine("whole_wave", "takes a whole wave", 0.5, "whole wave", ("np.pi * share", "2 * np.pi * share")),
    cosine("rises", "starts low", 0.5, "it starts low", ("1 + np.cos", "1 - np.cos")),
    cosine("no_half", "forgets the 1/2", 0.3, "1/2 is missing", (HALF, HALF.removesuffix(" / 2"))),
    cosine("goes_on", "lets the wave go on", 0.2, "the wave goes on", ("min(t / steps, 1.0)", "t / steps")),
    cosine(
        "ends_at_zero",
        "returns 0 after the end",
        0.2,
        "not 0",
        ("    share =", "    if t > steps:\n        return 0.0\n    share ="),
    ),
    cosine("low_on_top", "adds lr_low on top", 0.3, "height is not reduced", ("(lr_high - lr_low)", "lr_high")),
    cosine("line", "takes a straight line", 0.3, "straight line", (HALF, "(lr_high - lr_low) * (1 - share)")),
]

"""Keys of the seminar."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_parts
from week03_adaptive_sgd import sgd_experiments_questions as asked

from . import answer_keys

__all__ = ["answer_keys"]


def cosine(t, steps, high, low=0.0):
    return low + (high - low) * np.cos(np.pi * min(t, steps) / steps / 2) ** 2


def slips(t, steps, high, low=0.0):
    """What a wrong formula gives on the way down."""
    angle = np.pi * t / steps
    return {
        "the angle is missing its factor pi": low + (high - low) * (1 + np.cos(t / steps)) / 2,
        "a whole wave in place of half a wave": low + (high - low) * (1 + np.cos(2 * angle)) / 2,
        "a quarter of a wave: it must start and end flat": low + (high - low) * np.cos(angle / 2),
        "it starts low and rises": low + (high - low) * (1 - np.cos(angle)) / 2,
        "the 1/2 divides the cosine alone, and the height multiplies the 1 alone: brackets around 1 + cos": (
            low + (high - low) + np.cos(angle) / 2
        ),
        "t is divided by steps - 1: the rate is to be lr_low at t = steps": (
            low + (high - low) * (1 + np.cos(np.pi * t / (steps - 1))) / 2
        ),
        "the 1/2 is missing": low + (high - low) * (1 + np.cos(angle)),
        "lr_low is left out, or no more than a floor: the whole wave lies above it": high * (1 + np.cos(angle)) / 2,
        "lr_low is added, but the height is not reduced by it": low + high * (1 + np.cos(angle)) / 2,
        "a straight line": high + (low - high) * t / steps,
        "the cosine alone is negative in the second half: add 1": low + (high - low) * np.cos(angle),
    }


def schedule(rng):
    """steps, lr_high, lr_low."""
    return int(rng.integers(50, 90)), rng.uniform(0.5, 1), rng.uniform(0.05, 0.2)


def others_of_half_a_wave(times, steps, high, low):
    """Other schedules, and this one with one part altered, {words: rates}."""
    share = np.array(times) / steps

    def made(part):
        angle = part("the angle", np.pi * part("t / steps", share))
        wave = part("the wave, which is 1 at first and 0 at the end,", (1 + part("the cosine", np.cos(angle))) / 2)
        return part("lr_low", low + 0 * share) + part("lr_high - lr_low", high - low) * wave

    shapes = {
        "a straight line": 1 - share,
        "a parabola": (1 - share) ** 2,
        "a parabola that is steep at the end": 1 - share**2,
        "a root": (1 - share) ** 0.5,
    }
    found = {f"{shape} from lr_high to lr_low": low + (high - low) * wave for shape, wave in shapes.items()}
    found["a geometric decay from lr_high to lr_low"] = high * (low / high) ** share
    return found | with_other_parts(made, {"lr_high": high})


@key(asked.half_a_wave)
class _:
    def others(case):
        found = others_of_half_a_wave(case.times, case.steps, case.lr_high, case.lr_low)
        return {words: list(rates) for words, rates in found.items()}

    def draw(rng):
        steps, high, low = schedule(rng)
        times = [0, int(rng.integers(5, 20)), int(rng.integers(25, 45))]
        return Case(times=times, steps=steps, lr_high=high, lr_low=low)

    def right(case):
        rest = case.steps, case.lr_high, case.lr_low
        return [Right(cosine(t, *rest), f"cosine_rate at t = {t}", slips(t, *rest)) for t in case.times]


@key(asked.after_the_end)
class _:
    def draw(rng):
        steps, high, low = schedule(rng)
        t, late = int(rng.integers(25, 45)), steps + int(rng.integers(10, 40))
        return Case(t=t, steps=steps, late=late, lr_high=high, lr_low=low)

    def right(case):
        steps, high, low = case.steps, case.lr_high, case.lr_low
        rising = low + (high - low) * (1 + np.cos(np.pi * case.late / steps)) / 2
        late = {
            "the wave goes on: after the last step the rate stays at lr_low": rising,
            "the rate falls to 0 after the end: it stays at lr_low": 0.0,
        }
        before = list(slips(case.t, steps, high).values())  # judged by the other question
        return [
            Right(cosine(case.t, steps, high), "cosine_rate(t, steps, lr_high)", also=before),
            Right(0.0, "cosine_rate at the end"),
            Right(low, "cosine_rate after the end", late),
        ]

"""Keys of the student's own loop: the path of a method that nobody knows, with the slips of a loop."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week03_adaptive_sgd import adaptive_sgd_questions as asked


def walk(start, bend, steps, *, forgets=False, stays=False):
    """The path; `forgets` the state at each step, `stays` at the start with the slope."""
    step, gradient = asked.unknown_method(bend)
    places, memory = [start], np.zeros_like(start)
    while len(places) <= steps:
        slope = gradient(start if stays else places[-1])
        place, memory = step(places[-1], slope, np.zeros_like(start) if forgets else memory)
        places.append(place)
    return np.stack(places)


def stale_walks(case):
    """{words: the path} where the step is given something old."""
    found = {}
    for told, place_of, slope_of, memory_of in (
        ("the slope of the start at each step", -1, 0, -1),
        ("the slope at the place before the last", -1, -2, -1),
        ("a state of zeros at each step", -1, -1, 0),
        ("the state of the step before the last", -1, -1, -2),
        ("the start as w at each step, the slope and the state being new", 0, -1, -1),
        ("the start as w and its slope at each step, the state being new", 0, 0, -1),
        ("the start as w and a state of zeros at each step", 0, 0, 0),
    ):
        step, gradient = asked.unknown_method(case.bend)
        places, memories = [case.start], [np.zeros_like(case.start)]
        while len(places) <= case.steps:
            back = max(slope_of, -len(places))
            slope = gradient(places[back])
            place, memory = step(places[place_of], slope, memories[max(memory_of, -len(memories))])
            places.append(place)
            memories.append(memory)
        found[f"what comes with {told}"] = np.stack(places)
    return found


@key(asked.own_path)
class _:
    others = stale_walks

    def draw(rng):
        return Case(start=rng.normal(size=3), bend=rng.uniform(0.5, 0.9), steps=4)

    def right(case):
        path = walk(case.start, case.bend, case.steps)
        return Right(
            path,
            "my_follow",
            mistakes={
                "every step starts with a state of zeros: hand on what the step before returned": walk(
                    case.start, case.bend, case.steps, forgets=True
                ),
                "the slope is always that of the start: ask for it at each new w": walk(
                    case.start, case.bend, case.steps, stays=True
                ),
                "the start is there twice, and the last place is missing": np.concatenate([path[:1], path[:-1]]),
            },
        )


@key(asked.own_path_of_any_shape)
class _:
    def draw(rng):
        return Case(start=rng.normal(size=(2, 3)), bend=rng.uniform(0.5, 0.9))

    def right(case):
        start, path = case.start[None], walk(case.start, case.bend, 2)
        slips = [walk(case.start, case.bend, 2, **slip) for slip in ({"forgets": True}, {"stays": True})]
        beside = np.concatenate([path[:1], path[:-1]])
        return [Right(start, "my_follow, no step"), Right(path, "my_follow, two steps", also=[*slips, beside])]

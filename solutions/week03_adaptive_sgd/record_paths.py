"""Writes week03_adaptive_sgd/recorded_paths.json: the numbers that the notebook's visible checks compare paths with.

    python -m solutions.week03_adaptive_sgd.record_paths

A visible check must not contain the formula that it asks for, so it holds the path that the formula takes, as numbers,
and those of the commonest mistakes.
"""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from solutions.week03_adaptive_sgd.adaptive_sgd.steps import CALLS, RIGHT, WRONG
from week03_adaptive_sgd.objectives import Problem, quadratic
from week03_adaptive_sgd.trajectories import follow

TARGET = Path(__file__).resolve().parents[2] / "week03_adaptive_sgd/recorded_paths.json"
STEPS = 5
BOWL = {"condition": 8.0, "angle": 0.5}
SETTINGS = {  # public
    "sgd": {"lr": 0.1},
    "momentum": {"lr": 0.05, "mu": 0.8},
    "nesterov": {"lr": 0.05, "mu": 0.8},
    "rmsprop": {"lr": 0.1},
    "adagrad": {"lr": 0.5},
    "adam": {"lr": 0.2},
    "adamw": {"lr": 0.2, "weight_decay": 0.3},
}


def main() -> None:
    """Write the file anew."""
    TARGET.write_text(recorded(), encoding="utf-8")


def recorded() -> str:
    """The file's text, a line for each path."""
    bowl = quadratic(**BOWL)
    right = {name: _rows(_path(name, step, bowl)) for name, step in RIGHT.items()}
    wrong = {name: _wrong_rows(name, bowl, right[name]) for name in RIGHT}
    return _text({"BOWL": BOWL, "SETTINGS": SETTINGS, "CALLS": CALLS, "RIGHT": right, "WRONG": wrong}) + "\n"


def _path(name: str, step: Callable, bowl: Problem) -> np.ndarray:
    return follow(step, bowl, STEPS, **CALLS[name], **SETTINGS[name])


def _rows(path: np.ndarray) -> list[list[float]]:
    return [[float(f"{number:.9g}") for number in row] for row in path]


def _wrong_rows(name: str, bowl: Problem, right: list) -> dict[str, list]:
    """Mistakes whose path is finite and is not the right one: the others cannot be told by their path."""
    paths = {key: _path(name, step, bowl) for key, step in WRONG[name].items()}
    return {
        key: _rows(path)
        for key, path in paths.items()
        if np.all(np.isfinite(path)) and not np.allclose(path, right, rtol=1e-6)
    }


def _text(value: object, indent: str = "") -> str:
    """JSON with a line for each entry of a dictionary that holds more than numbers."""
    if not isinstance(value, dict) or not any(isinstance(entry, (dict, list)) for entry in value.values()):
        return json.dumps(value)
    lines = [f"{indent}  {json.dumps(key)}: {_text(entry, indent + '  ')}" for key, entry in value.items()]
    return "\n".join(["{", ",\n".join(lines), indent + "}"])


if __name__ == "__main__":
    main()

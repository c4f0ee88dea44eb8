"""Writes week03_adaptive_sgd/recorded_paths.py: the numbers that the notebook's visible checks compare paths with.

    python -m solutions.week03_adaptive_sgd.record_paths

A visible check must not contain the formula that it asks for, so it holds the path that the formula takes, as numbers,
and those of the commonest mistakes.
"""

from pathlib import Path

import numpy as np

from solutions.week03_adaptive_sgd.adaptive_sgd.steps import CALLS, RIGHT, WRONG
from week03_adaptive_sgd.objectives import quadratic
from week03_adaptive_sgd.trajectories import follow

TARGET = Path(__file__).resolve().parents[2] / "week03_adaptive_sgd/recorded_paths.py"
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
HEAD = '''"""Paths of five steps down one bowl, as numbers: generated, not edited by hand.

`BOWL` are the arguments of `week03_adaptive_sgd.objectives.quadratic`; for every step function `SETTINGS` its own
settings, `CALLS` how `follow` calls it, `RIGHT` the path [6, 2] and `WRONG` the paths of mistakes by their key in
`LIKELY`.
"""
'''


def main():
    """Write the module anew."""
    TARGET.write_text(recorded(), encoding="utf-8")


def recorded():
    """The module's text."""
    bowl = quadratic(**BOWL)
    right = {name: _rows(_path(name, step, bowl)) for name, step in RIGHT.items()}
    wrong = {name: _wrong_rows(name, bowl, right[name]) for name in RIGHT}
    parts = [
        HEAD.rstrip("\n"),
        f"BOWL = {_literal(BOWL)}",
        f"SETTINGS = {_table(SETTINGS)}",
        f"CALLS = {_table(CALLS)}",
    ]
    parts += [f"RIGHT = {_table(right)}", f"WRONG = {_nested_table(wrong)}"]
    return "\n\n".join(parts) + "\n"


def _path(name, step, bowl):
    return follow(step, bowl, STEPS, **CALLS[name], **SETTINGS[name])


def _rows(path):
    return [[float(f"{number:.9g}") for number in row] for row in path]


def _wrong_rows(name, bowl, right):
    """Mistakes whose path is finite and is not the right one: the others cannot be told by their path."""
    paths = {key: _path(name, step, bowl) for key, step in WRONG[name].items()}
    return {
        key: _rows(path)
        for key, path in paths.items()
        if np.all(np.isfinite(path)) and not np.allclose(path, right, rtol=1e-6)
    }


def _literal(value):
    return repr(value).replace("'", '"')


def _table(values):
    lines = [f'    "{key}": {_literal(value)},' for key, value in values.items()]
    return "\n".join(["{", *map(_folded, lines), "}"])


def _nested_table(values):
    lines = ["{"]
    for key, inner in values.items():
        lines.append(f'    "{key}": {{')
        lines += [_folded(f'        "{name}": {_literal(rows)},') for name, rows in inner.items()]
        lines.append("    },")
    return "\n".join([*lines, "}"])


def _folded(line):
    """A line of rows, one row a line where it is long."""
    if len(line) <= 118 or "[[" not in line:
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    head, rows = line.split("[[", 1)
    rows = rows.rstrip("],").split("], [")
    body = "\n".join(f"{indent}[{row}]," for row in rows)
    return f"{head}[\n{body}\n{indent[4:]}],"


if __name__ == "__main__":
    main()

"""How a mistake is planted in a reference of one line: another formula in place of the right one."""

from grader.judge.authoring.mistakes import Mistake


def planted(cell, right, mistakes):
    """Mistakes in `cell`, each the formula `right` replaced.

    mistakes: [(name, about, wrong formula, points lost of 0.5, words of the hint), ...]
    """
    return [
        Mistake(
            f"{cell}_{name}",
            about,
            cell=cell,
            edit=[(right, wrong)],
            loses={f"test_{cell}": lost},
            hint=hint,
        )
        for name, about, wrong, lost, hint in mistakes
    ]

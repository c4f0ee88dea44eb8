"""A short way to write down a mistake of homework 2."""

from grader.judge.authoring.mistakes import Mistake


def planted(cell, name, about, loses, hint, *edit, source=None):
    """A mistake in ``cell`` that loses the points ``loses`` of its own test cell, and no others.

    ``edit`` are pairs (old, new) in the reference cell; or ``source`` is the whole cell.
    """
    return Mistake(f"{cell}_{name}", about, cell, {f"test_{cell}": loses}, hint, edit=list(edit), source=source)

"""The catalogue of mistakes: wrong submissions named by what is wrong with them, a row for each.

    relu = partial(planted, "relu")

    MISTAKES = [
        relu("relu_slope_one_at_zero", "compares with >= and so has the slope 1 at 0", 0.1, "compare with >, not >=",
            ("input > 0", "input >= 0")),
        relu("relu_left_out", "stops nothing", {"test_relu": 0.9, "test_accuracy": 0.5}, "negative", "ReLU = Layer"),
    ]

``python -m grader.judge.rehearsal WEEK NOTEBOOK --mistake NAME`` says whether a row is true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make, planted in the reference. Catalogues write it as a row, with ``planted``.

    Attributes:
        name: unique in its notebook, by what is wrong.
        about: what the student does, for the instructor.
        cell: the grade_id of the solution cell that has it.
        loses: points lost by test cell; nothing else may be lost.
        hint: a text that must occur, in any case of letters, in a hint of one of the cells that lose.
        edit: pairs (old, new), replaced one after the other in the reference's cell; each ``old`` must occur. Or
        source: the whole cell instead.
    """

    name: str
    about: str
    cell: str
    loses: dict[str, float]
    hint: str
    edit: list[tuple[str, str]] = field(default_factory=list)
    source: str | None = None

    def apply(self, reference: Mapping[str, str]) -> str:
        """The source of the cell with the mistake in it; ``reference`` maps grade_id to source."""
        if self.source is not None:
            return self.source
        if self.cell not in reference:
            raise ValueError(f"mistake {self.name}: the reference has no cell {self.cell!r}")
        source = reference[self.cell]
        for old, new in self.edit:
            if old not in source:
                raise ValueError(f"mistake {self.name}: {old!r} does not occur in the reference cell {self.cell!r}")
            source = source.replace(old, new)
        return source


def planted(
    cell: str, name: str, about: str, loses: float | dict[str, float], hint: str, *changes: tuple[str, str] | str
) -> Mistake:
    """A row of the catalogue: what the student does in the solution cell ``cell``, what it costs and what must be said.

    name, about, hint  as in ``Mistake``
    loses    points that the cell's own test cell, ``test_<cell>``, loses; or {test cell: points} where others lose, too
    changes  pairs (old, new) of texts in the reference's cell; or one text, which is the whole cell

    Errors: ``ValueError`` that names the row when the changes are neither, or change nothing.
    """
    by_test = loses if isinstance(loses, dict) else {f"test_{cell}": loses}
    if len(changes) == 1 and isinstance(changes[0], str):
        return Mistake(name, about, cell, by_test, hint, source=changes[0].rstrip("\n") + "\n")
    pairs = [change for change in changes if isinstance(change, tuple) and len(change) == 2]
    if not changes or len(pairs) < len(changes) or any(old == new for old, new in pairs):
        raise ValueError(f"mistake {name}: give pairs (old, new), or the whole cell as one text; found {changes!r}")
    return Mistake(name, about, cell, by_test, hint, edit=pairs)

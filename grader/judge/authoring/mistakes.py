"""The catalogue of mistakes: wrong submissions named by what is wrong with them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mistake:
    """A mistake that students make, planted in the reference.

    Attributes:
        name: unique in its notebook, by what is wrong.
        about: one sentence for the instructor.
        cell: the grade_id of the solution cell that has it.
        edit: ``[(old, new), ...]`` exact replacements in the reference's cell; each ``old`` must occur. Or
        source: the whole cell instead.
        loses: points lost by test cell; nothing else may be lost.
        hint: a text that must occur, in any case of letters, in a hint of one of the cells that lose.
    """

    name: str
    about: str
    cell: str
    loses: dict
    hint: str
    edit: list = field(default_factory=list)
    source: str | None = None

    def apply(self, reference):
        """The source of the cell with the mistake in it; ``reference`` maps grade_id to source."""
        if self.source is not None:
            return self.source
        source = reference[self.cell]
        if not self.edit:
            raise ValueError(f"mistake {self.name}: give edit=[(old, new)] or source=...")
        for old, new in self.edit:
            if old not in source:
                raise ValueError(f"mistake {self.name}: {old!r} does not occur in the reference cell {self.cell!r}")
            source = source.replace(old, new)
        return source

"""What was repaired, in sentences for the student."""

from collections.abc import Iterable

from grader.judge.repair.assembling import Repairs
from grader.judge.repair.matching import CellMatch, Sketch
from grader.judge.repair.released import ReleasedCell

MAX_NAMED = 12
_SIGNS = {
    "id": "their ids",
    "text": "their text",
    "names": "the names they define",
    "likeness": "words they share with the released ones",
    "place": "their place",
    "grade_id": "their marks",
}


def notes_on_match(cells: list[Sketch], parts: list[ReleasedCell], match: CellMatch) -> list[str]:
    """Notes on marks that were lost or forged."""
    return [*_lost_marks(parts, match), *_forged_marks(cells, parts, match)]


def _lost_marks(parts: list[ReleasedCell], match: CellMatch) -> list[str]:
    found: dict[str, list[str]] = {}
    for part in sorted(match.how):
        grade_id = parts[part].grade_id
        if grade_id and match.how[part] != "grade_id":
            found.setdefault(match.how[part], []).append(grade_id)
    return [
        f"The course's marks were missing from some cells (some editors remove them); "
        f"these were recognised by {_SIGNS[how]}: {listed(names)}."
        for how, names in found.items()
    ]


def _forged_marks(cells: list[Sketch], parts: list[ReleasedCell], match: CellMatch) -> list[str]:
    changed, unknown, skipped = [], 0, []
    known = {part.grade_id for part in parts}
    for index, cell in enumerate(cells):
        part = parts[match.part_of[index]] if index in match.part_of else None
        if part is not None and part.grade_id and part.grade_id == cell.grade_id and _differ(cell.claims, part):
            changed.append(part.grade_id)
        elif _is_marked(cell) and (part is None or part.grade_id is None) and cell.grade_id not in known:
            unknown += 1
        if "skip-grading" in cell.tags and not (part is not None and part.skipped):
            skipped.append(part.id if part else "a cell of your own")
    notes = []
    if changed:
        # They may be those of an earlier release, which is nobody's fault, or somebody's own: nothing tells which.
        notes.append(f"Some cells have other marks for grading than this release; its own count: {listed(changed)}.")
    if unknown:
        notes.append("Cells marked for grading that this notebook does not have were treated as ordinary cells.")
    if skipped:
        notes.append(f"The tag `skip-grading` was ignored where the released notebook has none: {listed(skipped)}.")
    return notes


def _is_marked(cell: Sketch) -> bool:
    return any(cell.claims.get(key) is True for key in ("grade", "solution", "locked"))


def _differ(claims: dict, part: ReleasedCell) -> bool:
    """Whether what the cell says of itself contradicts the released marks."""
    marks = part.cell.metadata.get("nbgrader", {})
    keys = ["grade", "solution", *(["points"] if "points" in marks else [])]
    return any(key in claims and claims[key] != marks.get(key, False) for key in keys)


def notes_on_repairs(repairs: Repairs) -> list[str]:
    """Notes on what assembling did."""
    sentences = [
        (repairs.restored, "Locked cells were run as this release has them: {}."),
        (repairs.kept_edits, "What you defined inside locked cells was kept in cells of its own before them: {}."),
        (repairs.retyped, "Solution cells that had become another kind of cell were turned back: {}."),
        (repairs.put_back, "Cells of this release that your file does not have were added: {}."),
        (repairs.newly_missing, "Your file has no cell for: {}."),
        (repairs.doubled, "Cells were there more than once: {}. Of a solution all are run, and the last one counts."),
        (repairs.moved, "Test cells were moved after the solution they test: {}."),
    ]
    notes = [text.format(listed(names)) for names, text in sentences if names]
    if repairs.dropped:
        notes.append("Unchanged copies of released cells were left out.")
    return notes


def listed(names: Iterable[str]) -> str:
    """Each name once, in order; a long list is cut."""
    names = list(dict.fromkeys(names))
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return ", ".join(names[:MAX_NAMED]) + more

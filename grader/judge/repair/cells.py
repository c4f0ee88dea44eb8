"""From a JSON object to a flat list of cells of which every field has the right type.

Nothing of the student's file goes further than what `SubmittedCell` holds: outputs, metadata, unknown fields end here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from grader.judge.repair.json_object import Unreadable
from grader.judge.repair.names import names_by_line
from grader.judge.sanitise.images import valid_image
from grader.judge.sanitise.text import without_surrogates

MAX_CELLS = 1_000  # that are kept
MAX_LISTED = 20_000  # that are looked at
MAX_SOURCE = 200_000  # characters of one cell
MAX_SOURCES = 1_000_000  # characters of all cells together; parsing them takes some four seconds at worst
MAX_ATTACHMENT = 4_000_000  # characters of base64
MAX_ATTACHMENTS = 16_000_000
CURRENT_FORMAT = 4
_IDENTIFIER = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown"}
TOO_LONG = "This cell was longer than {} characters and was left out."


@dataclass
class SubmittedCell:
    """One cell as handed in. `claims` is its nbgrader metadata: a claim, since a student can write anything there."""

    kind: str  # "code", "markdown" or "raw"
    source: str
    grade_id: str | None = None
    ids: tuple[str, ...] = ()
    claims: dict = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    attachments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What tells that a cell belongs to a notebook: the ids of its cells, and the names that its solutions define."""

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def read_cells(notebook: dict, known: Known | None = None) -> tuple[list[SubmittedCell], list[str]]:
    """Cells in order and notes. Knows nbformat 2 to 4 and reads what it can of later ones. Raises Unreadable.

    Of more cells or text than is kept, those that are `known` are kept first, wherever they stand, then other code.
    """
    found, notes = _cell_list(notebook)
    cells = [cell for cell in map(_read_cell, found[:MAX_LISTED]) if cell is not None]
    if len(cells) < len(found[:MAX_LISTED]):
        notes.append("Some cells were of an unknown kind and were left out.")
    kept: Sequence[int] = range(len(cells))
    if len(found) > MAX_CELLS or sum(len(cell.source) for cell in cells) > MAX_SOURCES:
        kept = sorted(kept, key=lambda index: _weight(cells[index], known or Known()))[:MAX_CELLS]
    if len(kept) < len(cells) or len(found) > MAX_LISTED:
        notes.append(f"The notebook has more than {MAX_CELLS} cells; those of the exercises were kept first.")
    _limit_sources([cells[index] for index in kept], notes)
    cells = [cells[index] for index in sorted(kept)]
    _limit_attachments(cells, notes)
    if not any(cell.source.strip() for cell in cells):
        raise Unreadable("empty", "The notebook has no content.")
    return cells, notes


def _weight(cell: SubmittedCell, known: Known) -> int:
    """How much a cell can matter, 0 for the most."""
    if known.ids.intersection([cell.grade_id, *cell.ids]):
        return 0
    if cell.kind == "code" and not known.names.isdisjoint(names_by_line(cell.source[:MAX_SOURCE])):
        return 1
    return 2 if cell.kind == "code" and cell.source.strip() else 3


def kernel_name(notebook: dict) -> str:
    """The kernel the notebook asks for, in harmless characters; empty when it asks for none."""
    return re.sub(r"[^\w .()-]", "", _text(_dict(_dict(notebook.get("metadata")).get("kernelspec")).get("name")))[:40]


def _cell_list(notebook: dict) -> tuple[list, list[str]]:
    """The raw cells, wherever this format keeps them."""
    cells, sheets = notebook.get("cells"), notebook.get("worksheets")
    version = notebook.get("nbformat")
    newer = isinstance(version, int) and version > CURRENT_FORMAT
    if isinstance(cells, list):
        return cells, ["The notebook was saved in a newer format; it was read as far as known."] if newer else []
    if isinstance(sheets, list):
        lists = [sheet["cells"] for sheet in sheets if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)]
        return list(chain.from_iterable(lists)), ["The notebook was saved in an old format; it was brought up to date."]
    raise Unreadable("broken", "The file is not a notebook: it has no cells.")


def _read_cell(raw: object) -> SubmittedCell | None:
    """A cell with every field of the right type, or None if it is of an unknown kind."""
    raw = _dict(raw)
    metadata = _dict(raw.get("metadata"))
    claims = _dict(metadata.get("nbgrader"))
    tags = metadata.get("tags")
    kind = _text(raw.get("cell_type"))
    if kind not in _KINDS and ("outputs" in raw or "grade_id" in claims):
        kind = "code"  # the type was lost or spoilt, the rest says what it was
    if kind not in _KINDS:
        return None
    source = clean_source(raw.get("source", raw.get("input")))
    if kind == "heading":
        level = raw.get("level")
        source = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1) + " " + source
    return SubmittedCell(
        kind=_KINDS[kind],
        source=source,
        grade_id=_identifier(claims.get("grade_id")),
        # Colab keeps a cell's id in its metadata.
        ids=tuple(filter(None, (_identifier(raw.get("id")), _identifier(metadata.get("id"))))),
        claims={key: claims[key] for key in ("grade", "locked", "solution", "points") if key in claims},
        tags=frozenset(filter(None, map(_text, tags))) if isinstance(tags, list) else frozenset(),
        attachments={} if kind == "code" else _dict(raw.get("attachments")),
    )


def clean_source(source: object) -> str:
    """Text of a cell: lists of lines are joined, what is not text is dropped, line ends become newlines."""
    if isinstance(source, list):
        lines = list(map(_text, source))
        source = "".join(lines)
        # Lines that have all lost their ends are lines all the same. An end is what nbformat splits at, "\x1e" too.
        source = source if len(source.splitlines()) > 1 else "\n".join(lines)
    return without_surrogates(_text(source)).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def _limit_sources(cells: list[SubmittedCell], notes: list[str]) -> None:
    """Put one line in place of sources that are too long, alone or together."""
    total, cut = 0, 0
    for cell in cells:
        if len(cell.source) <= MAX_SOURCE:
            total += len(cell.source)
        if len(cell.source) > MAX_SOURCE or total > MAX_SOURCES:
            cell.source = ("# " if cell.kind == "code" else "") + TOO_LONG.format(MAX_SOURCE)
            cut += 1
    if cut:
        notes.append(f"{cut} cells were too long to be read and were left out.")


def _limit_attachments(cells: list[SubmittedCell], notes: list[str]) -> None:
    """Keep attachments that are pictures of a sensible size; the rest is dropped."""
    dropped, total = 0, 0
    for cell in cells:
        kept = {}
        for name, bundle in cell.attachments.items():
            pictures = {mime: data for mime, data in _dict(bundle).items() if valid_image(mime, data, MAX_ATTACHMENT)}
            total += sum(map(len, pictures.values()))
            if pictures and total <= MAX_ATTACHMENTS:
                kept[without_surrogates(name)] = pictures
            else:
                dropped += 1
        cell.attachments = kept
    if dropped:
        notes.append("Attachments that are not pictures, or are too large, were left out.")


def _identifier(value: object) -> str | None:
    """`value` if it can be a cell id or a grade_id."""
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else None


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

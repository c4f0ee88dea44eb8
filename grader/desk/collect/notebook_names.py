"""Which handed-in file is which notebook of the week.

Students hand in `backprop.ipynb`, and also `Copy of backprop.ipynb`, `backprop (1).ipynb`, `backprop-Copy1.ipynb`,
`backprop_final.ipynb`, `Backprop.IPYNB`. The rules, in this order:

0. What is in a file comes first, where it clearly is one notebook of the week, whatever the file is called.
1. The exact name is taken.
2. Otherwise a name that is the notebook's once case, spaces, and the marks of a copy are taken away.
3. Otherwise a name that begins or ends with the notebook's name as a whole word (`ivanov_backprop`); if it fits several
   notebooks of the week, the longest name wins.
4. Of several files for one notebook, one that was worked on before an untouched copy; then the one that fits by the
   earlier rule; then the newest, and of equally new ones the last by name.
5. If in the end one notebook has no file and one file no notebook, they belong together: whether that is so is decided
   by what is in it.

Whatever was taken otherwise than by its exact name is told to the student. Files that fit nothing are told as well, and
not graded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

SUFFIX = ".ipynb"
BY_CONTENT = 4  # the rank of a file whose name says nothing, or something else

# What file managers, browsers, Jupyter, Colab and people add to a name that they copy. Each is taken away, repeatedly,
# from the beginning or from the end.
_BEFORE = re.compile(r"^(?:copy of|kopie von|копия|copia de|copie de)[ _-]+")
_AFTER = re.compile(
    r"[ _-]*(?:\(\d+\)|\(copy\)|copy ?\d*|копия ?\d*|final ?\d*|solved|solution|submission|fixed|v\d+"
    r"|\.ipynb|\.txt|\.json|\.py)$"
)


@dataclass(frozen=True)
class Handed:
    """A handed-in notebook file: its name and when it was last changed (seconds)."""

    name: str
    changed: float = 0.0


@dataclass
class Match:
    """The files taken (`taken[notebook] = file name`), what to tell the student, and the files that fit nothing.

    `others`: by notebook, the files that were not taken for it. `by_content`: notebooks known by nothing else.
    """

    taken: dict[str, str] = field(default_factory=dict)
    others: dict[str, list[str]] = field(default_factory=dict)
    by_content: set[str] = field(default_factory=set)
    notes: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def match(
    files: Sequence[Handed],
    notebooks: Sequence[str],
    content: Mapping[str, str | None] | None = None,
    idle: Collection[str] = (),
) -> Match:
    """Give each notebook of the week at most one of the handed-in files.

    `content`: by file, the notebook that it clearly is by what is in it. `idle`: files in which nothing was done.
    """
    result = Match()
    by_notebook: dict[str, list[tuple[bool, int, float, str]]] = {}
    for file in files:
        rank, notebook = _best(file.name, notebooks)
        inside = (content or {}).get(file.name)
        if inside in notebooks and inside != notebook:
            rank, notebook = BY_CONTENT, inside
        if notebook is None:
            result.unknown.append(file.name)
        else:
            by_notebook.setdefault(notebook, []).append((file.name in idle, rank, file.changed, file.name))
    for notebook, found in by_notebook.items():
        best = min((untouched, rank) for untouched, rank, _, _ in found)
        _, name, rank = max(
            (changed, name, rank) for untouched, rank, changed, name in found if (untouched, rank) == best
        )
        others = [other for _, _, _, other in found if other != name]
        result.taken[notebook], result.others[notebook] = name, others
        if rank == BY_CONTENT:
            result.by_content.add(notebook)
        result.notes[notebook] = _told(notebook, name, others)
    _pair_the_last(result, notebooks)
    result.unknown.sort()
    return result


def normalised(name: str) -> str:
    """The notebook's name inside a file's name: `Copy of Backprop (1).ipynb` -> `backprop`."""
    name = unicodedata.normalize("NFKC", name).strip().lower()
    while True:
        shorter = _AFTER.sub("", _BEFORE.sub("", name)).strip(" ._-")
        if shorter in (name, ""):
            return re.sub(r"[ _-]+", "_", name)
        name = shorter


def rank(file: str, notebooks: Sequence[str]) -> int:
    """The number of the rule by which `file` is one of `notebooks`, 9 for none; the lower fits better."""
    return _best(file, notebooks)[0] or 9


def _best(file: str, notebooks: Sequence[str]) -> tuple[int, str | None]:
    """The rule by which `file` is a notebook, and the notebook; in a folder of its own a name is never exact."""
    if file.removesuffix(SUFFIX) in notebooks and file.endswith(SUFFIX):
        return 1, file.removesuffix(SUFFIX)
    plain = normalised(file.rpartition("/")[2])
    for notebook in notebooks:
        if normalised(notebook) == plain:
            return 2, notebook
    inside = [notebook for notebook in notebooks if _is_part(normalised(notebook), plain)]
    return (3, max(inside, key=len)) if inside else (0, None)


def _pair_the_last(result: Match, notebooks: Sequence[str]) -> None:
    """Rule 5."""
    missing = [notebook for notebook in notebooks if notebook not in result.taken]
    if len(missing) == len(result.unknown) == 1:
        result.taken[missing[0]] = result.unknown.pop()
        result.notes[missing[0]] = _told(missing[0], result.taken[missing[0]], [])


def _is_part(notebook: str, name: str) -> bool:
    return name.startswith(f"{notebook}_") or name.endswith(f"_{notebook}")


def _told(notebook: str, name: str, others: list[str]) -> list[str]:
    notes = []
    if name != notebook + SUFFIX:
        notes.append(f"The file “{name}” was graded as “{notebook}{SUFFIX}”. Please hand it in under that name.")
    if others:
        listed = ", ".join(f"“{other}”" for other in sorted(others))
        why = "it has the exact name" if name == notebook + SUFFIX else "it fits best"
        notes.append(f"Several files fit this notebook; “{name}” was graded because {why}, not {listed}.")
    return notes

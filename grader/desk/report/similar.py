"""`grader similar`: pairs of submissions that are alike beyond what everyone was given, for a person to judge.

Fingerprints and their comparison are copydetect's (winnowing, after Schleimer, Wilkerson and Aiken, 2003): names,
comments and layout count for nothing in code. Taken away beforehand: everything that was released, and every
fingerprint that many submissions have, since a right solution of a few lines looks alike whoever writes it. Written
answers are compared as plain words. Nothing is decided here, and no score depends on it.
"""

from __future__ import annotations

import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import numpy as np
from markupsafe import Markup
from nbformat.notebooknode import NotebookNode

from grader.desk.course.facts import Course, Week
from grader.desk.course.safe_names import unsafe_name
from grader.desk.errors import DeskError
from grader.desk.files import write_atomically
from grader.desk.pages import render
from grader.judge.repair.released import NOTES_ID

if TYPE_CHECKING:
    from copydetect import CodeFingerprint

KGRAM, WINDOW = 25, 20  # characters of normalised code in a fingerprint, and of the window it is chosen from
COMMON_SHARE, COMMON_LEAST = 0.25, 4  # a fingerprint that so many submissions have is nobody's own
LEAST_OVERLAP = 60  # characters of normalised code: right one-liners are alike whoever writes them
MOST_SHOWN = 50
MOST_TEXT = 200_000  # characters of one submission that are compared


@dataclass(frozen=True)
class Pair:
    """Two submissions with the share of each that the other has too (0 to 1), and both texts with it marked."""

    notebook: str
    kind: str
    one: str
    other: str
    share_one: float
    share_other: float
    marked_one: Markup
    marked_other: Markup

    @property
    def share(self) -> float:
        return max(self.share_one, self.share_other)


def similar(course: Course, week: Week, *, least: float = 0.4, problems: list[str] | None = None) -> list[Pair]:
    """The pairs of which one has at least `least` of its own text in common with the other, the most alike first.

    `problems` is given a line for each submission that could not be compared, or not all of it.
    """
    problems = [] if problems is None else problems
    texts = {notebook.name: _texts(course, week, notebook.name, problems) for notebook in week.notebooks}
    if not any(texts.values()):
        raise DeskError(f"Nothing of {week.folder} has been graded in {course.root}.", "Run `grader grade` first.")
    found = []
    for name, by_student in texts.items():
        if not by_student:  # it may be younger than the release
            continue
        given = _own_text(_released(course, week, name), {})
        for kind in ("code", "words"):
            own = {who: text[kind] for who, text in by_student.items() if text[kind].strip()}
            found += _pairs(name, kind, own, given[kind], least, problems)
    return sorted(found, key=lambda pair: (-pair.share, pair.notebook, pair.one, pair.other))


def write_page(course: Course, week: Week, pairs: list[Pair], folder: Path | None = None) -> Path:
    """One page that opens anywhere, both texts of a pair side by side."""
    page = (folder or course.root / "reports") / f"similar_{week.folder}.html"
    shown = pairs[:MOST_SHOWN]
    write_atomically(page, render("similar.html.j2", course=course, week=week, pairs=shown, total=len(pairs)))
    return page


def _released(course: Course, week: Week, name: str) -> NotebookNode:
    return nbformat.read(course.step("source", week.folder, f"{name}.ipynb"), as_version=4)


def _texts(course: Course, week: Week, name: str, problems: list[str]) -> dict[str, dict[str, str]]:
    """What each student wrote into the notebook: `code` and `words`."""
    paths = sorted(course.step("autograded").glob(f"*/{week.folder}/{name}.ipynb"))
    if not paths:
        return {}
    given = {cell.source for cell in _released(course, week, name).cells}
    found = {}
    for path in paths:
        student = path.parent.parent.name
        if wrong := unsafe_name(student):
            problems.append(f"{student!a} is left out: {wrong}.")
            continue
        try:
            text = _own_text(nbformat.read(path, as_version=4), given)
        except Exception as error:  # whatever one file holds, the others are compared
            problems.append(f"{path} cannot be read: {type(error).__name__}. Run `grader grade` again.")
            continue
        if any(len(part) > MOST_TEXT for part in text.values()):
            problems.append(f"Of {path}, only the first {MOST_TEXT} characters were compared.")
        found[student] = {kind: part[:MOST_TEXT] for kind, part in text.items()}
    return found


def _own_text(nb: NotebookNode, given: Collection[str]) -> dict[str, str]:
    """The cells' sources, without those that are `given` word for word."""
    text: dict[str, list[str]] = {"code": [], "words": []}
    for cell in nb.cells:
        ours = cell.get("id") == NOTES_ID or cell.metadata.get("nbgrader", {}).get("locked")
        if cell.source not in given and not ours:
            text["code" if cell.cell_type == "code" else "words"].append(cell.source)
    if not given:  # the released notebook itself: all of it is given, locked or not
        for kind, cell_type in (("code", "code"), ("words", "markdown")):
            text[kind] = [cell.source for cell in nb.cells if cell.cell_type == cell_type]
    return {kind: "\n\n".join(parts) for kind, parts in text.items()}


def _pairs(name: str, kind: str, texts: Mapping[str, str], given: str, least: float, problems: list[str]) -> list[Pair]:
    from copydetect import compare_files

    prints = {}
    for who, text in texts.items():
        try:
            prints[who] = _fingerprint(text, kind, WINDOW)
        except Exception as error:  # copydetect and its lexer, on whatever a student wrote
            problems.append(f"{who}: the {kind} of {name} cannot be compared: {type(error).__name__}.")
    # A window of one chooses every fingerprint of what was given, wherever it stands in a student's text.
    known = _fingerprint(given, kind, 1).hashes | _common(prints.values())
    for one in prints.values():
        _take_away(one, known)
    found = []
    for one, other in _candidates(prints):
        overlap, shares, slices = compare_files(prints[one], prints[other])
        if overlap >= LEAST_OVERLAP and max(shares) >= least:
            marked, marked_other = map(_marked, (prints[one].raw_code, prints[other].raw_code), slices)
            share, share_other = (min(1.0, float(share)) for share in shares)
            found.append(Pair(name, kind, one, other, share, share_other, marked, marked_other))
    return found


def _fingerprint(text: str, kind: str, window: int) -> CodeFingerprint:
    """copydetect's fingerprints; words are compared as they stand, one space between them."""
    from copydetect import CodeFingerprint

    if kind == "code":
        # Without blank lines and blanks at line ends, over which its lexer takes time with their square.
        text = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
        return CodeFingerprint("cells", KGRAM, window, language="python", fp=io.StringIO(text))
    return CodeFingerprint("cells", KGRAM, window, filter=False, fp=io.StringIO(re.sub(r"\s+", " ", text)))


def _take_away(one: CodeFingerprint, known: set[int]) -> None:
    """Forget the fingerprints that are `known`, and count only what is left as the submission's own."""
    from copydetect.utils import get_token_coverage

    one.hashes = one.hashes - known
    one.hash_idx = {value: places for value, places in one.hash_idx.items() if value in one.hashes}
    one.token_coverage = max(1.0, get_token_coverage(one.hash_idx, one.k, len(one.filtered_code)))


def _common(prints: Collection) -> set[int]:
    """The fingerprints that many submissions have."""
    counts = Counter(value for one in prints for value in one.hashes)
    limit = max(COMMON_LEAST, COMMON_SHARE * len(prints))
    return {value for value, count in counts.items() if count >= limit}


def _candidates(prints: Mapping[str, CodeFingerprint]) -> list[tuple[str, str]]:
    """Pairs that share a fingerprint at all: few of all pairs, once the common ones are gone."""
    holders: dict[int, list[str]] = defaultdict(list)
    for who, one in prints.items():
        for value in one.hashes:
            holders[value].append(who)
    pairs = {(a, b) for found in holders.values() for n, a in enumerate(found) for b in found[n + 1 :]}
    return sorted(pairs)


def _marked(text: str, slices: np.ndarray) -> Markup:
    from copydetect.utils import highlight_overlap

    return Markup(highlight_overlap(text, slices, "<mark>", "</mark>", escape_html=True)[0])

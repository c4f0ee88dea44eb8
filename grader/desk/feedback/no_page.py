"""Graded notebooks of which no feedback page could be made, kept for `grader todo` and `grader report`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.desk.course.facts import Course
from grader.desk.files import write_atomically

KEPT = "no_page.json"


def remember(course: Course, tried: Iterable[Path], failed: Mapping[Path, str]) -> None:
    """Keep why there is no page of the `failed` ones, and forget what was said of the others that were tried."""
    before = _kept(course)
    after = {name: why for name, why in before.items() if name not in {_name(path) for path in tried}}
    after |= {_name(path): why for path, why in failed.items()}
    if after != before:
        write_atomically(course.desk_folder / KEPT, json.dumps(after, ensure_ascii=False, indent=1))


def without_page(course: Course, week: str) -> list[tuple[str, str, str]]:
    """`(student, notebook, why)` of the week's notebooks of which the last `grader feedback` made no page."""
    named = [(*name.split("/"), why) for name, why in sorted(_kept(course).items())]
    return [(student, notebook, why) for student, its_week, notebook, why in named if its_week == week]


def _name(path: Path) -> str:
    """Of `autograded/<student>/<week>/<notebook>.ipynb`."""
    return f"{path.parent.parent.name}/{path.parent.name}/{path.stem}"


def _kept(course: Course) -> dict[str, str]:
    try:
        kept = json.loads((course.desk_folder / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {name: str(why) for name, why in kept.items() if name.count("/") == 2} if isinstance(kept, dict) else {}

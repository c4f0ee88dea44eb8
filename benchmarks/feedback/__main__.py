"""Measure the feedback over the whole catalogue of mistakes: `python -m benchmarks.feedback [WEEK/NOTEBOOK ...]`."""

import sys
import time
from collections import Counter
from pathlib import Path

import tomllib

from benchmarks.feedback import gradient_check
from benchmarks.feedback.judging import Judged, judge
from benchmarks.feedback.plain import plain_checks, seen
from grader.judge.grading.spec import load_mistakes, notebooks_of, reference_cells
from grader.judge.rehearsal.rehearsal import Checkpoints

REPO = Path(__file__).resolve().parents[2]
REVIEWED = tomllib.loads((Path(__file__).parent / "reviewed.toml").read_text(encoding="utf-8"))
ROW = "{:<38}{:>9}{:>10}{:>8}{:>10}{:>9}{:>11}{:>8}{:>8}{:>8}"
HEAD = ("notebook", "mistakes", "detected", "named", "property", "general", "exception", "share", "wrong", "plain")


def measured(week: str, name: str) -> tuple[list[Judged], int]:
    """The judged mistakes of a notebook, and how many of them plain checks detect."""
    mistakes, reference = load_mistakes(REPO, week, name), reference_cells(REPO, week, name)
    judged, plain = [], 0
    with Checkpoints(week, name, reference) as checkpoints:
        for mistake in mistakes:
            result = checkpoints.rehearse({mistake.cell: mistake.apply(reference)}, until=_last(mistake))
            others = [] if mistake.name in REVIEWED.get(f"{week}/{name}", {}) else mistakes
            judged.append(judge(mistake, result, [m for m in others if m.cell == mistake.cell]))
    with plain_checks(), Checkpoints(week, name, reference) as checkpoints:
        blamed = seen(checkpoints.rehearse())  # what plain checks hold against the reference is no discovery
        for mistake in mistakes:
            result = checkpoints.rehearse({mistake.cell: mistake.apply(reference)}, until=_last(mistake))
            plain += bool(seen(result) - blamed)
    return judged, plain


def _last(mistake) -> str | None:
    """The test cell of its own, if the mistake loses points there: what comes later is not needed to judge it."""
    own = f"test_{mistake.cell}"
    return own if own in mistake.loses else None


def row(title: str, judged: list[Judged], plain: int) -> str:
    sources, count = Counter(item.source for item in judged), len(judged) or 1
    named = sum(bool(item.source) for item in judged)
    cells = (len(judged), sum(item.detected for item in judged), *(sources[s] for s in HEAD[3:7]))
    wrong = sum(bool(item.wrong) for item in judged) / count
    return ROW.format(title, *cells, f"{named / count:.1%}", f"{wrong:.1%}", f"{plain / count:.0%}")


def main() -> None:
    wanted = sys.argv[1:]
    started, everything, plain_total = time.monotonic(), [], 0
    weeks = sorted(path.name for path in REPO.glob("week[0-9][0-9]_*"))
    notebooks = [(week, name) for week in weeks for name in notebooks_of(REPO, week)]
    unknown = [one for one in wanted if one not in [f"{week}/{name}" for week, name in notebooks]]
    if unknown:
        sys.exit(f"there is no {unknown[0]}; the notebooks are: {', '.join(f'{w}/{n}' for w, n in notebooks)}")
    print(ROW.format(*HEAD))
    for week, name in notebooks:
        if (wanted and f"{week}/{name}" not in wanted) or not load_mistakes(REPO, week, name):
            continue
        judged, plain = measured(week, name)
        everything += judged
        plain_total += plain
        print(row(f"{week}/{name}", judged, plain), flush=True)
    print(row("all", everything, plain_total))
    _details(everything)
    print()
    print(gradient_check.text())
    print(f"\n{time.monotonic() - started:.0f} s")


def _details(judged: list[Judged]) -> None:
    lists = (
        ("not detected", [(item, item.reason) for item in judged if not item.detected]),
        ("only detected", [(item, item.reason) for item in judged if item.detected and not item.source]),
        ("told another mistake", [(item, text) for item in judged for text in item.wrong]),
    )
    for title, items in lists:
        print(f"\n{title}: {len(items)}")
        for item, text in items:
            print(f"  {item.cell}: {item.name}: {text}")


if __name__ == "__main__":
    main()

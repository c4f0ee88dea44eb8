"""Records of the public cases by which the notebooks check: made from the keys, stored beside the questions.

So are the model answers of practice exercises, made from the solutions.

python -m tools.records            write those that are stale
python -m tools.records WEEK       only those of this week's folder
python -m tools.records --check    only say which are
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.exercise import model_answers
from grader.checks.probes.digests import NEAR
from grader.checks.questions import record
from grader.checks.questions.plain import unpack
from grader.judge.authoring.models import models_of
from grader.judge.grading.spec import keys_of, load_notebook, reference_cells

TELLING = re.compile(r"^(def|class|#) ?", re.MULTILINE)  # a bare number says no more than its ✓
REPO = Path(__file__).resolve().parent.parent


def notebooks() -> list[tuple[str, str]]:
    """(week, name) of every notebook that has questions with keys."""
    found = sorted(REPO.glob("solutions/week*/*/keys.py"))
    return [(path.parts[-3], path.parts[-2]) for path in found]


def text_of(week: str, name: str) -> str:
    """The record of a notebook as it should be; "" where it has no keys."""
    keys = keys_of(REPO, week, name)
    namespace = _solved(week, name) if any(key.lent for key in keys) else None
    records = {}
    for key in keys:
        seed = int.from_bytes(sha256(f"public/{key.asked.name}".encode()).digest()[:8], "big")
        records[key.asked.name] = key.recorded(np.random.default_rng(seed), namespace)
    return record.written(records) if records else ""


def models_text_of(week: str, name: str, questions: Path) -> str:
    """The file of the model answers of a notebook's practice exercises that it judges itself; "" where it has none."""
    entries = record.entries(questions.read_text(encoding="utf-8")) if questions.exists() else {}
    left = {key.asked.cell for key in keys_of(REPO, week, name) if entries.get(key.asked.name, {}).get("right") is None}
    cells = load_notebook(REPO, week, name).cells
    practice = [cell.grade_id.removeprefix("test_") for cell in cells if cell.practice and cell.grade_id not in left]
    models = {of: one for of, one in models_of(REPO, week, name).items() if of in practice and TELLING.search(one.code)}
    return model_answers.written(models) if models else ""


def _solved(week: str, name: str) -> dict[str, Any]:
    """The names of the solved notebook, its demonstrations and checks left out."""
    os.environ.setdefault("MPLBACKEND", "agg")
    from tools.solved import released

    reference, namespace = reference_cells(REPO, week, name), {"__name__": "__main__"}
    for cell in released(week, name).cells:
        data = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not data.get("grade") and "skip-grading" not in cell.metadata.get("tags", []):
            exec(compile(reference.get(data.get("grade_id"), cell.source), f"<{cell.id}>", "exec"), namespace)
    return namespace


def alike(one: Any, other: Any, size: float = 0.0) -> bool:
    """Do two records, or parts of them as JSON has them, say the same?

    Processors add in another order, so numbers may differ in their last digits; relative to the largest beside them,
    `size`.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        if "d" in one and "d" in other:  # an array
            return _near(unpack(one), unpack(other))
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        size = max((abs(each) for each in one if isinstance(each, float)), default=0.0)
        return len(one) == len(other) and all(alike(*both, size) for both in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return _near(np.array(one), np.array(other), size)
    return bool(one == other)


def _near(one: np.ndarray, other: np.ndarray, size: float = 0.0) -> bool:
    if (one.dtype, one.shape) != (other.dtype, other.shape) or one.dtype.kind not in "fc":
        return np.array_equal(one, other)
    size = max(size, np.abs(one[np.isfinite(one)]).max(initial=0.0))
    return np.allclose(one, other, rtol=0, atol=NEAR * size, equal_nan=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if one is stale")
    parser.add_argument("week", nargs="?", help="the folder of a week; all if there is none")
    options = parser.parse_args()
    only_check, stale = options.check, 0
    for week, name in notebooks():
        if options.week not in (None, week):
            continue
        path = REPO / week / f"{name}_questions.json"
        stale += _renewed(path, text_of(week, name), record.entries, only_check)
        stale += _renewed(model_answers.path_of(path), models_text_of(week, name, path), model_answers.read, only_check)
    return int(only_check and stale > 0)


def _renewed(path: Path, text: str, read: Callable[[str], Any], only_check: bool) -> bool:
    """Was the file stale? It is written, unless that is only to be said; one that is no longer wanted goes."""
    # What is compared is what the files say: one and the same may be compressed in more than one way.
    if alike(read(path.read_text(encoding="utf-8") if path.exists() else "{}"), read(text or "{}")):
        return False
    print(f"{path.relative_to(REPO)} {'is stale' if only_check else 'is written'} ({len(text) // 1000} kB)")
    if not only_check and text:
        path.write_text(text, encoding="utf-8")
    elif not only_check:
        path.unlink()
    return True


if __name__ == "__main__":
    sys.exit(main())

"""Every right solution and every catalogued mistake under many seeds: does the seed ever decide?

python -m benchmarks.seeds [--seeds 200] [--notebook layers] [--mistakes]
"""

import argparse
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator

from tqdm import tqdm

from grader.judge.grading.spec import load_mistakes, read_cells, reference_cells
from tests import mirror
from tests.notebooks.found import REPO

SLOW = 1.0  # seconds: a question that takes longer is asked under fewer seeds
FEW = 10


def right(week: str, name: str) -> Iterator[tuple[str, dict[str, str], set[str] | None]]:
    """(what, its cells, test cells it is asked at; None: all) of the reference and the right solutions."""
    yield "reference", {}, None
    for path in sorted((REPO / "tests/right_solutions" / week / name).glob("*.py")):
        yield path.stem, mirror.with_helpers(week, name, *read_cells(path)), None
    for exercise, how, source in mirror.ways(week, name):
        yield f"{exercise} {how}", {exercise: source}, {f"test_{exercise}"}


def wrong(week: str, name: str) -> Iterator[tuple[str, dict[str, str], set[str] | None]]:
    """The same of the mistakes: asked at the cells that they lose points in."""
    reference = reference_cells(REPO, week, name)
    for mistake in load_mistakes(REPO, week, name):
        if mistake.loses:
            yield mistake.name, {mistake.cell: mistake.apply(reference)}, set(mistake.loses)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=200)
    names = [name for _, name in mirror.NOTEBOOKS]
    parser.add_argument("--notebook", choices=names, metavar="NAME", help=f"only this one: {', '.join(names)}")
    parser.add_argument("--mistakes", action="store_true", help="the catalogue's mistakes in place of right solutions")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    asked_in_all = undecided = 0
    for week, name in mirror.NOTEBOOKS:
        if given.notebook not in (None, name):
            continue
        for what, cells, asked in tqdm(list((wrong if given.mistakes else right)(week, name)), desc=name, leave=False):
            untrained = mirror.TRAINED if cells and asked is None else set()
            chosen = [one for one in mirror.keys(week, name) if asked is None or one.asked.cell in asked]
            chosen = [one for one in chosen if one.asked.cell not in untrained]
            if not chosen:
                continue
            names = mirror.namespace(week, name, cells, {key.asked.cell for key in chosen})
            for key in chosen:
                verdicts: Counter[bool] = Counter()
                begun = time.monotonic()
                for seed in range(given.seeds):
                    verdicts[mirror.graded(key, names, seed)] += 1
                    if seed >= FEW and (time.monotonic() - begun) / (seed + 1) > SLOW:
                        break
                asked_in_all += verdicts.total()
                told = f"{week}/{name}, {what}, {key.asked.name}: right under {verdicts[True]} of {verdicts.total()}"
                if len(verdicts) > 1 or (not given.mistakes and not verdicts[True]):
                    undecided += 1
                    tqdm.write(f"{told} seeds")
    print(f"{asked_in_all} verdicts; the seed decided for {undecided} questions")
    return int(undecided > 0)


if __name__ == "__main__":
    sys.exit(main())

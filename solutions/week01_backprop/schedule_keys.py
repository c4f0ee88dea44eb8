"""Keys of lr_at and EarlyStopping, the same in regression and in classification."""

import numpy as np

from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from week01_backprop import net_questions as asked


def rate_slips(t, lr0, decay):
    """What lr_at gives at the epochs ``t`` after the mistakes that are named."""
    return {
        "the rate does not depend on the epoch": lr0 + 0 * t,
        "a geometric decay, lr0 * decay**epoch": lr0 * decay**t,
        "an exponential decay": lr0 * np.exp(-decay * t),
        "lr0 is left out": 1 / (1 + decay * t),
        "the rate grows: divide": lr0 * (1 + decay * t),
        "epochs count from 0, so nothing is to be taken off": lr0 / (1 + decay * (t - 1)),
        "epochs count from 0; epoch 0 has the full rate": lr0 / (1 + decay * (t + 1)),
        "the brackets are missing: 1 + decay * epoch is the divisor": lr0 / 1 + decay * t,
        "1 + decay * epoch is all below the line: the bracket closes too early": lr0 / (1 + decay) * t,
        "1 + decay is raised to the power of the epoch; the epoch multiplies decay": lr0 / (1 + decay) ** t,
        "decay is missing": lr0 / (1 + t),
    }


def other_schedules(t, lr0, decay):
    """What other schedules than the one that is asked for give."""
    return {
        "a geometric decay": lr0 * decay**t,
        "an exponential decay": lr0 * np.exp(-decay * t),
        "an inverse square root": lr0 / np.sqrt(1 + decay * t),
    }


@key(asked.rate_decays)
class _:
    def others(case):
        return other_schedules(np.array(case.epochs), case.lr0, case.decay)

    def draw(rng):
        lr0, decay = rng.uniform(0.2, 0.9, size=2)
        return Case(epochs=[1, 2, 5, 40], lr0=float(lr0), decay=float(decay))

    def right(case):
        t = np.array(case.epochs)
        mistakes = rate_slips(t, case.lr0, case.decay)
        return Right(case.lr0 / (1 + case.decay * t), f"lr_at at epochs {case.epochs}", mistakes)


@key(asked.rate_starts_at_lr0)
class _:
    def draw(rng):
        lr0, decay = rng.uniform(0.2, 0.9, size=2)
        return Case(epoch=7, lr0=float(lr0), decay=float(decay))

    def right(case):
        lr0, decay, epoch = case.lr0, case.decay, case.epoch
        slips = rate_slips(epoch, lr0, decay)
        also = [rate for rate in slips.values() if rate != lr0]  # judged by the test above; lr0 itself is in the case
        return [
            Right(lr0, "lr_at(0, lr0, decay)"),
            Right(lr0, f"lr_at({epoch}, lr0, 0)"),
            Right(lr0 / (1 + decay * epoch), f"lr_at({epoch}, lr0, decay)", slips, also=also),
        ]


# EarlyStopping. All losses are multiples of 1/8, so that differences are exact. Whether "the best" is the lowest loss
# of all or the last one that counted as an improvement makes no difference to the sequences below. Each goes on for a
# while after the epoch that says stop, so that its length does not tell which one that is.


def stop_of(patience, min_delta, losses):
    """The epoch, counted from 1, at which training is to stop."""
    best, bad = np.inf, 0
    for epoch, loss in enumerate(losses, start=1):
        best, bad = (loss, 0) if loss < best - min_delta else (best, bad + 1)
        if bad >= patience:
            return epoch
    return 0


def longer(rng, *runs):
    """The runs, each with a few more losses that are no improvement."""
    return [
        (patience, delta, [*map(float, losses), *map(float, losses[-1] + rng.integers(1, 9, size=rng.integers(1, 5)))])
        for patience, delta, losses in runs
    ]


def stops(case, *hints, excused=True):
    """``hints``: of each run (how its losses go, what to say if it stops earlier, what if it does not stop there).

    ``excused``: patience that is off by one is accepted, as another question judges it.
    """
    rights = []
    for (patience, delta, losses), (where, early, late) in zip(case.runs, hints, strict=True):
        right, name = stop_of(patience, delta, losses), f"EarlyStopping({patience}, {delta})"
        mistakes = {f"{name} stops too early, at epoch {epoch}; {early}": float(epoch) for epoch in range(1, right)}
        mistakes |= {
            f"{name} does not stop at epoch {right} but at epoch {epoch}; {late}": float(epoch)
            for epoch in range(right + 1, len(losses) + 1)
        }
        mistakes[f"{name} does not stop; {late}"] = 0.0
        off_by_one = [float(stop_of(other, delta, losses)) for other in (patience - 1, patience + 1)]
        also = [epoch for epoch in off_by_one if epoch] if excused else []
        rights.append(Right(float(right), f"the epoch at which {name} stops, {where}", mistakes, also=also))
    return rights


@key(asked.stops_when_patience_is_over)
class _:
    exact = True

    def draw(rng):
        large = 2.0**20 * float(rng.integers(8, 16))  # a loss may be large
        runs = []
        for start, patience in ((8.0, 3), (8.0, 1), (8.0, 5), (large, 2)):
            falling = start - 0.5 * np.arange(4)
            bad = falling[-1] + 0.125 * np.cumsum(rng.integers(1, 9, size=patience))
            runs.append((patience, 0.0, [*falling, *bad]))
        return Case(runs=longer(rng, *runs))

    def right(case):
        early = "it is to wait for `patience` epochs in a row without improvement"
        late = "the validation loss has not improved for {} epochs in a row"
        sizes = ["of losses below 10", "of losses above a million"]
        hints = [(sizes[losses[0] > 10], early, late.format(patience)) for patience, _, losses in case.runs]
        return stops(case, *hints, excused=False)


@key(asked.an_improvement_starts_the_count_anew)
class _:
    exact = True

    def draw(rng):
        low = float(rng.integers(4, 9))
        losses = [low, low + 1, low + 0.5, low - 1, low, low - 0.5, low - 2, low, low, low]
        (run,) = longer(rng, (3, 0.0, losses))
        return Case(runs=[run, run])

    def right(case):
        early = "an improvement must set the count of bad epochs back to 0"
        again = "what one EarlyStopping has counted must not be known to the next one"
        first = "where losses improve in between", early, "after the last improvement there were 3 bad epochs"
        return stops(case, first, ("at the same losses again", again, again))


@key(asked.the_best_is_what_counts)
class _:
    exact = True

    def draw(rng):
        low = float(rng.integers(4, 9))
        falling = 4, 0.0, [low + 2, low, low + 4, low + 3, low + 2, low + 1]
        return Case(runs=longer(rng, falling, (2, 0.0, [low, low, low]), (2, 0.0, [low, 0, 2, 1])))

    def right(case):
        late = "a loss is compared with the best one so far; being lower than the last one is no improvement"
        zero = "a best loss of 0 is one, too: only infinity, or None, stands for no loss yet"
        falls = "where losses rise above the best one and fall, but not below it", "4 epochs are to pass", late
        equal = "where all losses are equal", "an equal loss", "an equal loss is no improvement"
        return stops(case, falls, equal, ("where the best loss is 0", "a best loss of 0", zero))


@key(asked.small_improvements_do_not_count)
class _:
    exact = True

    def draw(rng):
        low, delta = float(rng.integers(4, 9)), 0.25
        improving = [low - 0.5 * k for k in range(5)]
        end = improving[-1]
        return Case(
            runs=longer(
                rng,
                (2, delta, [*improving, end - 0.125, end - 0.25, end - 0.25]),
                (1, delta, [*improving, end - 0.25, end - 0.25]),
                (1, 4.0, [low + 8, low + 2, low + 1]),
            )
        )

    def right(case):
        early = "an improvement of more than min_delta, which is a difference and no share, sets the count back"
        late = "an improvement of min_delta or less does not count"
        less = f"{late}, not even one of exactly min_delta"
        falls, last = "where improvements become smaller", "where the last improvement is exactly min_delta"
        exactly = last, early, f"{late}: here it was exactly min_delta"
        return stops(case, (falls, early, less), exactly, (falls, early, late))

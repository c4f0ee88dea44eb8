"""Mistakes in minibatches, train, the schedule and clipping, which both practicals ask for in the same words."""

from grader.judge.authoring.mistakes import Mistake

ORDER = "order = rng.permutation(len(x))"
YIELD = "yield x[chosen], y[chosen]"
BATCHES = "for x_batch, y_batch in minibatches(x, y, batch_size, rng):"
EPOCHS = "    for _ in range(epochs):\n"
STEP = """\
            params = [
                (W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
"""

SGD_MISTAKES = [
    Mistake(
        "minibatches_never_shuffled",
        "deals the samples in the order of the data",
        cell="sgd",
        edit=[(ORDER, "order = np.arange(len(x))")],
        loses={"test_sgd": 0.15},
        hint="in the order of the data",
    ),
    Mistake(
        "minibatches_same_order_each_time",
        "draws the order from a generator of its own that always starts alike",
        cell="sgd",
        edit=[(ORDER, "order = np.random.default_rng(0).permutation(len(x))")],
        loses={"test_sgd": 0.15},
        hint="deals in the same order",
    ),
    Mistake(
        "minibatches_shuffles_batches_only",
        "keeps neighbours together and shuffles the batches",
        cell="sgd",
        edit=[
            (ORDER, "order = np.arange(len(x))"),
            (
                "for start in range(0, len(order), batch_size):",
                "for start in rng.permutation(range(0, len(order), batch_size)):",
            ),
        ],
        loses={"test_sgd": 0.25},
        hint="share a batch in every epoch",
    ),
    Mistake(
        "minibatches_separates_x_and_y",
        "shuffles x and y each by itself",
        cell="sgd",
        edit=[(YIELD, "yield x[chosen], y[rng.permutation(len(y))[: len(chosen)]]")],
        loses={"test_sgd": 0.2},
        hint="not shuffled alike",
    ),
    Mistake(
        "minibatches_drops_the_rest",
        "leaves out the last batch when it is smaller",
        cell="sgd",
        edit=[("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)")],
        loses={"test_sgd": 0.3},
        hint="do not come at all",
    ),
    Mistake(
        "minibatches_with_replacement",
        "draws the rows independently, some more than once",
        cell="sgd",
        edit=[(ORDER, "order = rng.integers(0, len(x), size=len(x))")],
        loses={"test_sgd": 0.2},
        hint="more than once",
    ),
    Mistake(
        "minibatches_in_place",
        "puts the caller's arrays into the new order",
        cell="sgd",
        edit=[(ORDER, f"{ORDER}\n    x[:], y[:] = x[order], y[order]\n    order = np.arange(len(x))")],
        loses={"test_sgd": 0.05},
        hint="minibatches: x was changed in place",
    ),
    Mistake(
        "train_climbs",
        "adds the gradient",
        cell="sgd",
        edit=[("W - learning_rate * dW, b - learning_rate * db", "W + learning_rate * dW, b + learning_rate * db")],
        loses={"test_sgd": 0.45},
        hint="the steps climb",
    ),
    Mistake(
        "train_one_step_an_epoch",
        "steps down the gradient over all samples, once an epoch",
        cell="sgd",
        edit=[(BATCHES, "for x_batch, y_batch in [(x, y)]:")],
        loses={"test_sgd": 0.25},
        hint="one step an epoch",
    ),
    Mistake(
        "train_divides_again",
        "divides the gradient by the batch size, though it is averaged",
        cell="sgd",
        edit=[("learning_rate * d", "learning_rate / len(x_batch) * d")],
        loses={"test_sgd": 0.35},
        hint="divided by the batch size again",
    ),
    Mistake(
        "train_same_batches_in_every_epoch",
        "deals the batches once, before the first epoch",
        cell="sgd",
        edit=[
            (EPOCHS, "    batches = list(minibatches(x, y, batch_size, rng))\n" + EPOCHS),
            (BATCHES, "for x_batch, y_batch in batches:"),
        ],
        loses={"test_sgd": 0.1},
        hint="same batches",
    ),
    Mistake(
        "train_in_place",
        "moves the arrays of the caller",
        cell="sgd",
        edit=[
            (
                STEP,
                "            for (W, b), (dW, db) in zip(params, grads, strict=True):\n"
                "                W -= learning_rate * dW\n"
                "                b -= learning_rate * db\n",
            )
        ],
        loses={"test_sgd": 0.05},
        hint="train: params was changed in place",
    ),
    Mistake(
        "train_biases_stay",
        "forgets the biases",
        cell="sgd",
        edit=[("b - learning_rate * db", "b")],
        loses={"test_sgd": 0.45},
        hint="the biases do not move",
    ),
]

SCHEDULE_MISTAKES = [
    Mistake(
        "rate_geometric",
        "multiplies by decay in every epoch",
        cell="schedule",
        edit=[("return lr0 / (1 + decay * epoch)", "return lr0 * decay**epoch")],
        loses={"test_schedule": 0.3},
        hint="geometric decay",
    ),
    Mistake(
        "rate_counts_from_one",
        "takes the first epoch for epoch 1",
        cell="schedule",
        edit=[("decay * epoch)", "decay * (epoch - 1))")],
        loses={"test_schedule": 0.3},
        hint="epochs count from 0",
    ),
    Mistake(
        "rate_without_brackets",
        "divides lr0 by 1 alone",
        cell="schedule",
        edit=[("lr0 / (1 + decay * epoch)", "lr0 / 1 + decay * epoch")],
        loses={"test_schedule": 0.2},
        hint="the brackets are missing",
    ),
    Mistake(
        "stopping_one_epoch_late",
        "waits for one bad epoch more than patience says",
        cell="schedule",
        edit=[("self.bad_epochs >= self.patience", "self.bad_epochs > self.patience")],
        loses={"test_schedule": 0.7},
        hint="does not stop",
    ),
    Mistake(
        "stopping_never_resets",
        "counts all bad epochs, not those in a row",
        cell="schedule",
        edit=[("self.best = val_loss\n            self.bad_epochs = 0", "self.best = val_loss")],
        loses={"test_schedule": 0.15},
        hint="set the count of bad epochs back",
    ),
    Mistake(
        "stopping_compares_with_the_last",
        "takes a loss that is lower than the one before for an improvement",
        cell="schedule",
        edit=[("self.bad_epochs += 1", "self.bad_epochs += 1\n            self.best = val_loss")],
        loses={"test_schedule": 0.15},
        hint="compared with the best one",
    ),
    Mistake(
        "stopping_ignores_min_delta",
        "lets any improvement count",
        cell="schedule",
        edit=[("self.best - self.min_delta", "self.best")],
        loses={"test_schedule": 0.15},
        hint="min_delta or less does not count",
    ),
    Mistake(
        "stopping_equal_counts",
        "lets an equal loss, or one better by exactly min_delta, count as an improvement",
        cell="schedule",
        edit=[("val_loss < self.best", "val_loss <= self.best")],
        loses={"test_schedule": 0.3},
        hint="exactly min_delta",
    ),
]

CLIPPED = "return [(factor * dW, factor * db) for dW, db in grads], norm"
DEVIATION = "mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)"
ROUNDING = "    rounding = 10 * np.finfo(float).eps * np.abs(x_train).max(axis=0)\n"
GUARD = "    deviation = np.where(deviation <= rounding, 1.0, deviation)\n"

CLIP_MISTAKES = [
    Mistake(
        "clips_each_array",
        "shortens every array by itself",
        cell="clip",
        edit=[
            (
                CLIPPED,
                "def shorten(grad):\n"
                "        return grad * min(1.0, max_norm / max(np.linalg.norm(grad), 1e-300))\n\n"
                "    return [(shorten(dW), shorten(db)) for dW, db in grads], norm",
            )
        ],
        loses={"test_clip": 0.2},
        hint="every array is clipped by itself",
    ),
    Mistake(
        "clips_each_entry",
        "cuts every entry at max_norm",
        cell="clip",
        edit=[
            (
                CLIPPED,
                "def cut(grad):\n        return np.clip(grad, -max_norm, max_norm)\n\n"
                "    return [(cut(dW), cut(db)) for dW, db in grads], norm",
            )
        ],
        loses={"test_clip": 0.2},
        hint="every entry is clipped by itself",
    ),
    Mistake(
        "clip_always_scales",
        "stretches short gradients to max_norm, too",
        cell="clip",
        edit=[("max_norm / norm if norm > max_norm else 1.0", "max_norm / norm")],
        loses={"test_clip": 0.15},
        hint="short gradients are stretched",
    ),
    Mistake(
        "clip_forgets_the_biases",
        "takes the norm of the weights alone",
        cell="clip",
        edit=[("for pair in grads for grad in pair", "for grad, _ in grads")],
        loses={"test_clip": 0.35},
        hint="the biases are left out",
    ),
    Mistake(
        "clip_returns_the_norm_after",
        "returns the norm of what is left",
        cell="clip",
        edit=[("for dW, db in grads], norm", "for dW, db in grads], min(norm, max_norm)")],
        loses={"test_clip": 0.15},
        hint="after the clipping",
    ),
    Mistake(
        "clip_in_place",
        "shortens the caller's arrays",
        cell="clip",
        edit=[
            (
                CLIPPED,
                "for dW, db in grads:\n        dW *= factor\n        db *= factor\n    return grads, norm",
            )
        ],
        loses={"test_clip": 0.1},
        hint="grads was changed in place",
    ),
    Mistake(
        "clip_hands_back_the_argument",
        "returns the list it was given when nothing has to be clipped",
        cell="clip",
        edit=[("    return [(factor", "    if factor == 1.0:\n        return grads, norm\n    return [(factor")],
        loses={"test_clip": 0.1},
        hint="shares memory",
    ),
    Mistake(
        "standardize_with_ddof_1",
        "has n - 1 under the root",
        cell="clip",
        edit=[("x_train.std(axis=0)", "x_train.std(axis=0, ddof=1)")],
        loses={"test_clip": 0.3},
        hint="ddof 1",
    ),
    Mistake(
        "standardize_other_by_itself",
        "treats x_other by its own mean and deviation",
        cell="clip",
        edit=[("(x_other - mean) / deviation", "(x_other - x_other.mean(axis=0)) / x_other.std(axis=0)")],
        loses={"test_clip": 0.25},
        hint="through one lens",
    ),
    Mistake(
        "standardize_divides_by_zero",
        "does not care for constant columns",
        cell="clip",
        edit=[(ROUNDING + GUARD, "")],
        loses={"test_clip": 0.15},
        hint="is to be centred and not divided",
    ),
    Mistake(
        "standardize_zero_exactly",
        "looks for a deviation of exactly 0",
        cell="clip",
        edit=[(ROUNDING, ""), ("deviation <= rounding", "deviation == 0")],
        loses={"test_clip": 0.15},
        hint="constant up to rounding is to be centred",
    ),
    Mistake(
        "standardize_absolute_limit",
        "takes every deviation below 1e-8 for rounding, and none above",
        cell="clip",
        edit=[(ROUNDING, ""), ("deviation <= rounding", "deviation < 1e-8")],
        loses={"test_clip": 0.05},
        hint="large numbers, equal up to rounding",
    ),
    Mistake(
        "standardize_over_everything",
        "takes one mean and one deviation for all columns",
        cell="clip",
        edit=[
            (DEVIATION, "mean, deviation = x_train.mean(), x_train.std()"),
            (ROUNDING + GUARD, ""),
        ],
        loses={"test_clip": 0.4},
        hint="every column has its own",
    ),
]

TRAINING_MISTAKES = [*SGD_MISTAKES, *SCHEDULE_MISTAKES, *CLIP_MISTAKES]

"""Mistakes that are the same in both practicals: in any net, in minibatches and train, the schedule and clipping."""

from functools import partial

from grader.judge.authoring.mistakes import planted

SIZES_BY_TWO = "zip(sizes[:-1], sizes[1:], strict=True)"
SIZES_POPPED = "[(sizes.pop(0), sizes[0]) for _ in range(len(sizes) - 1)]"

two_hidden = partial(planted, "two_hidden")
n_hidden = partial(planted, "n_hidden")
NET_MISTAKES = [
    two_hidden("two_hidden_starts_at_zero", "starts the weights at zero", 0.1, "start at zero",
        ("rng.normal(scale=n_in**-0.5, size=(n_in, n_out))", "np.zeros((n_in, n_out))")),
    two_hidden("two_hidden_numpys_generator", "draws the weights from np.random, not from rng", 0.1,
        "draw them from rng and nothing else", ("rng.normal", "np.random.normal")),
    two_hidden("two_hidden_seed_in_every_layer", "makes a generator with the same seed for every layer", 0.1,
        "starts with the numbers of layer 1", ("rng.normal", "np.random.default_rng(0).normal")),
    two_hidden("two_hidden_empties_sizes", "takes the sizes off the caller's list", 0.1, "sizes was changed in place",
        (SIZES_BY_TWO, SIZES_POPPED)),
    n_hidden("n_hidden_numpys_generator", "draws the weights from np.random, not from rng", 0.05,
        "draw them from rng and nothing else", ("rng.normal", "np.random.normal")),
    n_hidden("n_hidden_seed_in_every_layer", "makes a generator with the same seed for every layer", 0.05,
        "starts with the numbers of layer 1", ("rng.normal", "np.random.default_rng(0).normal")),
    n_hidden("n_hidden_empties_sizes", "takes the sizes off the caller's list", 0.1, "sizes was changed in place",
        (SIZES_BY_TWO, SIZES_POPPED)),
    n_hidden("n_hidden_turns_params_round", "turns the caller's list round to go back through it", 0.05,
        "backward: params was changed in place", ("    grads = []\n", "    grads = []\n    params.reverse()\n"),
        ("params[k][0]", "params[len(params) - 1 - k][0]")),
    n_hidden("n_hidden_forward_eats_params", "takes the layers off the caller's list", 0.05,
        "forward: params was changed in place",
        ("    return layer_outputs(x, params)[-1]",
         "    layers = [params.pop(0) for _ in range(len(params))]\n    return layer_outputs(x, layers)[-1]")),
    n_hidden("n_hidden_gradients_by_layer", "keeps the gradients in a dictionary by the layer's id", 0.45,
        "a layer stands twice", ("grads = []", "by_layer = {}"),
        ("grads.insert(0, (a.T @ grad, grad.sum(axis=0)))", "by_layer[id(params[k])] = a.T @ grad, grad.sum(axis=0)"),
        ("return grads", "return [by_layer[id(pair)] for pair in params]")),
    n_hidden("n_hidden_last_layer_first", "collects the gradients on the way back and does not turn the list round",
        0.45, "from the last to the first", ("grads.insert(0, (", "grads.append((")),
]

ORDER = "order = rng.permutation(len(x))"
YIELD = "yield x[chosen], y[chosen]"
BATCHES = "for x_batch, y_batch in minibatches(x, y, batch_size, rng):"
EPOCHS = "    for _ in range(epochs):\n"
STEP = """\
            params = [
                (W - learning_rate * dW, b - learning_rate * db) for (W, b), (dW, db) in zip(params, grads, strict=True)
            ]
"""

sgd = partial(planted, "sgd")
SGD_MISTAKES = [
    sgd("minibatches_never_shuffled", "deals the samples in the order of the data", 0.15, "in the order of the data",
        (ORDER, "order = np.arange(len(x))")),
    sgd("minibatches_same_order_each_time", "draws the order from a generator of its own that always starts alike",
        0.15, "deals in the same order", (ORDER, "order = np.random.default_rng(0).permutation(len(x))")),
    sgd("minibatches_shuffles_batches_only", "keeps neighbours together and shuffles the batches", 0.25,
        "share a batch in every epoch", (ORDER, "order = np.arange(len(x))"),
        ("for start in range(0, len(order), batch_size):",
         "for start in rng.permutation(range(0, len(order), batch_size)):")),
    sgd("minibatches_separates_x_and_y", "shuffles x and y each by itself", 0.2, "not shuffled alike",
        (YIELD, "yield x[chosen], y[rng.permutation(len(y))[: len(chosen)]]")),
    sgd("minibatches_drops_the_rest", "leaves out the last batch when it is smaller", 0.3, "do not come at all",
        ("range(0, len(order), batch_size)", "range(0, len(order) - batch_size + 1, batch_size)")),
    sgd("minibatches_with_replacement", "draws the rows independently, some more than once", 0.2, "more than once",
        (ORDER, "order = rng.integers(0, len(x), size=len(x))")),
    sgd("minibatches_in_place", "puts the caller's arrays into the new order", 0.05,
        "minibatches: x was changed in place",
        (ORDER, f"{ORDER}\n    x[:], y[:] = x[order], y[order]\n    order = np.arange(len(x))")),
    sgd("minibatches_numpys_generator", "draws the order from np.random, not from rng", 0.15,
        "rng started alike and the order did not", (ORDER, "order = np.random.permutation(len(x))")),
    sgd("minibatches_forgets_the_last_sample", "stops one row early", 0.3, "1 of the samples do not come at all",
        (ORDER, "order = rng.permutation(len(x) - 1)")),
    sgd("train_climbs", "adds the gradient", 0.2, "the steps climb",
        ("W - learning_rate * dW, b - learning_rate * db", "W + learning_rate * dW, b + learning_rate * db")),
    sgd("train_one_step_an_epoch", "steps down the gradient over all samples, once an epoch", 0.25, "one step an epoch",
        (BATCHES, "for x_batch, y_batch in [(x, y)]:")),
    sgd("train_divides_again", "divides the gradient by the batch size, though it is averaged", 0.2,
        "divided by the batch size again", ("learning_rate * d", "learning_rate / len(x_batch) * d")),
    sgd("train_same_batches_in_every_epoch", "deals the batches once, before the first epoch", 0.1, "same batches",
        (EPOCHS, "    batches = list(minibatches(x, y, batch_size, rng))\n" + EPOCHS),
        (BATCHES, "for x_batch, y_batch in batches:")),
    sgd("train_in_place", "moves the arrays of the caller", 0.05, "train: params was changed in place",
        (STEP,
         "            for (W, b), (dW, db) in zip(params, grads, strict=True):\n"
         "                W -= learning_rate * dW\n"
         "                b -= learning_rate * db\n")),
    sgd("train_assigns_into_params", "puts the new arrays into the caller's list", 0.05,
        "train: params was changed in place", (STEP, STEP.replace("params = [", "params[:] = ["))),
    sgd("train_two_layers_only", "unpacks two layers", 0.2, "unpack",
        (STEP,
         "            (V, c), (W, b) = params\n            (dV, dc), (dW, db) = grads\n"
         "            params = [\n                (V - learning_rate * dV, c - learning_rate * dc),\n"
         "                (W - learning_rate * dW, b - learning_rate * db),\n            ]\n")),
    sgd("train_rate_written_in", "steps by 0.1, whatever the learning rate", 0.2, "0.1, whatever `learning_rate` says",
        ("learning_rate * d", "0.1 * d")),
    sgd("train_generator_of_its_own", "hands minibatches a generator of its own", 0.1,
        "rng started alike and the results differ",
        (BATCHES, "for x_batch, y_batch in minibatches(x, y, batch_size, np.random.default_rng()):")),
    sgd("train_biases_stay", "forgets the biases", 0.2, "the biases do not move", ("b - learning_rate * db", "b")),
]

schedule = partial(planted, "schedule")
SCHEDULE_MISTAKES = [
    schedule("rate_geometric", "multiplies by decay in every epoch", 0.3, "geometric decay",
        ("return lr0 / (1 + decay * epoch)", "return lr0 * decay**epoch")),
    schedule("rate_counts_from_one", "takes the first epoch for epoch 1", 0.3, "epochs count from 0",
        ("decay * epoch)", "decay * (epoch - 1))")),
    schedule("rate_without_brackets", "divides lr0 by 1 alone", 0.2, "the brackets are missing",
        ("lr0 / (1 + decay * epoch)", "lr0 / 1 + decay * epoch")),
    schedule("stopping_one_epoch_late", "waits for one bad epoch more than patience says", 0.25, "does not stop",
        ("self.bad_epochs >= self.patience", "self.bad_epochs > self.patience")),
    schedule("stopping_one_epoch_early", "stops one bad epoch before patience is over", 0.25, "stops too early",
        ("self.bad_epochs >= self.patience", "self.bad_epochs >= self.patience - 1")),
    schedule("stopping_counts_on_the_class", "keeps the losses in a list that all instances share", 0.7,
        "keep what it counts on `self`",
        ("    def __init__(self", "    losses = []\n\n    def __init__(self"),
        ("        if val_loss < self.best", "        self.best = min(self.losses, default=np.inf)\n"
         "        self.losses.append(val_loss)\n        if val_loss < self.best")),
    schedule("stopping_starts_from_a_number", "takes a million for larger than any loss", 0.25, "stops too early",
        ("np.inf", "1e6")),
    schedule("stopping_never_resets", "counts all bad epochs, not those in a row", 0.15,
        "set the count of bad epochs back",
        ("self.best = val_loss\n            self.bad_epochs = 0", "self.best = val_loss")),
    schedule("stopping_compares_with_the_last", "takes a loss that is lower than the one before for an improvement",
        0.15, "compared with the best one",
        ("self.bad_epochs += 1", "self.bad_epochs += 1\n            self.best = val_loss")),
    schedule("stopping_ignores_min_delta", "lets any improvement count", 0.15, "min_delta or less does not count",
        ("self.best - self.min_delta", "self.best")),
    schedule("stopping_forgets_a_best_loss_of_zero", "takes a best loss of 0.0 for none at all", 0.15,
        "a best loss of 0 is one, too",
        ("if val_loss < self.best - self.min_delta:", "if not self.best or val_loss < self.best - self.min_delta:")),
    schedule("stopping_equal_counts",
        "lets an equal loss, or one better by exactly min_delta, count as an improvement", 0.3, "exactly min_delta",
        ("val_loss < self.best", "val_loss <= self.best")),
]

CLIPPED = "return [(factor * dW, factor * db) for dW, db in grads], norm"
DEVIATION = "mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)"
ROUNDING = "    rounding = 10 * np.finfo(float).eps * np.abs(x_train).max(axis=0)\n"
GUARD = "    deviation = np.where(deviation <= rounding, 1.0, deviation)\n"

clip = partial(planted, "clip")
CLIP_MISTAKES = [
    clip("clips_each_array", "shortens every array by itself", 0.2, "every array is clipped by itself",
        (CLIPPED,
         "def shorten(grad):\n"
         "        return grad * min(1.0, max_norm / max(np.linalg.norm(grad), 1e-300))\n\n"
         "    return [(shorten(dW), shorten(db)) for dW, db in grads], norm")),
    clip("clips_each_entry", "cuts every entry at max_norm", 0.2, "every entry is clipped by itself",
        (CLIPPED,
         "def cut(grad):\n        return np.clip(grad, -max_norm, max_norm)\n\n"
         "    return [(cut(dW), cut(db)) for dW, db in grads], norm")),
    clip("clip_always_scales", "stretches short gradients to max_norm, too", 0.15, "short gradients are stretched",
        ("max_norm / norm if norm > max_norm else 1.0", "max_norm / norm")),
    clip("clip_forgets_the_biases", "takes the norm of the weights alone", 0.35, "the biases are left out",
        ("for pair in grads for grad in pair", "for grad, _ in grads")),
    clip("clip_returns_the_norm_after", "returns the norm of what is left", 0.15, "after the clipping",
        ("for dW, db in grads], norm", "for dW, db in grads], min(norm, max_norm)")),
    clip("clip_adds_a_constant", "adds 1e-6 to the norm, for fear of dividing by zero", 0.2,
        "1e-6 is added to the norm", ("max_norm / norm if", "max_norm / (norm + 1e-6) if")),
    clip("clip_in_place", "shortens the caller's arrays", 0.1, "grads was changed in place",
        (CLIPPED, "for dW, db in grads:\n        dW *= factor\n        db *= factor\n    return grads, norm")),
    clip("clip_hands_back_the_argument", "returns the list it was given when nothing has to be clipped", 0.1,
        "shares memory",
        ("    return [(factor", "    if factor == 1.0:\n        return grads, norm\n    return [(factor")),
    clip("standardize_with_ddof_1", "has n - 1 under the root", 0.3, "ddof 1",
        ("x_train.std(axis=0)", "x_train.std(axis=0, ddof=1)")),
    clip("standardize_other_by_itself", "treats x_other by its own mean and deviation", 0.25, "through one lens",
        ("(x_other - mean) / deviation", "(x_other - x_other.mean(axis=0)) / x_other.std(axis=0)")),
    clip("standardize_in_place", "works on the caller's arrays", 0.1, "x_train was changed in place",
        ("    return (x_train - mean) / deviation, (x_other - mean) / deviation",
         "    x_train -= mean\n    x_other -= mean\n    x_train /= deviation\n    x_other /= deviation\n"
         "    return x_train, x_other")),
    clip("standardize_divides_by_zero", "does not care for constant columns", 0.15, "is to be centred and not divided",
        (ROUNDING + GUARD, "")),
    clip("standardize_zero_exactly", "looks for a deviation of exactly 0", 0.15,
        "constant up to rounding is to be centred", (ROUNDING, ""), ("deviation <= rounding", "deviation == 0")),
    clip("standardize_absolute_limit", "takes every deviation below 1e-8 for rounding, and none above", 0.05,
        "large numbers, equal up to rounding", (ROUNDING, ""), ("deviation <= rounding", "deviation < 1e-8")),
    clip("standardize_over_everything", "takes one mean and one deviation for all columns", 0.4,
        "every column has its own", (DEVIATION, "mean, deviation = x_train.mean(), x_train.std()"),
        (ROUNDING + GUARD, "")),
]

PRACTICAL_MISTAKES = [*NET_MISTAKES, *SGD_MISTAKES, *SCHEDULE_MISTAKES, *CLIP_MISTAKES]

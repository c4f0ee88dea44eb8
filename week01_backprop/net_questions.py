"""What the checks of both practicals ask: they differ in their nets, and in nothing that is asked."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import array, items, number, pairs, question, unchanged
from grader.checks.questions.forms import Form, described

# params and gradients: [(W, b), ...], W [in, out] and b [out]


def params_of(*sizes, judged="Wb"):
    """The form of params for these sizes. `judged` names the members of the pairs that are looked at."""
    shapes = list(zip(sizes, sizes[1:]))  # noqa: B905

    def wrong(value):
        listed = isinstance(value, (list, tuple)) and len(value) == len(shapes)
        if not listed:
            return f"a list of {len(shapes)} pairs is expected, one for each layer, found {described(value)}"
        for pair in value:
            if not (isinstance(pair, (list, tuple)) and len(pair) == 2):
                return f"each entry is to be a pair of two arrays, found {described(pair)}"
        found = [np.shape(W) if isinstance(W, np.ndarray) else None for W, _ in value]
        if found == shapes[::-1] != shapes:
            return "the layers are listed from the last to the first"
        for layer, (pair, shape) in enumerate(zip(value, shapes), start=1):  # noqa: B905
            for name, part, form in zip("Wb", pair, (array(*shape), array(shape[1]))):  # noqa: B905
                if name in judged and (fault := form(part)):
                    return f"layer {layer}, {name}: {fault}"
        return ""

    return Form(wrong)


def sizes_of(params):
    return [len(params[0][0]), *(len(b) for _, b in params)]


def copied(params):
    return [(W.copy(), b.copy()) for W, b in params]


def flat(params):
    return [part for pair in params for part in pair]


# schedule


@question("test_schedule", points=0.2, form=lambda case: items(number(), length=len(case.epochs)))
def rate_decays(student, epochs, lr0, decay):
    """lr_at follows its formula at every epoch."""
    return [student.lr_at(epoch, lr0, decay) for epoch in epochs]


@rate_decays.reading
def _(answer, case):
    return np.array([float(rate) for rate in answer])


@question("test_schedule", points=0.1, form=items(number(), length=3))
def rate_starts_at_lr0(student, epoch, lr0, decay):
    """lr_at gives lr0 at epoch 0, and at every epoch when decay is 0."""
    return [student.lr_at(0, lr0, decay), student.lr_at(epoch, lr0, 0.0), student.lr_at(epoch, lr0, decay)]


def says(stopping, losses):
    """What update answers to one loss after the other, until it says stop."""
    answers = []
    for loss in losses:
        answers.append(stopping.update(loss))
        if answers[-1]:
            break
    return answers


def yes_or_no(value):
    known = value is None or isinstance(value, (bool, int, np.bool_, np.integer)) or np.shape(value) == ()
    single = known and not isinstance(value, (str, list, tuple, dict))
    return "" if single else f"update says True or False, found {described(value)}"


def of_stops(case):
    """The form of what EarlyStopping says in every run."""
    return items(items(Form(yes_or_no)), length=len(case.runs))


def when_it_stops(answer, case):
    """The epoch of the first True of every run, counted from 1; 0 where there is none."""
    return [float(len(said)) if said and said[-1] else 0.0 for said in answer]


@question("test_schedule", points=0.25, form=of_stops)
def stops_when_patience_is_over(student, runs):
    """EarlyStopping says True at the patience-th epoch in a row without improvement, not before."""
    return [says(student.EarlyStopping(patience, min_delta), losses) for patience, min_delta, losses in runs]


@question("test_schedule", points=0.15, form=of_stops)
def an_improvement_starts_the_count_anew(student, runs):
    """EarlyStopping counts epochs in a row: an improvement sets the count back."""
    return [says(student.EarlyStopping(patience, min_delta), losses) for patience, min_delta, losses in runs]


@question("test_schedule", points=0.15, form=of_stops)
def the_best_is_what_counts(student, runs):
    """EarlyStopping compares with the best loss so far, not with the last one."""
    return [says(student.EarlyStopping(patience, min_delta), losses) for patience, min_delta, losses in runs]


@question("test_schedule", points=0.15, form=of_stops)
def small_improvements_do_not_count(student, runs):
    """EarlyStopping asks for an improvement of more than min_delta."""
    return [says(student.EarlyStopping(patience, min_delta), losses) for patience, min_delta, losses in runs]


for asked in (
    stops_when_patience_is_over,
    an_improvement_starts_the_count_anew,
    the_best_is_what_counts,
    small_improvements_do_not_count,
):
    asked.reading(when_it_stops)
del asked


# clip


def of_clipping(*many):
    """The form of what clip_by_global_norm gives for gradients, one after the other."""
    return pairs(*(pairs(params_of(*sizes_of(grads)), None) for grads in many))


@question("test_clip", points=0.15, form=lambda case: of_clipping(*[g for g in case.several for _ in case.limits]))
def norm_is_that_of_all_gradients_together(student, several, limits):
    """clip_by_global_norm returns the norm of all gradients together, as it was before."""
    return [student.clip_by_global_norm(copied(grads), limit) for grads in several for limit in limits]


@norm_is_that_of_all_gradients_together.reading
def _(answer, case):
    return [norm for _, norm in answer]


@question("test_clip", points=0.2, form=lambda case: of_clipping(case.grads))
def long_gradients_are_shortened(student, grads, limit):
    """clip_by_global_norm shortens all gradients by one factor, to max_norm."""
    return [student.clip_by_global_norm(grads, limit)]


@long_gradients_are_shortened.reading
def _(answer, case):
    return flat(answer[0][0])


@question("test_clip", points=0.1, form=lambda case: of_clipping(case.grads))
def short_gradients_stay(student, grads, limit):
    """clip_by_global_norm leaves gradients that are short enough as they are."""
    return [student.clip_by_global_norm(grads, limit)]


@short_gradients_stay.reading
def _(answer, case):
    ((clipped, norm),) = answer
    return [flat(clipped), norm]


@question("test_clip", points=0.05, form=lambda case: of_clipping(case.zeros, case.grads))
def zero_gradients_are_no_trouble(student, zeros, grads, limit):
    """clip_by_global_norm gives zeros and the norm 0 for gradients that are all zero."""
    return [student.clip_by_global_norm(zeros, limit), student.clip_by_global_norm(grads, limit)]


@zero_gradients_are_no_trouble.reading
def _(answer, case):
    (clipped, nothing), (_, norm) = answer
    return [flat(clipped), nothing, norm]


@question("test_clip", points=0.1, form=items(items(length=3), length=3))
def arguments_are_left_alone(student, grads, limits, train, other):
    """clip_by_global_norm gives copies; neither function changes its arguments."""
    found = []
    for limit in limits:
        given = copied(grads)
        clipped, norm = student.clip_by_global_norm(given, limit)
        shared = sum(np.shares_memory(one, old) for one in flat(clipped) for old in flat(given))
        found.append([given, int(shared), norm])
    x_train, x_other = train.copy(), other.copy()
    standardized = student.standardize(x_train, x_other)
    return [*found, [x_train, x_other, len(standardized)]]


@arguments_are_left_alone.relation
def _(answer, case):
    *clippings, (train, other, count) = answer
    for given, shared, _ in clippings:
        if told := unchanged("clip_by_global_norm: grads", given, case.grads):
            return told
        if shared:
            return "clip_by_global_norm: the result shares memory with grads; copies are asked for"
    told = unchanged("standardize: x_train", train, case.train) or unchanged("standardize: x_other", other, case.other)
    return told or count == 2 or "standardize returns two things, both of its arguments standardised"


@arguments_are_left_alone.reading
def _(answer, case):
    return [norm for _, _, norm in answer[:-1]]


def of_standardizing(train, other):
    return pairs(array(*train.shape, finite=False), array(*other.shape, finite=False))


@question("test_clip", points=0.15, form=lambda case: of_standardizing(case.train, case.other))
def training_columns_get_mean_0_and_deviation_1(student, train, other):
    """standardize gives every column of x_train the mean 0 and the standard deviation 1."""
    return student.standardize(train, other)


@training_columns_get_mean_0_and_deviation_1.reading
def _(answer, case):
    return answer[0]


@question("test_clip", points=0.1, form=lambda case: of_standardizing(case.train, case.other))
def other_data_by_the_same_numbers(student, train, other):
    """standardize treats x_other by the numbers of x_train."""
    return student.standardize(train, other)


@other_data_by_the_same_numbers.reading
def _(answer, case):
    return answer[1]


def of_several(case):
    return pairs(*(of_standardizing(*both) for both in case.several))


def second_columns(answer, case):
    """Of each pair of data sets the second column, that of the training data above the other."""
    return [np.concatenate([train[:, 1], other[:, 1]]) for train, other in answer]


@question("test_clip", points=0.1, form=of_several)
def constant_columns_are_centred(student, several):
    """standardize only centres a column that is constant, up to rounding, in x_train."""
    return [student.standardize(train, other) for train, other in several]


constant_columns_are_centred.reading(second_columns)


@question("test_clip", points=0.05, form=of_several)
def rounding_is_relative(student, several):
    """standardize tells rounding from variation by the size of the numbers."""
    return [student.standardize(train, other) for train, other in several]


rounding_is_relative.reading(second_columns)

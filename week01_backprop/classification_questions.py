"""What the checks of the practical on classification ask, in the notebook and when it is graded."""

# ruff: noqa: F401  (questions are found by their names here)

from __future__ import annotations

from grader.checks.questions import checks_of

from .net_questions import (
    an_improvement_starts_the_count_anew,
    arguments_are_left_alone,
    constant_columns_are_centred,
    long_gradients_are_shortened,
    norm_is_that_of_all_gradients_together,
    other_data_by_the_same_numbers,
    rate_decays,
    rate_starts_at_lr0,
    rounding_is_relative,
    short_gradients_stay,
    small_improvements_do_not_count,
    stops_when_patience_is_over,
    the_best_is_what_counts,
    training_columns_get_mean_0_and_deviation_1,
    zero_gradients_are_no_trouble,
)

check = checks_of(__name__)

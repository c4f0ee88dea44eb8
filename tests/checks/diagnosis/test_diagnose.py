"""Every rule of the diagnosis recognises a planted mistake, and says so in these words."""

from types import SimpleNamespace

import numpy as np
import pytest

from grader.checks.diagnosis import rules
from grader.checks.diagnosis.diagnose import CODES, diagnose

E = np.array([[0.5, -1.25, 2.0, 0.75], [1.5, 0.25, -0.5, 3.0], [-2.5, 1.0, 0.125, -0.75]])
SQUARE = np.array([[1.0, 2.5, -0.5], [0.25, -3.0, 4.0], [1.5, 0.75, 2.0]])
SYMMETRIC = SQUARE + SQUARE.T
SCALES = {"batch_size": 5, "learning_rate": 0.1}
FADING = np.array([0.3, 1.0, 0.6, 1e-4, 0.1, 7e-5])
RELU = np.array([0.0, 1.5, 0.0, 2.5, 0.0, 0.5])
THIRDS = np.array([1.0, 2.0, 4.0, 5.0, 7.0, 8.0]) / 3
SEVENTHS = np.arange(1.0, 8.0) / 7
SIGNED = np.array([[0.5, -1.25, 2.0, 0.75], [1.5, 0.25, -0.5, 3.0], [-2.5, 1.0, 0.125, -0.75]])
INPUT = np.array([[1.5, -0.25, 0.75, -1.0], [0.25, 1.25, 2.5, 0.5], [1.75, -2.0, 0.625, 1.125]])
BEFORE = np.array([[0.75, -0.5, 1.0, 0.25], [2.5, 0.5, -1.5, 1.75], [-1.25, 0.5, 1.5, -2.25]])
PROBABILITY = np.array([0.125, 0.625, 0.875, 0.35, 0.8, 0.25])


def changed(array, index, value):
    copy = array.copy()
    copy[index] = value
    return copy


# name: (code, yours, expected, lines of the text after the first, hint after the name)
PLANTED = {
    "three numbers, each twice": (
        "factor", 2 * np.array([0.3, 0.7, 1.6]), np.array([0.3, 0.7, 1.6]),
        ["worst    weights[2]   yours 3.2   expected 1.6",
         "pattern  yours / expected = 2 in all 3 entries"],
        None),
    "three numbers, each less by one": (
        "offset", np.array([-0.7, -0.3, 0.6]), np.array([0.3, 0.7, 1.6]),
        ["worst    weights[0]   yours -0.7   expected 0.3",
         "pattern  yours - expected = -1 in all 3 entries"],
        None),
    "averaged over the batch": (
        "factor", E / 5, E,
        ["worst    weights[1, 3]   yours 0.6   expected 3",
         "pattern  yours / expected = 1/5 = 1/batch_size in all 12 entries",
         "likely   averaged over the batch once too often; sum where the gradient is averaged already"],
        "yours is 1/batch_size times the right value in all 12 entries (1/5 = 1/batch_size); "
        "likely averaged over the batch once too often; sum where the gradient is averaged already"),
    "summed over the batch": (
        "factor", E * 5, E,
        ["worst    weights[1, 3]   yours 15   expected 3",
         "pattern  yours / expected = 5 = batch_size in all 12 entries",
         "likely   summed over the batch where the mean is wanted"],
        "yours is batch_size times the right value in all 12 entries (5 = batch_size); "
        "likely summed over the batch where the mean is wanted"),
    "learning rate in the gradient": (
        "factor", E * 0.1, E,
        ["worst    weights[1, 3]   yours 0.3   expected 3",
         "pattern  yours / expected = 0.1 = learning_rate in all 12 entries",
         "likely   multiplied by learning_rate once too often"],
        "yours is learning_rate times the right value in all 12 entries (0.1 = learning_rate); "
        "likely multiplied by learning_rate once too often"),
    "another base of the logarithm": (
        "factor", E / np.log(2), E,
        [],
        "yours is 1/ln 2 times the right value in all 12 entries (1.443 = 1/ln 2); "
        "likely a logarithm to the base 2 in place of the natural one"),
    "divided by n - 1": (
        "factor", E * 5 / 4, E,
        [],
        "yours is n/(n - 1) times the right value in all 12 entries (1.25 = n/(n - 1)); "
        "likely divided by n - 1 in place of n (or the other way round)"),
    "one minus the learning rate": (
        "factor", E * 0.9, E,
        [],
        "yours is (1 - learning_rate) times the right value in all 12 entries (0.9 = (1 - learning_rate)); "
        "likely multiplied by 1 - learning_rate once too often"),
    "rounded": (
        "function", np.round(SEVENTHS), SEVENTHS,
        [],
        "yours is the right value rounded in all 7 entries; "
        "likely whole numbers, such as labels, in place of what they are made of"),
    "learning rate and batch": (
        "factor", E * 0.02, E,
        ["worst    weights[1, 3]   yours 0.06   expected 3",
         "pattern  yours / expected = 0.02 = learning_rate/batch_size in all 12 entries",
         "likely   two factors at once: batch_size and learning_rate"],
        "yours is learning_rate/batch_size times the right value in all 12 entries "
        "(0.02 = learning_rate/batch_size); likely two factors at once: batch_size and learning_rate"),
    "factor two": (
        "factor", E * 2, E,
        ["worst    weights[1, 3]   yours 6   expected 3",
         "pattern  yours / expected = 2 in all 12 entries",
         "likely   a factor 2 too many: the 1/2 of the formula is forgotten, or a term is counted twice"],
        "yours is 2 times the right value in all 12 entries; likely a factor 2 too many: the 1/2 of the formula "
        "is forgotten, or a term is counted twice"),
    "half": (
        "factor", E / 2, E,
        ["worst    weights[1, 3]   yours 1.5   expected 3",
         "pattern  yours / expected = 1/2 in all 12 entries",
         "likely   a factor 2 is missing, or one of two equal terms, as in the derivative of a square"],
        "yours is 1/2 times the right value in all 12 entries; "
        "likely a factor 2 is missing, or one of two equal terms, as in the derivative of a square"),
    "sign and batch": (
        "factor", E / -5, E,
        ["worst    weights[1, 3]   yours -0.6   expected 3",
         "pattern  yours / expected = -1/5 = -1/batch_size in all 12 entries",
         "likely   the sign, and averaged over the batch once too often; sum where the gradient is averaged already"],
        "yours is -1/batch_size times the right value in all 12 entries (-1/5 = -1/batch_size); likely the sign, "
        "and averaged over the batch once too often; sum where the gradient is averaged already"),
    "sum for mean": (
        "factor", E * 3, E,
        ["worst    weights[1, 3]   yours 9   expected 3",
         "pattern  yours / expected = 3 = length of axis 0 in all 12 entries",
         "likely   a sum where a mean is wanted"],
        "yours is length of axis 0 times the right value in all 12 entries (3 = length of axis 0); "
        "likely a sum where a mean is wanted"),
    "mean for sum": (
        "factor", E / 12, E,
        ["worst    weights[1, 3]   yours 0.25   expected 3",
         "pattern  yours / expected = 1/12 = 1/(number of entries) in all 12 entries",
         "likely   a mean where a sum is wanted"],
        "yours is 1/(number of entries) times the right value in all 12 entries (1/12 = 1/(number of entries)); "
        "likely a mean where a sum is wanted"),
    "unknown factor": (
        "factor", E * 0.37, E,
        ["worst    weights[1, 3]   yours 1.11   expected 3",
         "pattern  yours / expected = 0.37 in all 12 entries"],
        "yours is one constant times the right value in all 12 entries"),
    "terms that cancel": (
        "zero", E * 1e-15, E,
        ["worst    weights[1, 3]   yours 3e-15   expected 3",
         "pattern  yours is 0 up to rounding in all 12 entries",
         "likely   two terms that are each other's opposite"],
        "yours is 0 up to rounding in all 12 entries; likely two terms that are each other's opposite"),
    "divided by an eps": (
        "factor", E / 1e-8, E,
        ["worst    weights[1, 3]   yours 3e+08   expected 3",
         "pattern  yours / expected = 1e+08 in all 12 entries",
         "likely   a division by almost nothing, or a product with it: an eps may be all that is left of a divisor"],
        "yours is one constant times the right value in all 12 entries; likely a division by almost nothing, or "
        "a product with it: an eps may be all that is left of a divisor"),
    "sign": (
        "sign", -E, E,
        ["worst    weights[1, 3]   yours -3   expected 3",
         "pattern  yours = -expected in all 12 entries",
         "likely   a minus sign is missing or too many"],
        "yours = -expected in all 12 entries; likely a minus sign is missing or too many"),
    "some signs": (
        "sign", np.abs(E), E,
        ["worst    weights[2, 0]   yours 2.5   expected -2.5",
         "pattern  the magnitudes are right, the sign is wrong in 4 of 12 entries",
         "likely   an absolute value: none of yours is negative"],
        "the magnitudes are right, the sign is wrong in 4 of 12 entries; likely an absolute value: none of yours "
        "is negative"),
    "zero": (
        "zero", 0 * E, E,
        ["worst    weights[1, 3]   yours 0   expected 3",
         "pattern  yours is 0 in all 12 entries"],
        "yours is 0 in all 12 entries"),
    "not zero": (
        "differs", E, 0 * E,
        ["worst    weights[1, 3]   yours 3   expected 0",
         "pattern  expected is 0 in all 12 entries, yours is not"],
        "the right result is 0 here, yours is not"),
    "transposed": (
        "transposed", E.T, E,
        ["found    shape (4, 3)   expected shape (3, 4)",
         "pattern  yours.T is right in all 12 entries",
         "likely   the two factors are in the other order, or a .T is missing or too many"],
        "shape (4, 3) in place of shape (3, 4): yours.T is right in all 12 entries; "
        "likely the two factors are in the other order, or a .T is missing or too many"),
    "transposed square": (
        "transposed", SQUARE.T, SQUARE,
        ["worst    weights[1, 2]   yours 0.75   expected 4",
         "pattern  yours = expected transposed, in all 9 entries",
         "likely   the two factors are in the other order, or a .T is missing or too many"],
        "yours = expected transposed, in all 9 entries; "
        "likely the two factors are in the other order, or a .T is missing or too many"),
    "transposed and wrong": (
        "shape", E.T + 1, E,
        ["found    shape (4, 3)   expected shape (3, 4)",
         "pattern  the shape is the transposed one, and the numbers are not right either"],
        "shape (4, 3) in place of shape (3, 4)"),
    "kept axis": (
        "shape", E[None], E,
        ["found    shape (1, 3, 4)   expected shape (3, 4)",
         "pattern  the numbers are right, the shape is (1, 3, 4) in place of (3, 4)",
         "likely   an axis of length 1 is left over or lost (keepdims, [:, None], ravel, reshape)"],
        "shape (1, 3, 4) in place of shape (3, 4); "
        "likely an axis of length 1 is left over or lost (keepdims, [:, None], ravel, reshape)"),
    "column left out": (
        "shape", E[:, [0, 1, 3]], E,
        ["found    shape (3, 3)   expected shape (3, 4)",
         "pattern  column 2 of the right result is missing; the rest is right"],
        "shape (3, 3) in place of shape (3, 4): column 2 of the right result is missing; the rest is right"),
    "columns left out, and wrong": (
        "shape", E[:, [0, 1, 3]] * 2, E,
        [],
        "shape (3, 3) in place of shape (3, 4)"),
    "rows too many": (
        "shape", np.vstack([np.ones(4), E, np.zeros(4)]), E,
        ["found    shape (5, 4)   expected shape (3, 4)",
         "pattern  rows 0, 4 of yours are too many; the rest is right"],
        None),
    "another shape": (
        "shape", np.ones((2, 5)), E,
        ["found    shape (2, 5)   expected shape (3, 4)",
         "pattern  axis 0 has length 2 in place of 3, axis 1 has length 5 in place of 4"],
        "shape (2, 5) in place of shape (3, 4)"),
    "array for number": (
        "shape", np.ones(3), np.array(7.0),
        ["found    shape (3,)   expected a single number",
         "pattern  1 axis where none expected"],
        "shape (3,) in place of a single number"),
    "not summed over the batch": (
        "not_summed", E, E.sum(axis=0),
        ["found    shape (3, 4)   expected shape (4,)",
         "pattern  the sum of yours over axis 0 is right",
         "likely   the sum over axis 0 is missing"],
        "shape (3, 4) in place of shape (4,): the sum of yours over axis 0 is right; "
        "likely the sum over axis 0 is missing"),
    "not averaged": (
        "not_summed", E, E.mean(),
        ["found    shape (3, 4)   expected a single number",
         "pattern  the mean of yours over all axes is right",
         "likely   the mean over all axes is missing"],
        "shape (3, 4) in place of a single number: the mean of yours over all axes is right; "
        "likely the mean over all axes is missing"),
    "summed too much": (
        "summed", E.sum(axis=1), E,
        ["found    shape (3,)   expected shape (3, 4)",
         "pattern  yours is the sum over axis 1 of the right result",
         "likely   the sum over axis 1 is one too many"],
        "shape (3,) in place of shape (3, 4): yours is the sum over axis 1 of the right result; "
        "likely the sum over axis 1 is one too many"),
    "the largest of each column": (
        "summed", E.max(axis=0), E,
        ["found    shape (4,)   expected shape (3, 4)",
         "pattern  yours is the max over axis 0 of the right result",
         "likely   the max over axis 0 is one too many; np.max(a, 0) is the largest along axis 0, np.maximum(a, 0) "
         "takes the larger entry by entry"],
        "shape (4,) in place of shape (3, 4): yours is the max over axis 0 of the right result; likely the max "
        "over axis 0 is one too many; np.max(a, 0) is the largest along axis 0, np.maximum(a, 0) takes the larger "
        "entry by entry"),
    "one number for equal ones": (
        "shape", 1.0, np.ones(4),
        ["found    a single number   expected shape (4,)",
         "pattern  0 axes where 1 expected"],
        "a single number in place of shape (4,)"),
    "broadcast to all pairs": (
        "broadcast", THIRDS[:, None] - 2 * THIRDS, THIRDS,
        ["found    shape (6, 6)   expected shape (6,)",
         "pattern  6 x 6 numbers where 6 are expected",
         "likely   an array of shape (6,) met one of shape (6, 1), and broadcasting made a table of all pairs"],
        "shape (6, 6) in place of shape (6,): 6 x 6 numbers where 6 are expected; likely an array of shape (6,) "
        "met one of shape (6, 1), and broadcasting made a table of all pairs"),
    "nan": (
        "not_finite", changed(E, (0, 1), np.nan), E,
        ["worst    weights[0, 1]   yours nan   expected -1.25",
         "pattern  1 of 12 entries are nan; the others are right",
         "likely   0 / 0, inf / inf, 0 * inf, inf - inf, or a logarithm or root of a negative number"],
        "1 of 12 entries are nan; the others are right; likely 0 / 0, inf / inf, 0 * inf, inf - inf, or a "
        "logarithm or root of a negative number"),
    "inf": (
        "not_finite", np.inf, np.array(2.0),
        ["worst    yours inf   expected 2",
         "pattern  yours is inf",
         "likely   the logarithm of 0, a division by 0, or exp of a large number"],
        "yours is inf; likely the logarithm of 0, a division by 0, or exp of a large number"),
    "no infinity": (
        "differs", np.array([1.0, 2.0]), np.array([1.0, np.inf]),
        ["worst    weights[1]   yours 2   expected inf",
         "pattern  expected is infinite in some entries where yours is not"],
        "an infinity is expected in some entries"),
    "integer array": (
        "integer", np.trunc(THIRDS).astype(int), THIRDS,
        ["worst    weights[1]   yours 0   expected 0.66667",
         "pattern  yours are whole numbers (dtype int64), less than 1 away from expected in all 6 entries",
         "likely   an array of integers on the way: what is put into it loses its fraction; start from floats"],
        "yours are whole numbers (dtype int64), the right ones are not; likely an array of integers on the way: "
        "what is put into it loses its fraction; start from floats"),
    "rounded down": (
        "function", np.floor(4 * SIGNED), 4 * SIGNED + 1 / 3,
        ["worst    weights[2, 2]   yours 0   expected 0.83333",
         "pattern  yours = expected rounded down in all 12 entries",
         "likely   `//` rounds down, where `/` divides; so does int() above 0"],
        "yours is the right value rounded down in all 12 entries; likely `//` rounds down, where `/` divides; so does "
        "int() above 0"),
    "float32": (
        "precision", (THIRDS * (1 + 2e-5)).astype(np.float32), THIRDS,
        ["worst    weights[5]   yours 2.66672   expected 2.666667",
         "pattern  off by less than 0.0001 of the largest entry; every entry of yours is a float32 number",
         "likely   computed in float32; use float64"],
        "off by less than 0.0001 of the largest entry; every entry of yours is a float32 number; likely computed "
        "in float32; use float64"),
    "an eps too many": (
        "precision", THIRDS + 1e-4, THIRDS,
        ["worst    weights[0]   yours 0.33343   expected 0.33333",
         "pattern  off by less than 0.0001 of the largest entry"],
        "off by less than 0.0001 of the largest entry"),
    "complex": (
        "complex", THIRDS + 1j, THIRDS,
        ["worst    weights[0]   yours 0.33333+1j   expected 0.33333",
         "pattern  all 6 entries are complex",
         "likely   a root, a power or eigenvalues computed in complex numbers"],
        "all 6 entries are complex; likely a root, a power or eigenvalues computed in complex numbers"),
    "one of two transposed terms": (
        "symmetric", SQUARE, SYMMETRIC,
        ["worst    weights[2, 1]   yours 0.75   expected 4.75",
         "pattern  yours + yours.T = expected",
         "likely   only one of two terms: the other is its transpose"],
        "yours plus its own transpose is right; likely only one of two terms: the other is its transpose"),
    "made symmetric": (
        "symmetric", SYMMETRIC, SQUARE,
        ["worst    weights[2, 1]   yours 4.75   expected 0.75",
         "pattern  yours is the symmetric part of expected",
         "likely   made symmetric, though the entries are independent"],
        "yours is the symmetric part of the right result; "
        "likely made symmetric, though the entries are independent"),
    "reversed": (
        "permuted", E[::-1], E,
        ["worst    weights[0, 0]   yours -2.5   expected 0.5",
         "pattern  the right numbers in reverse order along axis 0",
         "likely   a list is walked through in the other direction"],
        "the right numbers in reverse order along axis 0; likely a list is walked through in the other direction"),
    "rows shuffled": (
        "permuted", E[[1, 2, 0]], E,
        [],
        "the right rows in another order; likely the samples are shuffled or sorted on the way"),
    "columns in another order": (
        "permuted", E[:, [3, 0, 1, 2]], E,
        ["worst    weights[1, 3]   yours -0.5   expected 3",
         "pattern  the right columns in another order: 3, 0, 1, 2"],
        "the right columns in another order: 3, 0, 1, 2"),
    "reshaped for transposed": (
        "permuted", E.T.reshape(3, 4), E,
        [],
        "the right numbers, read column by column; likely a reshape where a transpose is needed"),
    "another order": (
        "permuted", THIRDS[[1, 0, 3, 2, 5, 4]], THIRDS,
        ["worst    weights[0]   yours 0.66667   expected 0.33333",
         "pattern  the right numbers in another order"],
        "the right numbers in another order"),
    "mask too strict": (
        "mask", np.where(E > 0, E, 0), E,
        ["worst    weights[2, 0]   yours 0   expected -2.5",
         "pattern  yours is 0 in 4 entries where expected is not; the other 8 are right",
         "likely   a mask or a condition lets too little through"],
        "yours is 0 in 4 entries where it should not be; the other 8 are right; "
        "likely a mask or a condition lets too little through"),
    "cut off": (
        "clipped", np.minimum(E, 0.9), E,
        ["worst    weights[1, 3]   yours 0.9   expected 3",
         "pattern  yours is 0.9 wherever expected is larger; the others are right"],
        "yours is 0.9 wherever the right value is larger; the others are right"),
    "later rows": (
        "part", E + 0.3 * np.arange(12).reshape(3, 4)**2 * (np.arange(3) > 0)[:, None], E,
        ["worst    weights[2, 3]   yours 35.55   expected -0.75",
         "pattern  all entries from row 1 on are wrong; the other entries are right"],
        None),
    "mask missing": (
        "mask", RELU + (RELU == 0), RELU,
        ["worst    weights[0]   yours 1   expected 0",
         "pattern  expected is 0 in 3 entries where yours is not; the other 3 are right",
         "likely   a mask or a condition lets too much through, or is missing"],
        "3 entries should be 0 and are not; the other 3 are right; "
        "likely a mask or a condition lets too much through, or is missing"),
    "cut off where it is small": (
        "some", np.where(FADING < 1e-3, 0, FADING), FADING,
        ["worst    weights[3]   yours 0   expected 0.0001",
         "pattern  2 of 6 entries are wrong, the others are right"],
        "2 of 6 entries are wrong, the others are right"),
    "mask of another array": (
        "mask", np.array([3.5, 0.0, 0.0, 2.5, 0.0, 0.5]), RELU,
        ["worst    weights[0]   yours 3.5   expected 0",
         "pattern  the zeros are in the wrong places (1 too many, 1 too few); the other 4 are right"],
        "the zeros are in the wrong places (1 too many, 1 too few); the other 4 are right"),
    "last entry": (
        "part", changed(THIRDS, 5, 7.0), THIRDS,
        ["worst    weights[5]   yours 7   expected 2.6667",
         "pattern  only entry [5] is wrong; the other entries are right"],
        "only entry [5] is wrong; the other entries are right"),
    "first row": (
        "part", changed(E, 0, [8.0, 7.5, 6.5, 9.0]), E,
        ["worst    weights[0, 1]   yours 7.5   expected -1.25",
         "pattern  all wrong entries are in row 0; the other entries are right"],
        "all wrong entries are in row 0; the other entries are right"),
    "one column": (
        "part", changed(E, (slice(None), 1), [8.0, 7.5, 6.5]), E,
        ["worst    weights[0, 1]   yours 8   expected -1.25",
         "pattern  all wrong entries are in column 1; the other entries are right"],
        "all wrong entries are in column 1; the other entries are right"),
    "diagonal": (
        "part", SQUARE + np.diag([1.0, 2.0, 5.0]), SQUARE,
        ["worst    weights[2, 2]   yours 7   expected 2",
         "pattern  all wrong entries are on the diagonal; the other entries are right"],
        "all wrong entries are on the diagonal; the other entries are right"),
    "nothing but the diagonal": (
        "mask", np.diag(np.diag(SQUARE)), SQUARE,
        ["worst    weights[1, 2]   yours 0   expected 4",
         "pattern  yours is 0 in 6 entries where expected is not; the other 3 are right",
         "likely   only the diagonal is computed"],
        "yours is 0 in 6 entries where it should not be; the other 3 are right; likely only the diagonal is computed"),
    "rows never filled in": (
        "mask", changed(E, slice(1, None), 0.0), E,
        ["worst    weights[1, 3]   yours 0   expected 3",
         "pattern  yours is 0 in rows 1 to 2; the other 4 are right",
         "likely   a loop ends early or starts late; is there a return or break inside it?"],
        "yours is 0 in rows 1 to 2; the other 4 are right; likely a loop ends early or starts late; is there a "
        "return or break inside it?"),
    "a return in the loop of a ReLU": (
        "mask", changed(np.where(SIGNED > 0, SIGNED, 0), slice(1, None), 0.0), np.where(SIGNED > 0, SIGNED, 0),
        ["worst    weights[1, 3]   yours 0   expected 3",
         "pattern  yours is 0 in rows 1 to 2; the other 7 are right",
         "likely   a loop ends early or starts late; is there a return or break inside it?"],
        "yours is 0 in rows 1 to 2; the other 7 are right; likely a loop ends early or starts late; is there a "
        "return or break inside it?"),
    "mask by rows": (
        "mask", np.where([[True], [False], [True]], SIGNED, 0), np.where(SIGNED > 0, SIGNED, 0),
        ["worst    weights[1, 3]   yours 0   expected 3",
         "pattern  the zeros are in the wrong places (3 too many, 3 too few); the other 6 are right; "
         "yours is 0 in whole rows",
         "likely   the condition looks at a row, not at each entry"],
        "the zeros are in the wrong places (3 too many, 3 too few); the other 6 are right; yours is 0 in whole "
        "rows; likely the condition looks at a row, not at each entry"),
    "a column of zeros": (
        "mask", changed(E, (slice(None), 0), 0.0), E,
        ["worst    weights[2, 0]   yours 0   expected -2.5",
         "pattern  yours is 0 in column 0; the other 9 are right"],
        "yours is 0 in column 0; the other 9 are right"),
    "half, with a side of two": (
        "factor", E.reshape(6, 2) / 2, E.reshape(6, 2),
        ["worst    weights[3, 1]   yours 1.5   expected 3",
         "pattern  yours / expected = 1/2 in all 12 entries",
         "likely   a factor 2 is missing, or one of two equal terms, as in the derivative of a square; "
         "or a mean where a sum is wanted"],
        "yours is 1/2 times the right value in all 12 entries; likely a factor 2 is missing, or one of two "
        "equal terms, as in the derivative of a square; or a mean where a sum is wanted"),
    "a matrix for a vector": (
        "shape", np.cos(np.arange(36.0)).reshape(6, 6), THIRDS,
        ["found    shape (6, 6)   expected shape (6,)",
         "pattern  2 axes where 1 expected"],
        "shape (6, 6) in place of shape (6,)"),
    "the way up": (
        "step", 2 * BEFORE - E, E,
        ["worst    weights[2, 3]   yours -3.75   expected -0.75",
         "pattern  your step is -1 times the right one in all 12 entries",
         "likely   the step goes the other way: subtract what is added, or add what is subtracted"],
        "your step is -1 times the right one; likely the step goes the other way: subtract what is added, or add "
        "what is subtracted"),
    "a step as long as the batch": (
        "step", BEFORE + 5 * (E - BEFORE), E,
        ["worst    weights[2, 3]   yours 5.25   expected -0.75",
         "pattern  your step is 5 times the right one in all 12 entries",
         "likely   summed over the batch where the mean is wanted"],
        "your step is batch_size times the right one; likely summed over the batch where the mean is wanted"),
    "a step of another length": (
        "step", BEFORE + 0.37 * (E - BEFORE), E,
        ["worst    weights[2, 3]   yours -1.695   expected -0.75",
         "pattern  your step is 0.37 times the right one in all 12 entries"],
        "your step is one constant times the right one"),
    "term of any size": (
        "term", E + 0.37 * INPUT, E,
        ["worst    weights[1, 2]   yours 0.425   expected -0.5",
         "pattern  yours - expected = 0.37 * input in all 12 entries",
         "likely   the term with input is missing or too many, or has the wrong sign or factor"],
        "yours is the right value and a multiple of input; likely the term with input is missing or too many, or "
        "has the wrong sign or factor"),
    "off the diagonal": (
        "part", SQUARE * 2 - np.diag(np.diag(SQUARE)), SQUARE,
        ["worst    weights[1, 2]   yours 8   expected 4",
         "pattern  the diagonal is right, all entries off it are wrong and are twice the right ones; the other entries "
         "are right"],
        None),
    "column doubled": (
        "part", np.hstack([THIRDS[:, None] * 2, SEVENTHS[:6, None]]), np.hstack([THIRDS[:, None], SEVENTHS[:6, None]]),
        [],
        "all wrong entries are in column 0 and are twice the right ones; the other entries are right"),
    "few entries doubled": (
        "part", E * [2, 1, 1, 1], E,
        [],
        "all wrong entries are in column 0; the other entries are right"),
    "some entries": (
        "some", E + np.where(np.abs(E) > 1.1, [[1], [2], [3]], 0) * E**2, E,
        ["worst    weights[2, 0]   yours 16.25   expected -2.5",
         "pattern  5 of 12 entries are wrong, the others are right"],
        "5 of 12 entries are wrong, the others are right"),
    "offset": (
        "offset", E + 0.5, E,
        ["worst    weights[0, 0]   yours 1   expected 0.5",
         "pattern  yours - expected = 0.5 in all 12 entries",
         "likely   a constant term is missing or too many"],
        "yours is off by one constant in all 12 entries; likely a constant term is missing or too many"),
    "offset by column": (
        "offset_by_line", E + [1.0, 2.0, 3.0, 5.5], E,
        ["worst    weights[0, 3]   yours 6.25   expected 0.75",
         "pattern  within each column, yours - expected is one number",
         "likely   a term that belongs to the whole column is wrong, missing or too many"],
        "each column is the right one plus a number of its own; "
        "likely a term that belongs to the whole column is wrong, missing or too many"),
    "factor by row": (
        "factor_by_line", E * [[2.0], [3.0], [5.5]], E,
        ["worst    weights[2, 0]   yours -13.75   expected -2.5",
         "pattern  within each row, yours / expected is one number of its own"],
        "each row is the right one times a number of its own"),
    "other class": (
        "function", 1 - PROBABILITY, PROBABILITY,
        ["worst    weights[0]   yours 0.875   expected 0.125",
         "pattern  yours = 1 - expected in all 6 entries",
         "likely   the probability of the other class, or a term taken from 1 once too often or too little"],
        "yours is 1 - the right value in all 6 entries; likely the probability of the other class, or a term "
        "taken from 1 once too often or too little"),
    "squared": (
        "function", PROBABILITY**2, PROBABILITY,
        ["worst    weights[1]   yours 0.39062   expected 0.625",
         "pattern  yours = expected squared in all 6 entries",
         "likely   a square root is missing"],
        "yours is the right value squared in all 6 entries; likely a square root is missing"),
    "root": (
        "function", np.sqrt(PROBABILITY), PROBABILITY,
        ["worst    weights[5]   yours 0.5   expected 0.25",
         "pattern  yours = the square root of expected in all 6 entries",
         "likely   a square root too many, or a square is missing"],
        "yours is the square root of the right value in all 6 entries; likely a square root too many, or a "
        "square is missing"),
    "inverse": (
        "function", 1 / PROBABILITY, PROBABILITY,
        ["worst    weights[0]   yours 8   expected 0.125",
         "pattern  yours = 1 / expected in all 6 entries",
         "likely   numerator and denominator are exchanged"],
        "yours is 1 / the right value in all 6 entries; likely numerator and denominator are exchanged"),
    "logarithm": (
        "function", np.log(PROBABILITY), PROBABILITY,
        ["worst    weights[0]   yours -2.0794   expected 0.125",
         "pattern  yours = the logarithm of expected in all 6 entries",
         "likely   a logarithm too many, or an exp is missing"],
        "yours is the logarithm of the right value in all 6 entries; likely a logarithm too many, or an exp is "
        "missing"),
    "exponential": (
        "function", np.exp(PROBABILITY), PROBABILITY,
        ["worst    weights[2]   yours 2.3989   expected 0.875",
         "pattern  yours = exp of expected in all 6 entries",
         "likely   an exp too many, or a logarithm is missing"],
        "yours is exp of the right value in all 6 entries; likely an exp too many, or a logarithm is missing"),
    "minus infinity": (
        "not_finite", changed(E, (0, 1), -np.inf), E,
        ["worst    weights[0, 1]   yours -inf   expected -1.25",
         "pattern  1 of 12 entries are inf; the others are right",
         "likely   log(0), or a division by 0"],
        "1 of 12 entries are inf; the others are right; likely log(0), or a division by 0"),
    "nan everywhere": (
        "not_finite", E * np.nan, E,
        ["worst    weights[0, 0]   yours nan   expected 0.5",
         "pattern  all 12 entries are nan",
         "likely   0 / 0, inf / inf, 0 * inf, inf - inf, or a logarithm or root of a negative number"],
        "all 12 entries are nan; likely 0 / 0, inf / inf, 0 * inf, inf - inf, or a logarithm or root of a "
        "negative number"),
    "nan in a row": (
        "not_finite", changed(E, 1, np.nan), E,
        ["worst    weights[1, 0]   yours nan   expected 1.5",
         "pattern  4 of 12 entries are nan; the others are right",
         "likely   0 / 0, inf / inf, 0 * inf, inf - inf, or a logarithm or root of a negative number"],
        "4 of 12 entries are nan; the others are right; likely 0 / 0, inf / inf, 0 * inf, inf - inf, or a "
        "logarithm or root of a negative number"),
    "nan at zeros": (
        "not_finite", np.where(RELU == 0, np.nan, RELU), RELU,
        ["worst    weights[0]   yours nan   expected 0",
         "pattern  3 of 6 entries are nan; the others are right",
         "likely   0 * log(0) or 0/0 where the right value is 0"],
        None),
    "one step behind": (
        "shifted", np.array([9.0, 1.5, 2.5, 4.0, 7.0, 5.0]), np.array([1.5, 2.5, 4.0, 7.0, 5.0, 3.0]),
        ["worst    weights[0]   yours 9   expected 1.5",
         "pattern  each entry is the expected one before it",
         "likely   off by one step: a value from before the update, or a count that starts at the wrong number"],
        "each entry is the right one before it; likely off by one step: a value from before the update, or a "
        "count that starts at the wrong number"),
    "one step ahead": (
        "shifted", changed(np.roll(E, -1, axis=0), 2, 8.0), E,
        ["worst    weights[2, 0]   yours 8   expected -2.5",
         "pattern  each entry is the expected one after it along axis 0",
         "likely   off by one step: a value from before the update, or a count that starts at the wrong number"],
        None),
    "what belongs elsewhere": (
        "elsewhere", np.array([E.ravel(), E.ravel()]), np.array([E.ravel(), E.ravel() ** 2 + 1]),
        ["worst    weights[1, 8]   yours -2.5   expected 7.25",
         "pattern  along axis 0, what stands at 1 is what is right at 0; the rest is right"],
        "along axis 0, what stands at 1 is what is right at 0; the rest is right"),
    "no step taken": (
        "untouched", BEFORE, E,
        ["worst    weights[2, 3]   yours -2.25   expected -0.75",
         "pattern  yours is still the value from before the step in all 12 entries",
         "likely   no step is taken here, or it is taken on a copy"],
        "yours is still the value from before the step in all 12 entries; "
        "likely no step is taken here, or it is taken on a copy"),
    "another quantity": (
        "another", INPUT, E,
        ["worst    weights[2, 0]   yours 1.75   expected -2.5",
         "pattern  yours = input in all 12 entries",
         "likely   input is passed on as it is, or the wrong variable is used"],
        "yours = input in all 12 entries; likely input is passed on as it is, or the wrong variable is used"),
    "term missing": (
        "term", E - INPUT, E,
        ["worst    weights[1, 2]   yours -3   expected -0.5",
         "pattern  yours - expected = -input in all 12 entries",
         "likely   the term with input is missing or too many, or has the wrong sign or factor"],
        "yours is the right value - input; likely the term with input is missing or too many, or has the wrong "
        "sign or factor"),
    "term twice": (
        "term", E + INPUT, E,
        ["worst    weights[1, 2]   yours 2   expected -0.5",
         "pattern  yours - expected = input in all 12 entries",
         "likely   the term with input is missing or too many, or has the wrong sign or factor"],
        "yours is the right value + input; likely the term with input is missing or too many, or has the wrong "
        "sign or factor"),
    "term with the wrong sign": (
        "term", E - 2 * INPUT, E,
        ["worst    weights[1, 2]   yours -5.5   expected -0.5",
         "pattern  yours - expected = -2 * input in all 12 entries",
         "likely   the term with input is missing or too many, or has the wrong sign or factor"],
        "yours is the right value - 2 * input; likely the term with input is missing or too many, or has the "
        "wrong sign or factor"),
    "term halved": (
        "term", E - INPUT / 2, E,
        ["worst    weights[1, 2]   yours -1.75   expected -0.5",
         "pattern  yours - expected = -0.5 * input in all 12 entries",
         "likely   the term with input is missing or too many, or has the wrong sign or factor"],
        "yours is the right value - 0.5 * input; likely the term with input is missing or too many, or has the "
        "wrong sign or factor"),
    "times a quantity": (
        "times", E * INPUT, E,
        ["worst    weights[2, 1]   yours -2   expected 1",
         "pattern  yours = expected * input in all 12 entries",
         "likely   multiplied by input once too often"],
        "yours is the right value times input; likely multiplied by input once too often"),
    "a factor left out": (
        "times", E / INPUT, E,
        ["worst    weights[0, 1]   yours 5   expected -1.25",
         "pattern  yours * input = expected in all 12 entries",
         "likely   input is not multiplied in, or divided by"],
        "yours times input is right; likely input is not multiplied in, or divided by"),
    "mask of a known array": (
        "mask", np.where(INPUT > 0, SIGNED, 0), np.where(SIGNED > 0, SIGNED, 0),
        ["worst    weights[2, 0]   yours -2.5   expected 0",
         "pattern  the zeros are in the wrong places (2 too many, 3 too few); the other 7 are right",
         "likely   the mask is computed from input, and it should look at another array"],
        None),
    "unrelated": (
        "differs", np.cos(37 * E), E,
        ["worst    weights[1, 3]   yours -0.50254   expected 3",
         "pattern  all 12 entries are wrong, with no simple relation to expected"],
        "all 12 entries are wrong, with no simple relation to the right value"),
    "unrelated number": (
        "differs", 2.1234, 0.377,
        ["worst    yours 2.1234   expected 0.377",
         "pattern  yours is wrong, with no simple relation to expected"],
        "yours is wrong, with no simple relation to the right value"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_planted_mistake_is_recognised(name):
    """The code, the four lines and the hint are these, to the letter."""
    code, yours, expected, lines, hint = PLANTED[name]
    verdict = diagnose(yours, expected, "gradient of weights", scales=SCALES, known={"input": INPUT}, before=BEFORE)
    print(verdict.text()), print(verdict.hint())
    assert (verdict.ok, verdict.code) == (False, code)
    assert [line[2:] for line in verdict.text().splitlines()[1:]][: len(lines)] == lines
    assert hint is None or verdict.hint() == f"gradient of weights: {hint}"


def test_planted_codes_are_the_stable_ones():
    """Those of one array; what only types, parts and references give is tested with them."""
    elsewhere = {"ok", "named", "type", "first_part", "last_part", "reference"}
    assert {planted[0] for planted in PLANTED.values()} == CODES - elsewhere


def test_every_rule_has_a_planted_mistake():
    """No rule is without an example: leaving one out changes some verdict."""
    for left_out in rules.RULES:
        others = [rule for rule in rules.RULES if rule is not left_out]
        assert any(_first_code(p, others) != p[0] for p in PLANTED.values()), left_out.__name__


def _first_code(planted, rule_list):
    code, yours, expected, *_ = planted
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "RULES", rule_list)
        try:
            return diagnose(yours, expected, scales=SCALES, known={"input": INPUT}, before=BEFORE).code
        except StopIteration:
            return "none"


TYPES = {
    "nothing": (None, "None", "the function ends without a return, on this path at least"),
    "list": ([1.0, 2.0], "a list of length 2",
             "wrap the result in np.array(...), or compute with arrays from the start"),
    "tuple": ((1.0, 2.0), "a tuple of length 2",
              "one thing is asked for, and several come back"),
    "comma": ((np.array([1.0, 2.0]),), "a tuple of length 1", "a comma after it makes a tuple"),
    "ragged": ([1.0, [2.0]], "a list of length 2",
               "wrap the result in np.array(...), or compute with arrays from the start"),
    "objects": (np.array([1.0, None]), "an array of dtype object",
                "made from parts of different shapes, or with None among the numbers"),
    "text": ("1 2", "a string", "return the number itself, not its text"),
    "texts": (np.array(["1", "2"]), "an array of dtype string",
              "the numbers were turned into something else on the way"),
    "dict": ({}, "a dict", "return a numpy array"),
    "function": (len, "a function", "it is not called: the parentheses are missing"),
    "generator": ((x for x in (1.0, 2.0)), "a generator", "a yield makes the function a generator; return one array"),
    "other object": (SimpleNamespace(), "a SimpleNamespace", "return a numpy array"),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPES)
def test_wrong_type_is_named(name):
    """Anything that is no array of numbers is told by its type, none of its contents shown."""
    yours, found, likely = TYPES[name]
    verdict = diagnose(yours, np.array([3.0, 4.0]), "loss")
    assert verdict.code == "type"
    assert verdict.text() == (
        f"loss, shape (2,): wrong\n  found    {found}   expected an array of shape (2,)\n"
        f"  pattern  {found} where an array of shape (2,) is expected\n  likely   {likely}"
    )


def test_right_numbers_in_a_list_are_said_to_be_right():
    """The only mistake is the type, and the student learns that."""
    assert diagnose([3.0, 4.0], np.array([3.0, 4.0])).pattern.endswith("is expected; the numbers in it are right")
    assert diagnose([3.0, 4.0], [3.0, 4.0], sequences=True).ok
    whole = (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 2)
    assert diagnose(whole, np.array([3.0, 4.0])).pattern.endswith("is expected; item [1] of it is right")


def test_scalar_may_be_a_float_or_an_array_without_axes():
    """Where one number is asked, any kind of one number is right, and an array with an axis is not."""
    for right in (2.0, 2, np.float32(2), np.array(2.0), np.int64(2)):
        assert diagnose(right, 2.0).ok
    assert diagnose(np.array([2.0]), 2.0).code == "shape"
    assert diagnose([2.0], 2.0).code == "type"


def test_strings_and_none_are_compared_as_they_are():
    """A word or None is right if it is that one."""
    assert diagnose("sum", "sum").ok and diagnose(None, None).ok
    assert diagnose("mean", "sum").code == "differs"
    assert diagnose(1.0, None).code == diagnose(None, "sum").code == "type"


def test_nan_in_the_expected_value_blames_nobody_and_passes_nobody():
    """A comparison with nan proves nothing."""
    verdict = diagnose(np.array([np.nan]), np.array([np.nan]), "loss")
    assert (verdict.ok, verdict.code) == (False, "reference")
    assert "says nothing about yours" in verdict.likely


def test_ignored_entries_are_not_judged():
    """What lies at a kink counts neither for nor against."""
    kink = np.array([True] + [False] * 6)
    assert diagnose(changed(SEVENTHS, 0, 99.0), SEVENTHS, ignore=kink).ok
    verdict = diagnose(changed(-SEVENTHS, 0, 99.0), SEVENTHS, ignore=kink)
    assert verdict.pattern == "yours = -expected in all 6 entries"


def test_hint_shows_no_number_of_either_array():
    """The feedback after grading gives no hidden number away."""
    secret = np.array([[0.7182818, 3.1415926], [2.2360679, 1.6180339]])
    for yours in (secret + 0.5772156, secret * 0.5772156, secret[::-1], secret.T, np.cos(9 * secret), secret.sum()):
        hint = diagnose(yours, secret, "loss").hint()
        assert "\n" not in hint
        assert not any(digits in hint for digits in ("7182", "1415", "2360", "6180", "5772"))


def test_expected_value_must_be_numbers():
    """A check that compares with nonsense is the author's mistake and raises."""
    with pytest.raises(TypeError, match="expected value must be numbers"):
        diagnose(1.0, object())

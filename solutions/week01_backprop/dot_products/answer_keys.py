"""The right answers to the short questions of the primer, with a reason against each wrong one."""

from grader.judge.authoring.quiz import choice_key, number_key
from week01_backprop import dot_products_questions as asked

number_key(
    asked.dot_by_hand,
    4.0,
    {
        "a minus sign is lost on the way": 12.0,
        "entries in the same place are multiplied first; here all six numbers are added": 11.0,
        "the products are to be added, not multiplied": -48.0,
        "the first product is left out": 2.0,
        "the last product is left out": -2.0,
    },
)

choice_key(
    asked.last_row,
    "b",
    {
        "a": "these rows have different lengths, 3 and 7, and cannot be multiplied entry by entry",
        "c": "rows of A have 3 entries, and a row of the product has 7; a mixture has the length of what is mixed",
        "d": "a mixture of columns is a column; and the last row of A has 3 weights, not 7",
    },
)

number_key(
    asked.how_many_outer,
    3.0,
    {
        "this is the number of entries of the product": 35.0,
        "this is the number of rows; each outer product has all of them": 5.0,
        "this is the number of columns; each outer product has all of them": 7.0,
        "this is the number of multiplications of numbers": 105.0,
        "this is the number of entries of A": 15.0,
    },
)

choice_key(
    asked.layer_shapes,
    "b",
    {
        "a": "with this W the inner sizes of X W are 10 and 4; a unit's weights are a column, one for each input",
        "c": "a bias belongs to a unit, and not to a sample",
        "d": "samples are rows, and they stay rows: the number of rows of Z is that of X",
    },
)

number_key(
    asked.parameter_count,
    124.0,
    {
        "the biases are left out: each unit has one": 112.0,
        "these are the biases alone": 12.0,
        "the biases of the hidden units are left out": 116.0,
        "the biases of the outputs are left out": 120.0,
        "multiplied by the batch size: all samples use the same parameters": 3968.0,
        "the weights between the hidden and the output layer, and their biases, are left out": 88.0,
        "biases of the inputs are counted, too: only units have one": 134.0,
    },
    rtol=0,
)

choice_key(
    asked.bias_trap,
    "c",
    {
        "a": "lined up from the right, 4 meets 1, which is repeated, and 4 meets 4: numpy sees nothing to refuse",
        "b": "the entries of the column run along the rows of X W, that is along the samples",
        "d": "broadcasting repeats what is 1; both arrays have two axes, so the result has two",
    },
)

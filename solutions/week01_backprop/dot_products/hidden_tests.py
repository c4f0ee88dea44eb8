"""Hidden tests of the primer: six short questions, with a reason for each wrong answer."""

from grader.judge.authoring.quiz import choice_question, number_question

dot_by_hand = number_question(
    "test_dot_by_hand",
    points=0.25,
    title="A dot product by hand.",
    right=4.0,
    mistakes={
        "a minus sign is lost on the way": 12.0,
        "entries in the same place are multiplied first; here all six numbers are added": 11.0,
        "the products are to be added, not multiplied": -48.0,
        "the first product is left out": 2.0,
        "the last product is left out": -2.0,
    },
)

last_row = choice_question(
    "test_last_row",
    points=0.25,
    title="What a row of a product is made of.",
    right="b",
    reasons={
        "a": "these rows have different lengths, 3 and 7, and cannot be multiplied entry by entry",
        "c": "rows of A have 3 entries, and a row of the product has 7; a mixture has the length of what is mixed",
        "d": "a mixture of columns is a column; and the last row of A has 3 weights, not 7",
    },
)

how_many_outer = number_question(
    "test_how_many_outer",
    points=0.25,
    title="How many outer products make a product.",
    right=3.0,
    mistakes={
        "this is the number of entries of the product": 35.0,
        "this is the number of rows; each outer product has all of them": 5.0,
        "this is the number of columns; each outer product has all of them": 7.0,
        "this is the number of multiplications of numbers": 105.0,
        "this is the number of entries of A": 15.0,
    },
)

layer_shapes = choice_question(
    "test_layer_shapes",
    points=0.25,
    title="The shapes of a dense layer.",
    right="b",
    reasons={
        "a": "with this W the inner sizes of X W are 10 and 4; a unit's weights are a column, one for each input",
        "c": "a bias belongs to a unit, and not to a sample",
        "d": "samples are rows, and they stay rows: the number of rows of Z is that of X",
    },
)

parameter_count = number_question(
    "test_parameter_count",
    points=0.25,
    title="The parameters of a network.",
    right=124.0,
    rtol=0,
    mistakes={
        "the biases are left out: each unit has one": 112.0,
        "these are the biases alone": 12.0,
        "the batch size does not matter: all samples use the same parameters": 3968.0,
        "the weights between the hidden and the output layer, and their biases, are left out": 88.0,
        "the inputs have no biases: only units have": 134.0,
    },
)

bias_trap = choice_question(
    "test_bias_trap",
    points=0.25,
    title="A bias of the wrong shape.",
    right="c",
    reasons={
        "a": "lined up from the right, 4 meets 1, which is repeated, and 4 meets 4: numpy sees nothing to refuse",
        "b": "the entries of the column run along the rows of X W, that is along the samples",
        "d": "broadcasting repeats what is 1; both arrays have two axes, so the result has two",
    },
)

QUESTIONS = [dot_by_hand, last_row, how_many_outer, layer_shapes, parameter_count, bias_trap]

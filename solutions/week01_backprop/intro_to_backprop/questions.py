"""The short questions of the lecture, with a reason for each wrong answer."""

from grader.judge.authoring.quiz import choice_question, number_question

which_way = choice_question(
    "test_which_way",
    points=0.25,
    title="Which way is down, when only the derivative is known.",
    right="b",
    reasons={
        "a": "a negative slope means that f falls as x grows; to the left it rises",
        "c": "the slope is not zero, so a little to one of the two sides f is smaller",
        "d": "for a tiny move the slope is all that counts: f(3 + h) is about 10 - 2 h",
    },
)

two_steps_down = number_question(
    "test_two_steps_down",
    points=0.25,
    title="Two steps down a parabola.",
    right=1.0,
    mistakes={
        "this is where one step leads; take a second one": 2.0,
        "the slope of theta^2 is 2 theta: the 2 is missing": 2.25,
        "the slope is another one after the first step; here it is still that of the start": 0.0,
        "the steps climb: the slope is subtracted": 9.0,
        "the learning rate is missing": 4.0,
    },
)

two_paths = number_question(
    "test_two_paths",
    points=0.5,
    title="The gradient of a number that is used twice.",
    right=8.0,
    mistakes={
        "this is the way through a + b alone; b also enters the product itself": 3.0,
        "this is the direct way alone; b also enters through a + b": 5.0,
        "the messages of the two ways are multiplied; they add up": 15.0,
        "this is the slope for b squared alone; a is in it as well": 6.0,
    },
)

why_not_step = choice_question(
    "test_why_not_step",
    points=0.25,
    title="Why step units cannot learn by gradient descent.",
    right="b",
    reasons={
        "a": "a loss can be computed from 0 and 1, too; what is missing is something on the way back",
        "c": "that is a single point, and hardly ever hit; look at the slope everywhere else",
        "d": "a step never falls, so it is monotone; and descent works on functions that rise and fall",
    },
)

zero_start = choice_question(
    "test_zero_start",
    points=0.5,
    title="What moves in the first step from zero weights.",
    right={"c", "d"},
    reasons={
        "a": "the message to w0 passes through w1, which is zero",
        "b": "the message to b0 passes through w1, which is zero",
        "c": "the gradient of w1 holds the hidden values, and sigmoid(0) is not zero",
        "d": "the gradient of b1 is the mean error, which is not zero here",
    },
)

unit_change = number_question(
    "test_unit_change",
    points=0.25,
    title="What the units of an input do to the curvature of the loss.",
    right=1e6,
    mistakes={
        "this is what the slope of the prediction grows by; the curvature of the square takes that factor twice": 1e3,
        "the factor enters twice and not three times": 1e9,
        "upside down: larger inputs make the bowl steeper": 1e-6,
        "the factor of 1/2 in E has no part in a ratio": 5e5,
    },
)

QUESTIONS = [which_way, two_steps_down, two_paths, why_not_step, zero_start, unit_change]

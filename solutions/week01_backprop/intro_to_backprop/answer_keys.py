"""The right answers to the short questions of the lecture, with a reason against each wrong one."""

from grader.judge.authoring.quiz import choice_key, number_key
from week01_backprop import intro_to_backprop_questions as asked

choice_key(
    asked.which_way,
    "b",
    {
        "a": "a negative slope means that f falls as x grows; to the left it rises",
        "c": "the slope is not zero, so a little to one of the two sides f is smaller",
        "d": "for a tiny move the slope is all that counts: f(3 + h) is about 10 - 2 h",
    },
)

number_key(
    asked.two_steps_down,
    1.0,
    {
        "this is where one step leads; take a second one": 2.0,
        "the slope of theta^2 is 2 theta: the 2 is missing": 2.25,
        "the slope is another one after the first step; here it is still that of the start": 0.0,
        "the steps climb: the slope is subtracted": 9.0,
        "the learning rate is missing": 4.0,
    },
)

number_key(
    asked.two_paths,
    8.0,
    {
        "this is the way through a + b alone; b also enters the product itself": 3.0,
        "this is the direct way alone; b also enters through a + b": 5.0,
        "the messages of the two ways are multiplied; they add up": 15.0,
        "this is the slope for b squared alone; a is in it as well": 6.0,
    },
)

choice_key(
    asked.why_not_step,
    "b",
    {
        "a": "a loss can be computed from 0 and 1, too; what is missing is something on the way back",
        "c": "that is a single point, and hardly ever hit; look at the slope everywhere else",
        "d": "a step never falls, so it is monotone; and descent works on functions that rise and fall",
    },
)

choice_key(
    asked.zero_start,
    {"c", "d"},
    {
        "a": "the message to w0 passes through w1, which is zero",
        "b": "the message to b0 passes through w1, which is zero",
        "c": "the gradient of w1 holds the hidden values, and sigmoid(0) is not zero",
        "d": "the gradient of b1 is the mean error, which is not zero here",
    },
)

number_key(
    asked.unit_change,
    1e6,
    {
        "this is what the slope of the prediction grows by; the curvature of the square takes that factor twice": 1e3,
        "the factor enters twice and not three times": 1e9,
        "doubled; the factor is squared": 2e3,
        "upside down: larger inputs make the bowl steeper": 1e-6,
        "the factor of 1/2 in E has no part in a ratio": 5e5,
    },
)

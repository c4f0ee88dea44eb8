"""Keys of init_params, forward and backward, for regression and for classification: the net makes the difference."""

from functools import partial

import numpy as np

from grader.checks.diagnosis.named import numbered
from grader.checks.questions import Right
from grader.judge.authoring.keys import Case, key
from grader.judge.authoring.parts import with_other_parts
from grader.judge.authoring.slopes import with_other_slopes

from .nets import biases, draw_batch, draw_params, logistic, row_softmax, weights

BATCH = 5
TWO_HIDDEN = (3, 5, 2, 7)  # no product of 2s
# No two layers alike, so that a transposed rule cannot pass; but in the last net one layer stands twice.
DEPTHS = (3, 4, 2), (2, 5, 3, 6, 4), (2, 3, 4, 4, 4, 5, 3)
DEEP = DEPTHS[1]
NO_HIDDEN = (4, 3)
TURNED = (
    "the sign is turned: the error is what came out minus what was wanted; if the last layer's gradients are right, it"
    " is a slope that is turned"
)


FUNCTIONS = {
    "nothing": lambda z: z,
    "a sigmoid": logistic,
    "tanh": np.tanh,
    "ReLU": lambda z: np.maximum(z, 0),
    "a softmax": row_softmax,
    "a sine": np.sin,
    "exp": np.exp,
}


def with_other_functions(net, x, params):
    """{words: what forward gives} with another function after some layers, or fewer biases."""
    found = {}
    for words, function in FUNCTIONS.items():

        def before(z, function=function):
            return net.finish(function(z))

        found[f"what comes with {words} after each hidden layer"] = net.but(activate=function).forward(x, params)
        found[f"what comes with {words} after the last layer"] = net.but(finish=function).forward(x, params)
        found[f"what comes with {words} after the last layer, before what belongs there"] = net.but(
            finish=before
        ).forward(x, params)
    for place in range(len(params) - 1):
        found[f"what comes without what belongs after hidden layer {place + 1}"] = straight_at(place, net, x, params)
    for place in range(len(params)):
        fewer = [(W, 0 * b if place == layer else b) for layer, (W, b) in enumerate(params)]
        found[f"what comes without the biases of layer {place + 1}"] = net.forward(x, fewer)
    return found | {"what comes without biases": net.forward(x, [(W, 0 * b) for W, b in params])}


def straight_at(place, net, x, params):
    """What forward gives without the activation after one hidden layer, counted from 0."""
    for layer, (W, b) in enumerate(params):
        z = x @ W + b
        x = z if layer == place else net.activate(z)
    return net.finish(z)


def with_other_errors(net, x, y, params):
    """{words: the gradients} with something else in the place of the error at the output."""
    out = net.forward(x, params)
    error = net.error(out, y)
    rest = out - error * len(x)  # what is taken off
    more = {
        "it times the outputs": lambda one: one * out,
        "it times outputs (1 - outputs)": lambda one: one * out * (1 - out),
        "it times 1 - outputs^2": lambda one: one * (1 - out**2),
        "it times what is wanted": lambda one: one * rest,
        "it without what is wanted": lambda one: out / len(x),
        "it without the outputs": lambda one: -rest / len(x),
        "its sign": np.sign,
        "it times |it|": lambda one: one * np.abs(one),
    }

    def made(part):
        return net.but(error=lambda *_: part("the error at the output", error)).backward(x, y, params)

    return with_other_parts(made, more=more)


def draw_net(rng, sizes):
    """Params; layers [n, n] are all the same one."""
    params = draw_params(rng, sizes)
    squares = [pair for pair in params if pair[0].shape[0] == pair[0].shape[1]]
    return [squares[0] if pair[0].shape[0] == pair[0].shape[1] else pair for pair in params]


def net_keys(asked, net, forward_mistakes, backward_mistakes):
    """Declare the keys of the questions in ``asked``, a module of questions, about init_params, forward and backward.

    forward_mistakes   {what is wrong: a wrong forward(x, params)}
    backward_mistakes  {what is wrong: a net with a wrong backward}
    """

    def drawn(rng, sizes, n=BATCH):
        (x, y), params = draw_batch(net, rng, n, sizes), draw_net(rng, sizes)
        return x, y, params

    def named_outputs(x, params):
        """Of one net, what forward gives and the mistakes that differ from it."""
        wanted = net.forward(x, params)
        wrong = {text: guess(x, params) for text, guess in forward_mistakes.items()}
        return wanted, {text: value for text, value in numbered(wrong) if not np.allclose(value, wanted)}

    def either_way(case):
        """Where something else is judged: forward, with slips that have a name, or backward."""
        wanted, wrong = named_outputs(case.x, case.params)
        grads = [part for pair in net.backward(case.x, case.y, case.params) for part in pair]
        back = Right(grads, "what backward gives")
        what = "what forward gives, which this line needs, or backward"
        return Right(wanted, what, also=list(wrong.values()), either=back)

    def output_of(x, params, named=True):
        wanted, wrong = named_outputs(x, params)
        return Right(wanted, f"forward, sizes {sizes_of(params)}", wrong if named else {})

    def gradients_with_other_slopes(x, y, params, single):
        """By words: another thing in the place of all slopes, and of a net with two hidden layers of one of them."""
        *inputs, _ = net.outputs(x, params)
        activations = [(a @ W + b, out) for a, out, (W, b) in zip(inputs, inputs[1:], params, strict=False)]

        def with_slopes(*slopes):
            return net.backward_with([1, *slopes], x, y, params)

        if not single:  # what is told is told of the first net, which has one; others may be right in some layers
            return with_other_slopes(with_slopes, *activations, told="the slope")
        right = [net.slope(out) for _, out in activations]
        found = with_other_slopes(with_slopes, *activations)
        for place, activation in enumerate(activations):

            def alone(slope, place=place):
                return with_slopes(*right[:place], slope, *right[place + 1 :])

            found |= with_other_slopes(alone, activation, told=f"the slope of hidden layer {place + 1} alone")
        return found

    def gradients_of(part, what, x, y, params, named=True, excused=False):
        wanted = part(net.backward(x, y, params))
        scales = {"batch_size": BATCH, "outputs": len(params[-1][1])}
        name = f"backward, the gradients of the {what}, sizes {sizes_of(params)}"
        wrong = {text: part(other.backward(x, y, params)) for text, other in backward_mistakes.items()}
        wrong["averaged over the batch once more; the division by its size is done at the output"] = [
            grad / BATCH for grad in wanted
        ]
        wrong["not averaged over the batch: E is a mean"] = [grad * BATCH for grad in wanted]
        wrong[TURNED] = [-grad for grad in wanted]
        if not named:
            twice = [i for i, (W, _) in enumerate(params) if sum(np.array_equal(W, V) for V, _ in params) > 1]
            shared = [wanted[twice[0]] if i in twice else grad for i, grad in enumerate(wanted)]
            told = {"a layer stands twice, and each place has a gradient of its own": shared} if twice else {}
            return Right(wanted, name, told, scales, also=list(wrong.values()) if excused else [])
        return Right(wanted, name, dict(numbered(wrong)), scales)

    def keys_of(exercise, depths, deep, recorded):
        """Of the questions that both exercises have. All are lists of sizes; ``recorded`` those of a smaller record."""

        @key(getattr(asked, f"{exercise}_params_have_their_layout"))
        class _:
            def draw(rng):
                x, y, params = drawn(rng, TWO_HIDDEN, n=2)
                return Case(several=[list(sizes) for sizes in depths], x=x, y=y, params=params)

            right = either_way

        @key(getattr(asked, f"{exercise}_params_start_random"))
        class _:
            def draw(rng):
                x, y, params = drawn(rng, TWO_HIDDEN, n=2)
                return Case(sizes=list(deep), seed=int(rng.integers(2**31)), x=x, y=y, params=params)

            right = either_way

        def outputs(rng, depths=depths):
            return Case(several=[(x, params) for x, _, params in (drawn(rng, sizes) for sizes in depths)])

        def gradients(rng, depths=depths):
            return Case(several=[drawn(rng, sizes) for sizes in depths])

        @key(getattr(asked, f"{exercise}_forward"))
        class _:
            draw, record = outputs, partial(outputs, depths=recorded)

            def right(case):
                return [output_of(*one, named) for one, named in only_first_named(case.several)]

            def others(case):
                each = [with_other_functions(net, *one) for one in case.several]
                return {words: [found[words] for found in each] for words in each[0] if all(words in f for f in each)}

        def keyed(name, part, what):
            @key(getattr(asked, f"{exercise}_{name}"))
            class _:
                draw, record = gradients, partial(gradients, depths=recorded)

                def right(case):
                    return [gradients_of(part, what, *one, named) for one, named in only_first_named(case.several)]

                def others(case):
                    nets = [gradients_with_other_slopes(*one, single=len(depths) == 1) for one in case.several]
                    nets = [found | with_other_errors(net, *one) for found, one in zip(nets, case.several, strict=True)]
                    return {words: [part(grads[words]) for grads in nets] for words in nets[0]}

                def lent(case):
                    return {"forward": net.forward}

                def calls(case):
                    return [("forward", (x, params)) for x, _, params in case.several]

        keyed("weight_gradients", weights, "weights")
        keyed("bias_gradients", biases, "biases")

        @key(getattr(asked, f"{exercise}_leaves_arguments_alone"))
        class _:
            def draw(rng):
                x, y, params = drawn(rng, deep, n=2)
                return Case(x=x, y=y, params=params)

            right = either_way

    keys_of("two_hidden", [TWO_HIDDEN], TWO_HIDDEN, [TWO_HIDDEN])
    keys_of("n_hidden", DEPTHS, DEEP, DEPTHS[::2])

    @key(asked.n_hidden_may_be_none)
    class _:
        def draw(rng):
            x, y, params = drawn(rng, NO_HIDDEN)
            return Case(x=x, y=y, params=params)

        def right(case):
            x, y, params = case.x, case.y, case.params
            gradients = [gradients_of(part, part.__name__, x, y, params, False, True) for part in (weights, biases)]
            return [output_of(x, params, False), *gradients]


def only_first_named(several):
    """(net, True for the first one): what is wrong in all nets is named by the first."""
    return [(one, place == 0) for place, one in enumerate(several)]


def sizes_of(params):
    return [len(params[0][0]), *(len(b) for _, b in params)]


def without_biases(net):
    return lambda x, params: net.forward(x, [(W, 0 * b) for W, b in params])

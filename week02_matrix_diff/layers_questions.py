"""What the checks of the layers ask, in the notebook and when they are graded."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from grader.checks.questions import Roles, array, checks_of, items, number, pairs, question, same, through, unchanged
from grader.checks.questions.forms import Form, described
from grader.checks.questions.plain import own

check = checks_of(__name__)
WORDS = {"G": "grad_output", "a": "the first layer's factor", "c": "the last layer's factor"}
LAYER = Roles(batch="x G", fixed="other", terms="b", words=WORDS)
LOSS = Roles(batch="x target", fixed="other others_target")
CLASSES = Roles(batch="x target", labels="target", fixed="other others_target")

# What layers and losses are asked


def run(module, *arguments):
    """A forward for what it leaves behind. What it gives or raises is judged by other questions."""
    try:
        module.forward(*(argument.copy() for argument in arguments))
    except Exception:
        pass


def back(layer, x, G, other):
    """What backward(x, G) gives after a forward with the same x, as in training; another batch came before."""
    run(layer, other)
    run(layer, x)
    return layer.backward(x.copy(), G.copy())


def far_out(layer, x, G):
    """What forward and backward give."""
    output = np.array(layer.forward(x.copy()))
    return [output, np.array(layer.backward(x.copy(), G.copy()))]


def of_far_out(case):
    """The form of what `far_out` gives."""
    return pairs(array(*case.x.shape, finite=False), array(*case.x.shape, finite=False))


def stays_finite(answer, case):
    """NaN or infinity for inputs of 1e3: choose a form in which exp gets no large argument"""
    return all(np.isfinite(part).all() for part in answer)


def rows_stay_finite(answer, case):
    """NaN or infinity for inputs of 1e3: choose a form in which exp gets no large argument and no row adds up to 0"""
    return stays_finite(answer, case)


def arguments_of(layer, x, G):
    """What forward and backward give, and their arguments afterwards."""
    entered = x.copy()
    output = np.array(layer.forward(entered))
    after_forward, arrived = entered.copy(), G.copy()
    return [output, np.array(layer.backward(entered, arrived)), after_forward, entered, arrived]


def of_arguments(case):
    """The form of what `arguments_of` gives."""
    return pairs(array(*case.G.shape), array(*case.x.shape), None, None, None)


def leaves_arguments_alone(answer, case):
    """Neither forward nor backward changes its arguments, and both give something."""
    output, grad, after_forward, entered, arrived = answer
    if not (np.any(output) and np.any(grad)):
        return "forward or backward gives nothing but zeros"
    changed = unchanged("the x of forward", after_forward, case.x) or unchanged("the x of backward", entered, case.x)
    return changed or unchanged("grad_output", arrived, case.G)


def output_of(answer, case):
    """What is compared of what `arguments_of` gives."""
    return answer[0]


def is_flat(found, count):
    return isinstance(found, (list, tuple)) and len(found) == count and all(isinstance(a, np.ndarray) for a in found)


def not_flat(found, count):
    """What stands in place of a flat list of `count` arrays, in words."""
    if not isinstance(found, (list, tuple)) or len(found) != count:
        return described(found)
    number, item = next((n, one) for n, one in enumerate(found, start=1) if not isinstance(one, np.ndarray))
    return f"{described(item)} as number {number}"


def flat(what, count):
    """The form of a flat list of `count` arrays, such as parameters() and gradients() give."""
    fault = f"{what}: a flat list of {count} arrays is expected, found"
    return Form(lambda found: "" if is_flat(found, count) else f"{fault} {not_flat(found, count)}")


def adding_up(module, x, G):
    """The gradients after one way back, after a second one, and after zero_grad() and a third."""
    found = []
    for times in (1, 2, 3):
        if times == 3:
            module.zero_grad()
        run(module, x)
        module.backward(x.copy(), G.copy())
        found.append(own(module.gradients()))
    return found


def adds_up(answer, case):
    """Two ways back give twice the gradients of one, and after zero_grad() one gives those of one again."""
    once, twice, again = (list(gradients) for gradients in answer)
    if not any(np.any(gradient) for gradient in once):
        return "gradients() gives nothing but zeros after a backward: are its arrays those that backward fills?"
    if same(twice, once):
        return "a second backward is to add to the gradients; this is the last one alone"
    if not same(twice, [2 * gradient for gradient in once]):
        return "the gradients after two backwards with the same x and grad_output are not twice those of one"
    return "zero_grad() leaves the gradients of before in place" if not same(again, once) else True


def first_gradients(answer, case):
    """What is compared of what `adding_up` gives."""
    return answer[0]


# Linear


def linear(student, W, b):
    """A layer whose parameters are changed in place to these values."""
    layer = student.Linear(*W.shape)
    layer.W[...] = W
    layer.b[...] = b
    return layer


def of_start(case):
    """The form of what `linear_shapes` gives."""
    n_in, n_out = case.W.shape
    weights = Form(lambda found: "" if not (fault := array(n_in, n_out)(found)) else f"Linear.W: {fault}")
    biases = Form(lambda found: "" if not (fault := array(n_out)(found)) else f"Linear.b: {fault}")
    return pairs(weights, biases, array(100, 80), array(100, 80), of_arguments(case))


@question("test_Linear", points=0.05, form=of_start)
def linear_shapes(student, W, b, x, G):
    """Linear starts with small random W [in, out] and zero b [out]; its arguments stay."""
    layer = student.Linear(*W.shape)
    start = [np.array(layer.W), np.array(layer.b)]
    others = [np.array(student.Linear(100, 80).W) for _ in range(2)]
    if start[0].shape != W.shape or start[1].shape != b.shape:
        return [*start, *others, None]
    return [*start, *others, arguments_of(linear(student, W, b), x, G)]


@linear_shapes.relation
def _(answer, case):
    """W is random around zero, anew for every layer, and small; b is zero."""
    _, b, W, second, arguments = answer
    if np.any(b):
        return "Linear.b at the start: zeros are expected"
    if not np.std(W) > 0:
        return "Linear.W at the start: all weights are equal"
    if not np.abs(W).mean() < 2:
        return "Linear.W at the start: the weights are not small"
    if abs(W.mean()) > 6 * W.std() / np.sqrt(W.size):
        return "Linear.W at the start: the weights do not spread around zero"
    if np.array_equal(W, second):
        return "Linear.W at the start: two layers of the same size start alike; random numbers are new in every layer"
    return leaves_arguments_alone(arguments, case)


@linear_shapes.reading
def _(answer, case):
    return output_of(answer[4], case)


@question("test_Linear", points=0.1, probes=LAYER)
def linear_forward(student, W, b, x):
    """Linear.forward multiplies by W and adds b to every row."""
    return linear(student, W, b).forward(x)


@question("test_Linear", points=0.1, probes=LAYER)
def linear_input_gradient(student, W, b, x, G, other):
    """Linear.backward returns the gradient of x."""
    return back(linear(student, W, b), x, G, other)


@linear_input_gradient.differences
def _(student, W, b, x, G, **_):
    return through(linear(student, W, b).forward, x, G)


def linear_gradients(student, W, b, x, G, other):
    layer = linear(student, W, b)
    back(layer, x, G, other)
    return layer.gradients()


@question("test_Linear", points=0.1, form=flat("Linear.gradients()", 2), probes=LAYER)
def linear_gradient_of_W(student, W, b, x, G, other):
    """Linear.gradients() begins with the gradient of W."""
    return linear_gradients(student, W, b, x, G, other)


@linear_gradient_of_W.reading
def _(answer, case):
    return answer[0]


@linear_gradient_of_W.differences
def _(student, W, b, x, G, **_):
    return through(lambda W: linear(student, W, b).forward(x), W, G)


@question("test_Linear", points=0.05, form=flat("Linear.gradients()", 2), probes=LAYER)
def linear_gradient_of_b(student, W, b, x, G, other):
    """Linear.gradients() ends with the gradient of b."""
    return linear_gradients(student, W, b, x, G, other)


@linear_gradient_of_b.reading
def _(answer, case):
    return answer[1]


@linear_gradient_of_b.differences
def _(student, W, b, x, G, **_):
    return through(lambda b: linear(student, W, b).forward(x), b, G)


def stepped(module, x, steps):
    """What parameters() gives, and what forward(x) gives after a step on them, taken as an optimiser does."""
    found = module.parameters()
    before = own(found)
    if not is_flat(found, len(steps)):
        return [before, None]
    for parameter, step in zip(found, steps, strict=True):
        if parameter.shape == step.shape:
            parameter -= step
    return [before, module.forward(x)]


@question("test_Linear", points=0.05, form=pairs(flat("Linear.parameters()", 2), None), probes=Roles())
def linear_parameters_are_live(student, W, b, x, steps):
    """Changing the arrays of Linear.parameters() in place changes the layer."""
    return stepped(linear(student, W, b), x, steps)


@linear_parameters_are_live.relation
def _(answer, case):
    """Linear.parameters() is [W, b], in this order"""
    return [parameter.shape for parameter in answer[0]] == [case.W.shape, case.b.shape]


@linear_parameters_are_live.reading
def _(answer, case):
    return answer[1]


@question("test_Linear", points=0.05, form=items(flat("Linear.gradients()", 2), length=3))
def linear_gradients_add_up(student, W, b, x, G):
    """The gradients of Linear add up until zero_grad()."""
    return adding_up(linear(student, W, b), x, G)


linear_gradients_add_up.relation(adds_up)
linear_gradients_add_up.reading(first_gradients)

# SoftMax


@question("test_SoftMax", points=0.15, probes=LAYER)
def softmax_forward(student, x):
    """SoftMax.forward gives the probabilities of each row."""
    return student.SoftMax().forward(x)


@question("test_SoftMax", points=0.2, probes=LAYER)
def softmax_backward(student, x, G, other):
    """SoftMax.backward: each output of a row depends on every input of it."""
    return back(student.SoftMax(), x, G, other)


@softmax_backward.differences
def _(student, x, G, **_):
    return through(student.SoftMax().forward, x, G)


@question("test_SoftMax", points=0.1, form=of_far_out)
def softmax_far_out(student, x, G):
    """SoftMax is right for inputs as large as 1e3."""
    return far_out(student.SoftMax(), x, G)


softmax_far_out.relation(rows_stay_finite)


@question("test_SoftMax", points=0.05, form=of_arguments)
def softmax_manners(student, x, G):
    """SoftMax leaves its arguments alone."""
    return arguments_of(student.SoftMax(), x, G)


softmax_manners.relation(leaves_arguments_alone)
softmax_manners.reading(output_of)

# LogSoftMax


@question("test_LogSoftMax", points=0.15, probes=LAYER)
def logsoftmax_forward(student, x):
    """LogSoftMax.forward gives the log-probabilities of each row."""
    return student.LogSoftMax().forward(x)


@question("test_LogSoftMax", points=0.2, probes=LAYER)
def logsoftmax_backward(student, x, G, other):
    """LogSoftMax.backward: each output of a row depends on every input of it."""
    return back(student.LogSoftMax(), x, G, other)


@logsoftmax_backward.differences
def _(student, x, G, **_):
    return through(student.LogSoftMax().forward, x, G)


@question("test_LogSoftMax", points=0.1, form=of_far_out)
def logsoftmax_far_out(student, x, G):
    """LogSoftMax is right for inputs as large as 1e3."""
    return far_out(student.LogSoftMax(), x, G)


logsoftmax_far_out.relation(rows_stay_finite)


@question("test_LogSoftMax", points=0.05, form=of_arguments)
def logsoftmax_manners(student, x, G):
    """LogSoftMax leaves its arguments alone."""
    return arguments_of(student.LogSoftMax(), x, G)


logsoftmax_manners.relation(leaves_arguments_alone)
logsoftmax_manners.reading(output_of)

# ELU


@question("test_ELU", points=0.1, form=items(length=2), probes=LAYER)
def elu_forward(student, x, alpha):
    """ELU.forward, alpha by position and by name."""
    layers = [student.ELU(alpha), student.ELU(alpha=alpha)]
    student.ELU()  # another one: its alpha is its own
    return [layer.forward(x.copy()) for layer in layers]


@question("test_ELU", points=0.05, probes=LAYER)
def elu_default(student, x):
    """alpha is 1 unless given."""
    return student.ELU().forward(x)


@question("test_ELU", points=0.2, probes=LAYER)
def elu_backward(student, x, G, other, alpha):
    """ELU.backward multiplies by the slope at x."""
    return back(student.ELU(alpha), x, G, other)


@elu_backward.differences
def _(student, x, G, alpha, **_):
    return through(student.ELU(alpha).forward, x, G)


@question("test_ELU", points=0.1, form=of_far_out)
def elu_far_out(student, x, G, alpha):
    """ELU is right for inputs as large as 1e3."""
    return far_out(student.ELU(alpha), x, G)


elu_far_out.relation(stays_finite)


@question("test_ELU", points=0.05, form=of_arguments)
def elu_manners(student, x, G):
    """ELU leaves its arguments alone."""
    return arguments_of(student.ELU(), x, G)


elu_manners.relation(leaves_arguments_alone)
elu_manners.reading(output_of)

# SoftPlus


@question("test_SoftPlus", points=0.15, probes=LAYER)
def softplus_forward(student, x):
    """SoftPlus.forward."""
    return student.SoftPlus().forward(x)


@question("test_SoftPlus", points=0.15, probes=LAYER)
def softplus_backward(student, x, G, other):
    """SoftPlus.backward multiplies by the slope at x."""
    return back(student.SoftPlus(), x, G, other)


@softplus_backward.differences
def _(student, x, G, **_):
    return through(student.SoftPlus().forward, x, G)


@question("test_SoftPlus", points=0.15, form=of_far_out)
def softplus_far_out(student, x, G):
    """SoftPlus is right for inputs as large as 1e3."""
    return far_out(student.SoftPlus(), x, G)


softplus_far_out.relation(stays_finite)


@question("test_SoftPlus", points=0.05, form=of_arguments)
def softplus_manners(student, x, G):
    """SoftPlus leaves its arguments alone."""
    return arguments_of(student.SoftPlus(), x, G)


softplus_manners.relation(leaves_arguments_alone)
softplus_manners.reading(output_of)

# Sequential, asked with layers that are right


class Factor:
    """x times a number for each column, with gradients that add up. Hands out the lists that it keeps."""

    def __init__(self, factors):
        self.factors = np.array(factors)
        self.slopes = np.zeros_like(self.factors)
        self.lists = [self.factors], [self.slopes]
        self.runs = 0

    def forward(self, x):
        self.runs += 1
        return x * self.factors

    def backward(self, x, grad_output):
        if np.shape(x) != np.shape(grad_output):
            raise ValueError("x and grad_output do not belong to this layer: each layer needs what entered it")
        self.slopes += np.einsum("ij,ij->j", x, grad_output)
        return grad_output * self.factors

    def parameters(self):
        return self.lists[0]

    def gradients(self):
        return self.lists[1]

    def zero_grad(self):
        self.slopes[...] = 0


class Plain:
    """A layer without parameters."""

    def __init__(self):
        self.runs = 0

    def parameters(self):
        return []

    def gradients(self):
        return []

    def zero_grad(self):
        pass


class Cube(Plain):
    """x^3 and, beside it, x: twice as many columns leave as enter."""

    def forward(self, x):
        self.runs += 1
        return np.concatenate([x**3, x], axis=1)

    def backward(self, x, grad_output):
        if np.shape(grad_output) != (len(x), 2 * x.shape[1]):
            raise ValueError("x and grad_output do not belong to this layer: each layer needs what entered it")
        cubed, beside = np.split(grad_output, 2, axis=1)
        return beside + cubed * (3 * x**2)


class Square(Plain):
    """x^2, entry by entry."""

    def forward(self, x):
        return x**2

    def backward(self, x, grad_output):
        return grad_output * x + x * grad_output


def chain(student, a, c):
    """A Sequential of Factor(a), Cube and Factor(c), and these three layers."""
    layers = Factor(a), Cube(), Factor(c)
    return student.Sequential(*layers), layers


@question("test_Sequential", points=0.1, probes=LAYER)
def chain_forward(student, a, c, x):
    """Sequential.forward passes x through the layers in order."""
    return chain(student, a, c)[0].forward(x)


@question("test_Sequential", points=0.1, probes=LAYER)
def chain_backward(student, a, c, x, G, other):
    """Sequential.backward goes from the last layer to the first, each with what entered it."""
    return back(chain(student, a, c)[0], x, G, other)


@chain_backward.differences
def _(student, a, c, x, G, **_):
    return through(chain(student, a, c)[0].forward, x, G)


@question("test_Sequential", points=0.05, form=pairs(array(None, None), items(length=3)))
def chain_runs_layers_once(student, a, c, x, G):
    """Sequential runs each layer's forward once, and no layer again on the way back."""
    network, layers = chain(student, a, c)
    run(network, x)
    return [network.backward(x.copy(), G.copy()), [layer.runs for layer in layers]]


@chain_runs_layers_once.relation
def _(answer, case):
    """Layers are not run more than once."""
    often = max(answer[1])
    hint = f"in one forward and one backward a layer was run forward {often} times; run each once, and keep what enters"
    return f"{hint} it: a layer may remember its last forward, as dropout remembers its mask" if often > 1 else True


@chain_runs_layers_once.reading
def _(answer, case):
    return answer[0]


@question("test_Sequential", points=0.05, form=flat("Sequential.gradients()", 2), probes=Roles())
def chain_gradients_of_parameters(student, a, c, x, G):
    """Each layer of a Sequential gets the gradients of its parameters."""
    network, _ = chain(student, a, c)
    run(network, x)
    network.backward(x.copy(), G.copy())
    return network.gradients()


@question(
    "test_Sequential",
    points=0.1,
    form=pairs(pairs(flat("Sequential.parameters()", 2), None), items(length=4)),
    probes=Roles(),
)
def chain_parameters_are_flat_and_live(student, a, c, x, steps):
    """Sequential.parameters() is flat, in the order of the layers, and live."""
    network, layers = chain(student, a, c)
    network.gradients()
    found = stepped(network, x, steps)
    return [found, [len(handed_out) for layer in layers[::2] for handed_out in layer.lists]]


@chain_parameters_are_flat_and_live.relation
def _(answer, case):
    """A list that a layer handed out was made longer: begin with a list of your own."""
    return all(length == 1 for length in answer[1])


@chain_parameters_are_flat_and_live.reading
def _(answer, case):
    (first, last), output = answer[0]
    return [first, last, output]


@question("test_Sequential", points=0.05, form=items(flat("Sequential.gradients()", 2), length=3))
def chain_gradients_add_up(student, a, c, x, G):
    """The gradients of a Sequential add up until zero_grad()."""
    return adding_up(chain(student, a, c)[0], x, G)


chain_gradients_add_up.relation(adds_up)
chain_gradients_add_up.reading(first_gradients)


def of_nested(case):
    """The form of what `chain_in_a_chain` gives."""
    return pairs(flat("parameters() of a Sequential in a Sequential", 1), of_arguments(case))


@question("test_Sequential", points=0.05, form=of_nested)
def chain_in_a_chain(student, a, x, G):
    """A Sequential may contain another, or one layer twice, and leaves its arguments alone."""
    square = Square()
    network = student.Sequential(square, student.Sequential(Factor(a)), square)
    return [own(network.parameters()), arguments_of(network, x, G)]


@chain_in_a_chain.relation
def _(answer, case):
    """Neither forward nor backward changes its arguments."""
    return leaves_arguments_alone(answer[1], case)


@chain_in_a_chain.reading
def _(answer, case):
    return answer[1][1]


# MSECriterion and NLLCriterion


def loss_gradient(criterion, x, target, other, others_target):
    """What backward(x, target) gives after a forward with the same; other batches came before, one on its way back."""
    run(criterion, other, others_target)
    for wanted in (others_target, target):
        run(criterion, x, wanted)
        gradient = np.array(criterion.backward(x.copy(), wanted.copy()))
    return gradient


def arguments_of_loss(criterion, x, target):
    """The loss and its gradient, and the arguments afterwards."""
    entered, wanted = x.copy(), target.copy()
    loss = criterion.forward(entered, wanted)
    return [own(loss), np.array(criterion.backward(entered, wanted)), entered, wanted]


def of_loss(case):
    """The form of what `arguments_of_loss` gives."""
    return pairs(number(), array(*case.x.shape), None, None)


def loss_leaves_arguments_alone(answer, case):
    """Neither forward nor backward changes its arguments, and backward gives something."""
    _, grad, entered, wanted = answer
    if not np.any(grad):
        return "backward gives nothing but zeros"
    return unchanged("x", entered, case.x) or unchanged("target", wanted, case.target)


@question("test_MSECriterion", points=0.2, probes=LOSS)
def mse_forward(student, x, target):
    """MSECriterion.forward is summed over the features and averaged over the batch."""
    return student.MSECriterion().forward(x, target)


@question("test_MSECriterion", points=0.25, probes=LOSS)
def mse_backward(student, x, target, other, others_target):
    """MSECriterion.backward is the gradient of that very loss."""
    return loss_gradient(student.MSECriterion(), x, target, other, others_target)


@mse_backward.differences
def _(student, x, target, **_):
    return (lambda x: student.MSECriterion().forward(x, target)), x


@question("test_MSECriterion", points=0.05, form=of_loss)
def mse_manners(student, x, target):
    """MSECriterion leaves its arguments alone."""
    return arguments_of_loss(student.MSECriterion(), x, target)


mse_manners.relation(loss_leaves_arguments_alone)
mse_manners.reading(output_of)


@question("test_NLLCriterion", points=0.2, probes=CLASSES)
def nll_forward(student, x, target):
    """NLLCriterion.forward is minus the mean log-probability of the right classes."""
    return student.NLLCriterion().forward(x, target)


@question("test_NLLCriterion", points=0.25, probes=CLASSES)
def nll_backward(student, x, target, other, others_target):
    """NLLCriterion.backward is the gradient of that very loss."""
    return loss_gradient(student.NLLCriterion(), x, target, other, others_target)


@nll_backward.differences
def _(student, x, target, **_):
    return (lambda x: student.NLLCriterion().forward(x, target)), x


@question("test_NLLCriterion", points=0.05, form=of_loss)
def nll_manners(student, x, target):
    """NLLCriterion leaves its arguments alone."""
    return arguments_of_loss(student.NLLCriterion(), x, target)


nll_manners.relation(loss_leaves_arguments_alone)
nll_manners.reading(output_of)

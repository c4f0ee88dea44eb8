"""Mistakes that students make in the layers, planted in the reference; four or more a class."""

from functools import partial

from grader.judge.authoring.mistakes import planted

linear = partial(planted, "Linear")
LINEAR = [
    linear("Linear_averaged", "averages the gradients over the batch", 0.15, "averaged over the batch",
        ("x.T @ grad_output", "x.T @ grad_output / len(x)"), ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)")),
    linear("Linear_overwrites", "keeps only the last gradients", 0.05, "this is the last one alone",
        ("self.dW +=", "self.dW ="), ("self.db +=", "self.db =")),
    linear("Linear_hands_out_copies", "hands out copies of its parameters", 0.05, "hands out copies",
        ("return [self.W, self.b]", "return [self.W.copy(), self.b.copy()]")),
    linear("Linear_b_not_summed", "gives b a gradient for each sample", 0.05,
        "each entry of b has a gradient of its own", ("grad_output.sum(axis=0)", "grad_output.sum()")),
    linear("Linear_forgets_b", "forgets b in forward", 0.15, "b is forgotten", ("x @ self.W + self.b", "x @ self.W")),
    linear("Linear_wrong_order", "returns the gradients in the wrong order", 0.2, "W comes first",
        ("return [self.dW, self.db]", "return [self.db, self.dW]")),
    linear("Linear_no_transpose", "returns the gradient of W", 0.15, "the gradient of W is returned",
        ("return grad_output @ self.W.T", "return x.T @ grad_output")),
    linear("Linear_keeps_adding", "never sets its gradients back", 0.05, "zero_grad() leaves",
        ("return [self.dW, self.db]", "return [self.dW.copy(), self.db.copy()]")),
    linear("Linear_swapped_sizes", "makes W [out, in]", 0.5, "(6, 7)", ("size=(n_in, n_out)", "size=(n_out, n_in)")),
]

BACK = "p * (grad_output - np.sum(grad_output * p, axis=1, keepdims=True))"
softmax = partial(planted, "SoftMax")
SOFTMAX = [
    softmax("SoftMax_diagonal", "takes the diagonal of the Jacobian for the whole", 0.3,
        "only the diagonal of the Jacobian", (BACK, "grad_output * p * (1 - p)")),
    softmax("SoftMax_overflows", "does not take the maximum away", 0.1, "choose a form",
        ("np.exp(x - x.max(axis=1, keepdims=True))", "np.exp(x)")),
    softmax("SoftMax_wrong_axis", "normalises the columns", 0.45, "along the wrong axis", ("axis=1", "axis=0")),
    softmax("SoftMax_whole_batch", "normalises the whole batch", 0.45, "each row is the right one times",
        ("exponentials.sum(axis=1, keepdims=True)", "exponentials.sum()")),
    softmax("SoftMax_log_gradient", "returns the gradient of the logarithm", 0.3, "gradient of the logarithm",
        (BACK, "grad_output - p * grad_output.sum(axis=1, keepdims=True)")),
    softmax("SoftMax_in_place", "takes the maximum away in place", 0.05, "changed in place",
        ("exponentials = np.exp(x - x.max(axis=1, keepdims=True))",
         "x -= x.max(axis=1, keepdims=True)\n        exponentials = np.exp(x)")),
]

log_softmax = partial(planted, "LogSoftMax")
LOGSOFTMAX = [
    log_softmax("LogSoftMax_minus_softmax", "forgets the sum of grad_output", 0.3, "multiplied by the sum of the row",
        (" * grad_output.sum(axis=1, keepdims=True)", "")),
    log_softmax("LogSoftMax_overflows", "computes the exponentials of x itself", 0.1, "choose a form",
        ("shifted = x - x.max(axis=1, keepdims=True)", "shifted = x")),
    log_softmax("LogSoftMax_log_of_softmax", "takes the logarithm of the softmax", 0.1, "choose a form",
        ("return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
         "return np.log(np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True))")),
    log_softmax("LogSoftMax_sign", "turns the sign", 0.45, "a log-probability is negative",
        ("return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
         "return np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted")),
    log_softmax("LogSoftMax_maximum_not_back", "takes the maximum away in the sum only", 0.45, "has to come back",
        ("return shifted - np.log", "return x - np.log")),
    log_softmax("LogSoftMax_diagonal", "takes the diagonal of the Jacobian for the whole", 0.3, "only the diagonal",
        ("grad_output - np.exp(self.forward(x)) * grad_output.sum(axis=1, keepdims=True)",
         "grad_output * (1 - np.exp(self.forward(x)))")),
]

elu = partial(planted, "ELU")
ELU = [
    elu("ELU_no_alpha_back", "forgets alpha in the slope", 0.2, "alpha is not used in the slope",
        ("1.0, self.alpha * np.exp", "1.0, np.exp")),
    elu("ELU_slope_with_one", "differentiates the -1, too", 0.3, "has no -1",
        ("self.alpha * np.exp(np.minimum(x, 0))", "self.alpha * np.expm1(np.minimum(x, 0))")),
    elu("ELU_relu_back", "stops the gradient on the negative side", 0.2, "that is the ReLU",
        ("1.0, self.alpha * np.exp(np.minimum(x, 0))", "1.0, 0.0")),
    elu("ELU_no_chain", "leaves grad_output out", 0.3, "grad_output is left out",
        ("return grad_output * np.where", "return np.where")),
    elu("ELU_bracket", "lets alpha multiply the exponential alone", 0.2, "before the bracket",
        ("self.alpha * np.expm1(np.minimum(x, 0))", "self.alpha * np.exp(np.minimum(x, 0)) - 1")),
    elu("ELU_no_default", "takes 0.1 for the default of alpha", 0.05, "ELU().forward", ("alpha=1.0", "alpha=0.1")),
    elu("ELU_product_with_the_mask", "multiplies the overflow by 0", 0.1, "choose a form",
        ("np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
         "x * (x > 0) + self.alpha * (np.exp(x) - 1) * (x <= 0)")),
]

STABLE = "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))"
SLOPE = "grad_output * (1 + np.tanh(x / 2)) / 2"
soft_plus = partial(planted, "SoftPlus")
SOFTPLUS = [
    soft_plus("SoftPlus_overflows", "uses the formula as it stands", 0.15, "choose a form",
        (STABLE, "np.log(1 + np.exp(x))")),
    soft_plus("SoftPlus_slope_overflows", "divides infinity by infinity", 0.15, "choose a form",
        (SLOPE, "grad_output * np.exp(x) / (1 + np.exp(x))")),
    soft_plus("SoftPlus_relu_back", "takes the slope of the ReLU", 0.15, "slope of the ReLU",
        (SLOPE, "grad_output * (x > 0)")),
    soft_plus("SoftPlus_no_inner", "forgets the inner derivative", 0.3, "the sign of the exponent",
        (SLOPE, "grad_output * (1 - np.tanh(x / 2)) / 2")),
    soft_plus("SoftPlus_no_chain", "leaves grad_output out", 0.3, "grad_output is left out",
        (SLOPE, "(1 + np.tanh(x / 2)) / 2")),
    soft_plus("SoftPlus_slope_of_the_slope", "differentiates twice", 0.3, "the slope of the slope",
        (SLOPE, "grad_output * (1 - np.tanh(x / 2) ** 2) / 4")),
    soft_plus("SoftPlus_base_two", "takes the logarithm to the base 2", 0.3, "the natural one",
        (STABLE, "np.logaddexp2(0, x / np.log(2))")),
]

sequential = partial(planted, "Sequential")
SEQUENTIAL = [
    sequential("Sequential_same_input", "gives every layer the x of the chain", 0.4, "each layer needs what entered it",
        ("layer.backward(entered, grad_output)", "layer.backward(x, grad_output)")),
    sequential("Sequential_nested_list", "makes a list of lists", 0.15, "a flat list of 2 arrays",
        ("[array for layer in self.layers for array in layer.parameters()]",
         "[layer.parameters() for layer in self.layers]")),
    sequential("Sequential_copies", "hands out copies", 0.1, "hands out copies",
        ("array for layer in self.layers for array in layer.parameters()",
         "array.copy() for layer in self.layers for array in layer.parameters()")),
    sequential("Sequential_forwards_back", "goes through the layers in the wrong direction", 0.4,
        "each layer needs what entered it", ("self.layers[::-1], inputs[::-1]", "self.layers, inputs")),
    sequential("Sequential_stops_early", "leaves the first layer out on the way back", 0.25, "the first is left out",
        ("self.layers[::-1], inputs[::-1]", "self.layers[:0:-1], inputs[:0:-1]")),
    sequential("Sequential_reversed_parameters", "lists the parameters from the last to the first", 0.1,
        "the first layer comes first",
        ("for layer in self.layers for array in layer.parameters()",
         "for layer in self.layers[::-1] for array in layer.parameters()")),
    sequential("Sequential_no_zero_grad", "does not pass zero_grad on", 0.05, "zero_grad() leaves",
        ("layer.zero_grad()", "pass")),
]

mse = partial(planted, "MSECriterion")
MSE = [
    mse("MSECriterion_mean_of_all", "averages over the features as well", 0.45, "averaged over the features as well",
        ("np.sum((x - target) ** 2) / len(x)", "np.mean((x - target) ** 2)"),
        ("2 * (x - target) / len(x)", "2 * (x - target) / x.size")),
    mse("MSECriterion_no_two", "forgets the 2 of the square", 0.25, "the 2 of the square is missing",
        ("2 * (x - target)", "(x - target)")),
    mse("MSECriterion_summed", "sums over the batch", 0.45, "the batch is averaged", (" / len(x)", "")),
    mse("MSECriterion_sign", "turns the sign of the gradient", 0.25, "x minus target",
        ("2 * (x - target)", "2 * (target - x)")),
    mse("MSECriterion_half", "takes half of the squares", 0.45, "no 1/2",
        ("np.sum((x - target) ** 2)", "np.sum((x - target) ** 2) / 2"), ("2 * (x - target)", "(x - target)")),
    mse("MSECriterion_in_place", "subtracts in place", 0.05, "changed in place",
        ("return 2 * (x - target) / len(x)", "x -= target\n        return 2 * x / len(x)")),
]

nll = partial(planted, "NLLCriterion")
NLL = [
    nll("NLLCriterion_sign", "turns the sign", 0.45, "the sign",
        ("-np.mean", "np.mean"), ("= -1 / len(x)", "= 1 / len(x)")),
    nll("NLLCriterion_summed", "sums over the batch", 0.45, "the batch is averaged",
        ("-np.mean", "-np.sum"), ("-1 / len(x)", "-1")),
    nll("NLLCriterion_unpaired", "takes the labels of all for each row", 0.45, "not paired",
        ("x[np.arange(len(x)), target]", "x[:, target]"), ("slopes[np.arange(len(x)), target]", "slopes[:, target]")),
    nll("NLLCriterion_through_softmax", "goes through the softmax, too", 0.25, "through the softmax as well",
        ("slopes = np.zeros_like(x)", "slopes = np.exp(x) / len(x)"), ("target] = -1", "target] -= 1")),
    nll("NLLCriterion_logarithm_again", "takes the logarithm of a logarithm", 0.2, "the logarithm is taken again",
        ("-np.mean(x[np.arange(len(x)), target])", "-np.mean(np.log(-x[np.arange(len(x)), target]))")),
    nll("NLLCriterion_per_sample", "returns a gradient for each sample only", 0.3, "it has the shape of x",
        ("return slopes", "return slopes.sum(axis=1)")),
]

IN_PLACE = "changed in place"
MORE = [
    log_softmax("LogSoftMax_in_place", "takes the maximum away in place", 0.05, IN_PLACE,
        ("shifted = x - x.max(axis=1, keepdims=True)", "x -= x.max(axis=1, keepdims=True)\n        shifted = x")),
    elu("ELU_in_place", "bends the input itself", 0.05, IN_PLACE,
        ("return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
         "x[x <= 0] = self.alpha * np.expm1(x[x <= 0])\n        return x")),
    soft_plus("SoftPlus_in_place", "multiplies grad_output in place", 0.05, IN_PLACE,
        (f"return {SLOPE}", "grad_output *= (1 + np.tanh(x / 2)) / 2\n        return grad_output")),
    sequential("Sequential_forward_stops_early", "leaves the last layer out on the way forwards", 0.25,
        "the last layer is left out",
        ("for layer in self.layers:\n            x = ", "for layer in self.layers[:-1]:\n            x = ")),
]

MISTAKES = MORE + LINEAR + SOFTMAX + LOGSOFTMAX + ELU + SOFTPLUS + SEQUENTIAL + MSE + NLL

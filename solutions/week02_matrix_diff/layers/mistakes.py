"""Mistakes that students make in the layers, planted in the reference; four or more a class."""

from functools import partial

from grader.judge.authoring.mistakes import planted

linear = partial(planted, "Linear")
LINEAR = [
    linear("Linear_averaged", "averages the gradients over the batch", 0.15, "averaged over the batch",
        ("x.T @ grad_output", "x.T @ grad_output / len(x)"), ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)")),
    linear("Linear_overwrites", "keeps only the last gradients", 0.05, "this is the last one alone",
        ("self.dW +=", "self.dW ="), ("self.db +=", "self.db =")),
    linear("Linear_hands_out_other_gradients", "puts the gradients into new arrays, and hands out the first ones", 0.2,
        "are its arrays those that backward fills?", ("self.dW +=", "self.dW = self.dW +"),
        ("self.db +=", "self.db = self.db +"), ("return [self.dW, self.db]", "return self.handed_out"),
        ("self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)",
         "self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)\n"
         "        self.handed_out = [self.dW, self.db]")),
    linear("Linear_hands_out_copies", "hands out copies of its parameters", 0.05, "hands out copies",
        ("return [self.W, self.b]", "return [self.W.copy(), self.b.copy()]")),
    linear("Linear_b_not_summed", "gives b a gradient for each sample", 0.05,
        "each entry of b has a gradient of its own", ("grad_output.sum(axis=0)", "grad_output.sum()")),
    linear("Linear_forgets_b", "forgets b in forward", 0.1, "b is forgotten", ("x @ self.W + self.b", "x @ self.W")),
    linear("Linear_wrong_order", "returns the gradients in the wrong order", 0.15, "W comes first",
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
    softmax("SoftMax_mean_for_sum", "takes a mean over the classes for their sum", 0.3, "it is to be their sum",
        (BACK, BACK.replace("np.sum", "np.mean"))),
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
    elu("ELU_slope_for_alpha_1", "adds 1 to the value, which is the slope for alpha 1", 0.3,
        "it is the value plus alpha", ("self.alpha * np.exp(np.minimum(x, 0))", "self.forward(x) + 1")),
    elu("ELU_relu_back", "stops the gradient on the negative side", 0.2, "that is the ReLU",
        ("1.0, self.alpha * np.exp(np.minimum(x, 0))", "1.0, 0.0")),
    elu("ELU_no_chain", "leaves grad_output out", 0.3, "grad_output is left out",
        ("return grad_output * np.where", "return np.where")),
    elu("ELU_bracket", "lets alpha multiply the exponential alone", 0.2, "before the bracket",
        ("self.alpha * np.expm1(np.minimum(x, 0))", "self.alpha * np.exp(np.minimum(x, 0)) - 1")),
    elu("ELU_alpha_on_the_class", "keeps alpha on the class, for all layers", 0.1, "keep it on `self`",
        ("self.alpha = alpha", "ELU.alpha = alpha")),
    elu("ELU_no_default", "takes 0.1 for the default of alpha", 0.05, "ELU().forward", ("alpha=1.0", "alpha=0.1")),
    elu("ELU_default_zero", "takes 0 for the default of alpha, the ReLU", 0.05, "ELU().forward",
        ("alpha=1.0", "alpha=0.0")),
    elu("ELU_product_with_the_mask", "multiplies the overflow by 0", 0.1, "choose a form",
        ("np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
         "x * (x > 0) + self.alpha * (np.exp(x) - 1) * (x <= 0)")),
    elu("ELU_slope_cut", "cuts the slope off at -10", 0.1, "ELU.backward, inputs",
        ("1.0, self.alpha * np.exp(np.minimum(x, 0))", "1.0, self.alpha * np.exp(np.minimum(x, 0)) * (x > -10)")),
    elu("ELU_cut", "cuts the exponential off at -10", 0.1, "ELU.forward, inputs",
        ("self.alpha * np.expm1(np.minimum(x, 0))", "self.alpha * np.where(x > -10, np.expm1(np.minimum(x, 0)), -1)")),
]

STABLE = "np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))"
SLOPE = "grad_output * (1 + np.tanh(x / 2)) / 2"
soft_plus = partial(planted, "SoftPlus")
SOFTPLUS = [
    soft_plus("SoftPlus_overflows", "uses the formula as it stands", 0.15, "choose a form",
        (STABLE, "np.log(1 + np.exp(x))")),
    soft_plus("SoftPlus_cut", "takes x itself from 10 on", 0.15, "SoftPlus.forward, inputs",
        (STABLE, "np.where(x > 10, x, np.log1p(np.exp(np.minimum(x, 10))))")),
    soft_plus("SoftPlus_slope_cut", "cuts the slope off at 10", 0.15, "SoftPlus.backward, inputs",
        (SLOPE, "grad_output / (1 + np.exp(-np.clip(x, -10, 10)))")),
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
    sequential("Sequential_same_input", "gives every layer the x of the chain", 0.3, "each layer needs what entered it",
        ("layer.backward(entered, grad_output)", "layer.backward(x, grad_output)")),
    sequential("Sequential_nested_list", "makes a list of lists", 0.15, "a flat list of 2 arrays",
        ("[array for layer in self.layers for array in layer.parameters()]",
         "[layer.parameters() for layer in self.layers]")),
    sequential("Sequential_copies", "hands out copies", 0.1, "hands out copies",
        ("array for layer in self.layers for array in layer.parameters()",
         "array.copy() for layer in self.layers for array in layer.parameters()")),
    sequential("Sequential_forwards_back", "goes through the layers in the wrong direction", 0.25,
        "each layer needs what entered it", ("self.layers[::-1], self.inputs[::-1]", "self.layers, self.inputs")),
    sequential("Sequential_stops_early", "leaves the first layer out on the way back", 0.2, "the first is left out",
        ("self.layers[::-1], self.inputs[::-1]", "self.layers[:0:-1], self.inputs[:0:-1]")),
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
    mse("MSECriterion_length", "forgets the square of the length", 0.2, "not its square",
        ("np.sum((x - target) ** 2) / len(x)", "np.mean(np.linalg.norm(x - target, axis=1))")),
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
    nll("NLLCriterion_keeps_its_array", "makes the array of the gradient once, and never empties it", 0.25,
        "of an earlier call are still in it",
        ("slopes = np.zeros_like(x)", "slopes = vars(self).setdefault('slopes', np.zeros_like(x))")),
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
    sequential("Sequential_forward_stops_early", "leaves the last layer out on the way forwards", 0.15,
        "the last layer is left out",
        ("return x", "return self.inputs[-1]")),
]

EARLIER = "an earlier forward"
ONCE = "run each once"
FIRST_SEEN = 'if not hasattr(self, "seen"):\n            self.seen = x\n        return '
STATES = [
    linear("Linear_keeps_the_first_x", "works with the first x it ever saw", 0.1, EARLIER,
        ("return x @ self.W + self.b", FIRST_SEEN + "x @ self.W + self.b"),
        ("x.T @ grad_output", "self.seen.T @ grad_output")),
    softmax("SoftMax_keeps_the_first_x", "works with the first x it ever saw", 0.2, EARLIER,
        ("p = self.forward(x)", "p = self.forward(self.seen)"),
        ("return exponentials", FIRST_SEEN + "exponentials")),
    log_softmax("LogSoftMax_keeps_the_first_x", "works with the first x it ever saw", 0.2, EARLIER,
        ("self.forward(x)", "self.forward(self.seen)"), ("return shifted", FIRST_SEEN + "shifted")),
    elu("ELU_keeps_the_first_x", "works with the first x it ever saw", 0.2, EARLIER,
        ("return np.where(x > 0, x,", FIRST_SEEN + "np.where(x > 0, x,"),
        ("np.where(x > 0, 1.0, self.alpha * np.exp(np.minimum(x, 0)))",
         "np.where(self.seen > 0, 1.0, self.alpha * np.exp(np.minimum(self.seen, 0)))")),
    soft_plus("SoftPlus_keeps_the_first_x", "works with the first x it ever saw", 0.15, EARLIER,
        (f"return {STABLE}", FIRST_SEEN + STABLE), ("np.tanh(x / 2)", "np.tanh(self.seen / 2)")),
    sequential("Sequential_keeps_the_first_x", "keeps what entered the layers in its first forward", 0.1, EARLIER,
        ("self.inputs = []", "seen = []"), ("self.inputs.append(x)", "seen.append(x)"),
        ("return x", 'if not hasattr(self, "inputs"):\n            self.inputs = seen\n        return x')),
    mse("MSECriterion_keeps_the_first_batch", "works with the first batch it ever saw", 0.25, EARLIER,
        ("return np.sum((x - target)", FIRST_SEEN.replace("= x", "= x - target") + "np.sum((x - target)"),
        ("return 2 * (x - target)", "return 2 * self.seen")),
    nll("NLLCriterion_keeps_the_first_batch", "works with the first labels it ever saw", 0.25, EARLIER,
        ("return -np.mean", FIRST_SEEN.replace("= x", "= target") + "-np.mean"),
        ("slopes[np.arange(len(x)), target]", "slopes[np.arange(len(x)), self.seen]")),
    sequential("Sequential_runs_again", "runs the layers forward again on the way back", 0.05, ONCE,
        ("for layer, entered in zip", "self.forward(x)\n        for layer, entered in zip")),
    sequential("Sequential_runs_every_prefix", "runs all layers before it for every layer", 0.05, ONCE,
        ("            x = layer.forward(x)\n        return x",
         "            x = self.upto(len(self.inputs), self.inputs[0])\n        return x\n\n"
         "    def upto(self, k, x):\n        for layer in self.layers[:k]:\n            x = layer.forward(x)\n"
         "        return x")),
    sequential("Sequential_keyed_by_layer", "keeps one x for each layer, though one may stand twice", 0.05,
        "a layer that stands twice",
        ("self.inputs = []", "self.inputs = {}"), ("self.inputs.append(x)", "self.inputs[layer] = x"),
        ("for layer, entered in zip(self.layers[::-1], self.inputs[::-1], strict=True)",
         "for layer, entered in [(layer, self.inputs[layer]) for layer in self.layers[::-1]]")),
    sequential("Sequential_extends_the_first_list", "puts all parameters into the first layer's list", 0.1,
        "begin with a list of your own",
        ("return [array for layer in self.layers for array in layer.parameters()]",
         "found = self.layers[0].parameters()\n        for layer in self.layers[1:]:\n"
         "            found += layer.parameters()\n        return found")),
    sequential("Sequential_reverses_its_layers", "reverses its layers for the way back, for ever", 0.1, "the order",
        ("self.layers = layers", "self.layers = list(layers)"),
        ("for layer, entered in zip(self.layers[::-1],", "self.layers.reverse()\n        "
         "for layer, entered in zip(self.layers,")),
]
STARTS_AND_SIZES = [
    linear("Linear_fixed_seed", "starts all layers alike", 0.05, "start alike", ("default_rng()", "default_rng(0)")),
    linear("Linear_positive_start", "draws positive weights only", 0.05, "do not spread around zero",
        ("normal(scale=1 / np.sqrt(n_in), size", "uniform(high=0.1, size")),
    linear("Linear_no_gradients", "forgets to hand out its gradients", 0.2, "a flat list of 2 arrays",
        ("return [self.dW, self.db]", "return []")),
    softmax("SoftMax_one_maximum", "takes one maximum away from all rows", 0.1, "no row adds up to 0",
        ("x.max(axis=1, keepdims=True)", "x.max()")),
    log_softmax("LogSoftMax_one_maximum", "takes one maximum away from all rows", 0.1, "no row adds up to 0",
        ("x.max(axis=1, keepdims=True)", "x.max()")),
    nll("NLLCriterion_counts_classes", "counts the classes by the labels that occur", 0.45, "(6, 3)",
        ("-np.mean(x[np.arange(len(x)), target])", "-np.sum(x * np.eye(target.max() + 1)[target]) / len(x)"),
        ("np.zeros_like(x)", "np.zeros((len(x), target.max() + 1))")),
]

MISTAKES = STATES + STARTS_AND_SIZES + MORE + LINEAR + SOFTMAX + LOGSOFTMAX + ELU + SOFTPLUS + SEQUENTIAL + MSE + NLL

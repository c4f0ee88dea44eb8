"""Mistakes in the bonus exercises: activations, dropout, batch normalisation, initialisation."""

from functools import partial

from grader.judge.authoring.mistakes import planted

SIGMOID_FORWARD = "return np.exp(-np.logaddexp(0, -input))"
SIGMOID_BACKWARD = "return grad_output * self.forward(input) * self.forward(-input)"
TANH_FORWARD = "return np.tanh(input)"
TANH_BACKWARD = "return grad_output * (1 - np.tanh(input) ** 2)"
LEAKY_FORWARD = "return np.where(input > 0, input, self.negative_slope * input)"
LEAKY_BACKWARD = "return grad_output * np.where(input > 0, 1.0, self.negative_slope)"

activations = partial(planted, "activations")
ACTIVATION_MISTAKES = [
    activations("sigmoid_overflows", "divides exp(x) by 1 + exp(x), which is inf / inf for large x", 0.05,
        "exp of a large number", (SIGMOID_FORWARD, "return np.exp(input) / (1 + np.exp(input))")),
    activations("sigmoid_cut_off", "gives 0 and 1 for inputs beyond 6, so that nothing overflows", 0.05,
        "cut off too early", (SIGMOID_FORWARD,
         "small, large = input < -6, input > 6\n        middle = 1 / (1 + np.exp(-np.clip(input, -6, 6)))\n"
         "        return np.where(small, 0.0, np.where(large, 1.0, middle))")),
    activations("sigmoid_wrong_sign", "has exp(x) where exp(-x) belongs", 0.2, "the sign of the exponent",
        (SIGMOID_FORWARD, "return 1 / (1 + np.exp(input))")),
    activations("sigmoid_slope_of_the_input", "puts the input where the output belongs: x (1 - x)", 0.2,
        "the input is taken for the output", (SIGMOID_BACKWARD, "return grad_output * input * (1 - input)")),
    activations("sigmoid_forgets_the_chain_rule", "returns the slope alone", 0.15,
        "the gradient of the layer above is left out",
        (SIGMOID_BACKWARD, "return self.forward(input) * self.forward(-input)")),
    activations("sigmoid_half_a_slope", "forgets the factor 1 - s", 0.2, "the factor 1 - s is missing",
        (SIGMOID_BACKWARD, "return grad_output * self.forward(input)")),
    activations("sigmoid_remembers_its_output", "uses the output of the last forward", 0.05,
        "it uses what the last forward left behind",
        (SIGMOID_FORWARD, "self.output = np.exp(-np.logaddexp(0, -input))\n        return self.output"),
        (SIGMOID_BACKWARD, "return grad_output * self.output * (1 - self.output)")),
    activations("tanh_overflows", "divides exponentials of x, inf / inf for large x", 0.05, "exp of a large number",
        (TANH_FORWARD, "return (np.exp(input) - np.exp(-input)) / (np.exp(input) + np.exp(-input))")),
    activations("tanh_of_half_the_input", "makes the tanh from a sigmoid and forgets the 2 in 2 s(2x) - 1", 0.1,
        "the exponent lacks its factor 2", (TANH_FORWARD, "return 2 * np.exp(-np.logaddexp(0, -input)) - 1")),
    activations("tanh_slope_of_the_input", "puts the input where the output belongs: 1 - x^2", 0.2,
        "the input is taken for the output", (TANH_BACKWARD, "return grad_output * (1 - input**2)")),
    activations("tanh_forgets_the_square", "has the slope 1 - tanh(x)", 0.2, "the square is missing",
        ("np.tanh(input) ** 2", "np.tanh(input)")),
    activations("tanh_squares_the_input", "has the slope 1 - tanh(x^2)", 0.15, "the square is that of the output",
        ("np.tanh(input) ** 2", "np.tanh(input**2)")),
    activations("tanh_slope_of_the_sigmoid", "has the slope t (1 - t), which is the sigmoid's", 0.2,
        "the slope of the sigmoid", (TANH_BACKWARD, "return grad_output * np.tanh(input) * (1 - np.tanh(input))")),
    activations("leaky_stops_gradients", "lets no gradient pass on the negative side", 0.2,
        "nothing passes on the negative side", (LEAKY_BACKWARD, "return grad_output * (input > 0)")),
    activations("leaky_negative_slope_is_negative", "takes the name of the parameter for its sign", 0.3,
        "the slope has the wrong sign",
        (LEAKY_FORWARD, "return np.where(input > 0, input, -self.negative_slope * input)"),
        (LEAKY_BACKWARD, "return grad_output * np.where(input > 0, 1.0, -self.negative_slope)")),
    activations("leaky_fixed_slope", "writes 0.01 into forward and ignores the constructor's slope", 0.1,
        "the slope of the constructor is not used", (LEAKY_FORWARD, "return np.maximum(input, 0.01 * input)")),
    activations("leaky_slope_one_at_zero", "compares with >= and so has the slope 1 at 0", 0.05,
        "settled to be negative_slope, not 1",
        (LEAKY_BACKWARD, "return grad_output * np.where(input >= 0, 1.0, self.negative_slope)")),
    activations("leaky_in_place", "scales the negative entries of its own argument", 0.05,
        "the input of forward was changed in place",
        (LEAKY_FORWARD, "input[input < 0] *= self.negative_slope\n        return input")),
    activations("leaky_slope_on_the_gradient", "looks at the sign of grad_output", 0.25,
        "what counts is the sign of the input",
        (LEAKY_BACKWARD, "return np.where(grad_output > 0, grad_output, self.negative_slope * grad_output)")),
]

DROPOUT_MASK = "self.mask = (np.random.random(input.shape) >= self.p) / (1 - self.p)"
DROPOUT_MASK_FORWARD = DROPOUT_MASK + "\n        return input * self.mask"
DROPOUT_MASK_BACKWARD = "return grad_output * self.mask"
DROPOUT_IF_FORWARD = "        if not self.training:\n            return input\n"
DROPOUT_IF_BACKWARD = "        if not self.training:\n            return grad_output\n"

dropout = partial(planted, "dropout")
DROPOUT_MISTAKES = [
    dropout("dropout_relu_inside", "applies a ReLU as well", 0.4, "zeroed as well, as a ReLU does",
        ("return input * self.mask", "return np.maximum(input, 0) * self.mask")),
    dropout("dropout_not_inverted", "drops, but leaves what is kept as it was", 0.2,
        "divided by 1 - p (inverted dropout)", (") / (1 - self.p)", ")")),
    dropout("dropout_p_is_kept", "takes p for the probability to keep", 0.4,
        "p is the probability to drop, not to keep",
        (DROPOUT_MASK, "self.mask = (np.random.random(input.shape) < self.p) / self.p")),
    dropout("dropout_randn", "compares normal numbers with p", 0.2, "randn is not uniform",
        ("np.random.random(input.shape)", "np.random.randn(*input.shape)")),
    dropout("dropout_scales_by_p", "divides by p in place of 1 - p", 0.25, "divided by p in place of 1 - p",
        ("/ (1 - self.p)", "/ max(self.p, 1e-9)")),
    dropout("dropout_new_mask_going_back", "draws another mask in backward", 0.2,
        "zero in other places than the output of the forward before it",
        (DROPOUT_MASK_BACKWARD, "return grad_output * (np.random.random(input.shape) >= self.p) / (1 - self.p)")),
    dropout("dropout_gradient_not_masked", "passes the gradient on as it came", 0.2,
        "passes where the element was dropped", (DROPOUT_MASK_BACKWARD, "return grad_output")),
    dropout("dropout_gradient_not_scaled", "masks the gradient, but does not scale it", 0.2,
        "masked, but not scaled as in forward", (DROPOUT_MASK_BACKWARD, "return grad_output * (self.mask > 0)")),
    dropout("dropout_always_on", "drops when predicting, too", 0.2, "still drops",
        (DROPOUT_IF_FORWARD, ""), (DROPOUT_IF_BACKWARD, "")),
    dropout("dropout_masks_gradients_always", "is the identity forward when predicting, but still masks going back",
        0.1, "still masked by the last forward in training", (DROPOUT_IF_BACKWARD, "")),
    dropout("dropout_scales_when_predicting", "scales by 1 - p when predicting, as dropout that is not inverted would",
        0.1, "inverted dropout has done its scaling in training",
        ("            return input\n", "            return input * (1 - self.p)\n")),
    dropout("dropout_drops_columns", "draws one number a column", 0.15, "whole columns are dropped",
        ("np.random.random(input.shape)", "np.random.random(input.shape[1])")),
    dropout("dropout_drops_samples", "draws one number a row", 0.15, "whole rows are dropped",
        ("np.random.random(input.shape)", "np.random.random((len(input), 1))")),
    dropout("dropout_same_mask_every_time", "starts the same random numbers at every forward", 0.15,
        "every forward uses the same mask",
        ("np.random.random(input.shape)", "np.random.default_rng(0).random(input.shape)")),
    dropout("dropout_exact_share", "drops exactly the share p of the entries, wherever they are", 0.15,
        "independently of the others",
        ("np.random.random(input.shape) >= self.p",
         "np.random.permutation(input.size).reshape(input.shape) >= self.p * input.size")),
    dropout("dropout_scales_by_the_share", "divides by the share that was kept this time, not by 1 - p", 0.2,
        "the factor of what is kept",
        ("(np.random.random(input.shape) >= self.p) / (1 - self.p)", "np.random.random(input.shape) >= self.p\n"
         "        self.mask = self.mask / max(self.mask.mean(), 0.01)")),
    dropout("dropout_starts_predicting", "starts with training False", 0.05, "training is not True at the start",
        ("self.training = True", "self.training = False")),
    dropout("dropout_in_place", "zeroes entries of its own argument", 0.05, "the input of forward was changed in place",
        (DROPOUT_MASK_FORWARD, DROPOUT_MASK + "\n        input *= self.mask\n        return input")),
    dropout("dropout_mask_from_the_output", "takes for dropped what is 0 in the output, after a ReLU half of it", 0.2,
        "do not read it off the output",
        (DROPOUT_MASK_FORWARD, "mask = (np.random.random(input.shape) >= self.p) / (1 - self.p)\n"
                               "        self.mask = (input * mask != 0) / (1 - self.p)\n        return input * mask")),
    dropout("dropout_all_layers_alike", "starts the same generator in every new layer", 0.15,
        "every new layer draws the same masks",
        ("self.training = True", "self.training = True\n        self.rng = np.random.default_rng(0)"),
        ("np.random.random(input.shape)", "self.rng.random(input.shape)")),
]

BATCHNORM_VAR = "return input.mean(axis=0), input.var(axis=0)"
BATCHNORM_MEAN_STEP = "self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean"
BATCHNORM_VAR_STEP = "self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var"
BATCHNORM_OUTPUT = "return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta"
BATCHNORM_GAMMA_STEP = "self.gamma = self.gamma - self.learning_rate * (grad_output * normalized).sum(axis=0)"
BATCHNORM_BETA_STEP = "self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)"

batchnorm = partial(planted, "batchnorm")
BATCHNORM_MISTAKES = [
    batchnorm("batchnorm_unbiased_variance", "divides the sum of squares by n - 1", 0.65,
        "the variance is the unbiased one", ("input.var(axis=0)", "input.var(axis=0, ddof=1)")),
    batchnorm("batchnorm_unbiased_running_variance",
        "keeps the unbiased variance as running variance, as PyTorch does", 0.15,
        "the unbiased variance; the biased one is asked for",
        ("(1 - self.momentum) * var", "(1 - self.momentum) * var * len(input) / (len(input) - 1)")),
    batchnorm("batchnorm_starts_predicting", "starts with training = False", 0.1, "training is not True at the start",
        ("self.training = True", "self.training = False")),
    batchnorm("batchnorm_eps_forgotten_in_backward", "leaves eps out of the deviation in backward", 0.05,
        "eps is left out", ("deviation = np.sqrt(var + self.eps)", "deviation = np.sqrt(var)")),
    batchnorm("batchnorm_eps_outside_the_root", "adds eps to the deviation", 0.05, "eps is not inside the root",
        ("np.sqrt(var + self.eps)", "(np.sqrt(var) + self.eps)")),
    batchnorm("batchnorm_without_eps", "leaves eps out everywhere", 0.05, "eps is left out",
        ("self.eps = eps", "self.eps = 0")),
    batchnorm("batchnorm_eps_not_given", "takes the usual eps, whichever is given", 0.05,
        "the default eps is used, not the one given",
        ("self.eps = eps", "self.eps = 1e-5")),
    batchnorm("batchnorm_without_root", "divides by the variance", 0.35, "divided by the variance",
        (BATCHNORM_OUTPUT, "return self.gamma * (input - mean) / (var + self.eps) + self.beta")),
    batchnorm("batchnorm_momentum_on_the_wrong_side",
        "lets momentum multiply the statistics of the batch, as in PyTorch", 0.15, "momentum is on the wrong side",
        (BATCHNORM_MEAN_STEP, "self.running_mean += self.momentum * (mean - self.running_mean)"),
        (BATCHNORM_VAR_STEP, "self.running_var += self.momentum * (var - self.running_var)")),
    batchnorm("batchnorm_running_deviation", "keeps a running standard deviation in running_var", 0.15,
        "the deviation in place of the variance", ("(1 - self.momentum) * var", "(1 - self.momentum) * np.sqrt(var)")),
    batchnorm("batchnorm_running_deviation_with_eps", "moves running_var by the root that forward divides by", 0.15,
        "the deviation in place of the variance, with eps", (BATCHNORM_VAR_STEP, BATCHNORM_VAR_STEP.replace(
            "* var", "* np.sqrt(var + self.eps)"))),
    batchnorm("batchnorm_never_moves_running_statistics", "does not keep running statistics", 0.15,
        "not moved by a forward in training", (BATCHNORM_MEAN_STEP, "pass"), (BATCHNORM_VAR_STEP, "pass")),
    batchnorm("batchnorm_always_moves_running_statistics", "moves the running statistics when predicting, too", 0.15,
        "moves when not training",
        ("        if self.training:\n            self.running_mean",
         "        if True:\n            self.running_mean"),
        ("(1 - self.momentum) * mean", "(1 - self.momentum) * input.mean(axis=0)"),
        ("(1 - self.momentum) * var", "(1 - self.momentum) * input.var(axis=0)")),
    batchnorm("batchnorm_predicts_with_the_batch", "uses the statistics of the batch when predicting", 0.15,
        "the running ones are asked for", ("return self.running_mean, self.running_var", BATCHNORM_VAR)),
    batchnorm("batchnorm_statistics_are_constants", "forgets that mean and variance depend on the input", 0.2,
        "mean and variance are treated as constants",
        ("            grad_normalized = grad_normalized - through_mean - through_var\n", "            pass\n")),
    batchnorm("batchnorm_variance_is_constant", "sends the gradient through the mean, but not through the variance",
        0.2, "the part through the variance is missing",
        ("grad_normalized - through_mean - through_var", "grad_normalized - through_mean")),
    batchnorm("batchnorm_sums_in_the_gradient", "sums over the batch where the mean is needed", 0.2,
        "sums over the batch where means are asked for",
        ("grad_normalized.mean(axis=0)", "grad_normalized.sum(axis=0)"),
        ("(grad_normalized * normalized).mean(axis=0)", "(grad_normalized * normalized).sum(axis=0)")),
    batchnorm("batchnorm_gradient_without_gamma", "leaves gamma out of the gradient of the input", 0.25,
        "gamma is left out", ("grad_normalized = grad_output * self.gamma", "grad_normalized = grad_output")),
    batchnorm("batchnorm_steps_before_the_gradient", "updates gamma before it is used for the gradient of the input",
        0.25, "gamma is used after its step", ("        " + BATCHNORM_GAMMA_STEP + "\n", ""),
        ("        grad_normalized = grad_output * self.gamma",
         "        " + BATCHNORM_GAMMA_STEP + "\n        grad_normalized = grad_output * self.gamma")),
    batchnorm("batchnorm_never_steps", "takes no step on gamma and beta", 0.1, "backward takes no step",
        ("        " + BATCHNORM_GAMMA_STEP + "\n", ""), ("        " + BATCHNORM_BETA_STEP + "\n", "")),
    batchnorm("batchnorm_averages_again", "averages the gradients of gamma and beta", 0.1,
        "averaged over the batch; grad_output already is",
        ("(grad_output * normalized).sum(axis=0)", "(grad_output * normalized).mean(axis=0)"),
        ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)")),
    batchnorm("batchnorm_gamma_from_the_input",
        "multiplies grad_output by the input, not by the normalised one, for gamma", 0.1, "times the normalised input",
        ("(grad_output * normalized).sum", "(grad_output * input).sum")),
    batchnorm("batchnorm_predicting_gradient_through_the_batch",
        "sends the gradient through the statistics when they are constants", 0.05,
        "nothing goes through the statistics then",
        ("        if self.training:\n            through_mean", "        if True:\n            through_mean")),
    batchnorm("batchnorm_remembers_the_batch", "normalises in backward by the statistics of the last forward", 0.05,
        "it uses what the last forward left behind",
        ("        mean, var = self.statistics(input)\n        if self.training:\n            self.running_mean",
         "        self.last = mean, var = self.statistics(input)\n"
         "        if self.training:\n            self.running_mean"),
        ("mean, var = self.statistics(input)\n        deviation", "mean, var = self.last\n        deviation")),
    batchnorm("batchnorm_in_place", "centres its own argument", 0.05, "the input of forward was changed in place",
        (BATCHNORM_OUTPUT, "input -= mean\n        return self.gamma * input / np.sqrt(var + self.eps) + self.beta")),
    batchnorm("batchnorm_predicts_without_eps", "leaves eps out when predicting", 0.05,
        "when not training, with eps = 0.5: likely eps is left out",
        (BATCHNORM_OUTPUT, "eps = self.eps if self.training else 0\n"
                           "        return self.gamma * (input - mean) / np.sqrt(var + eps) + self.beta")),
    batchnorm("batchnorm_trains_without_eps_in_backward", "leaves eps out in backward while training", 0.05,
        "BatchNorm.backward in training, with eps = 0.5: likely eps is left out",
        ("deviation = np.sqrt(var + self.eps)", "deviation = np.sqrt(var + (0 if self.training else self.eps))")),
    batchnorm("batchnorm_backward_runs_forward", "calls forward in backward, which moves the running statistics again",
        0.15, "it must not run forward again",
        ("        deviation = np.sqrt", "        self.forward(input)\n        deviation = np.sqrt")),
    batchnorm("batchnorm_arguments_in_another_order", "takes eps before momentum", 0.2, "given by position",
        ("momentum=0.9, eps=1e-5", "eps=1e-5, momentum=0.9")),
    batchnorm("batchnorm_renames_its_learning_rate", "calls the argument of the constructor lr", 0.1,
        "unexpected keyword argument 'learning_rate'", ("learning_rate=0.1", "lr=0.1"),
        ("self.learning_rate = learning_rate", "self.learning_rate = lr")),
    batchnorm("batchnorm_steps_with_momentum", "takes the step of beta with momentum", 0.05,
        "keeps something of its earlier calls",
        ("        self.training = True", "        self.training = True\n        self.velocity = 0"),
        (BATCHNORM_BETA_STEP, "self.velocity = 0.5 * self.velocity - self.learning_rate * grad_output.sum(axis=0)\n"
                              "        self.beta = self.beta + self.velocity")),
    batchnorm("batchnorm_starts_with_zero_variance", "starts the running variance at 0", 0.1,
        "BatchNorm.running_var at the start",
        ("self.running_var = np.ones(units)", "self.running_var = np.zeros(units)")),
]

HE = "return rng.normal(scale=np.sqrt(2 / input_units), size=(input_units, output_units))"
XAVIER_BOUND = "bound = np.sqrt(6 / (input_units + output_units))"
XAVIER = "return rng.uniform(-bound, bound, size=(input_units, output_units))"

better_init = partial(planted, "better_init")
INIT_MISTAKES = [
    better_init("he_counts_outputs", "divides by the number of outputs", 0.15, "He counts the inputs",
        ("np.sqrt(2 / input_units)", "np.sqrt(2 / output_units)")),
    better_init("he_variance_for_deviation", "gives the variance where numpy asks for the standard deviation", 0.15,
        "the deviation is its root", ("np.sqrt(2 / input_units)", "2 / input_units")),
    better_init("he_without_the_two", "forgets the factor 2", 0.15, "the factor 2",
        ("np.sqrt(2 / input_units)", "np.sqrt(1 / input_units)")),
    better_init("he_uniform", "draws the right variance from a uniform distribution", 0.05,
        "a normal distribution is asked for",
        (HE,
         "bound = np.sqrt(6 / input_units)\n    return rng.uniform(-bound, bound, size=(input_units, output_units))")),
    better_init("he_cut_off", "draws anew what is beyond two deviations, as some libraries do", 0.2,
        "cut off beyond two",
        (HE,
         "weights = rng.normal(size=(input_units, output_units))\n    while (far := np.abs(weights) > 2).any():\n"
         "        weights[far] = rng.normal(size=far.sum())\n    return weights * np.sqrt(2 / input_units)")),
    better_init("he_clipped", "puts what is beyond two deviations at two", 0.2, "the tails are missing",
        (HE, "scale = np.sqrt(2 / input_units)\n"
             "    weights = rng.normal(scale=scale, size=(input_units, output_units))\n"
             "    return np.clip(weights, -2 * scale, 2 * scale)")),
    better_init("he_out_by_in", "returns the transposed shape", 0.25,
        "an array of shape (300, 200) is expected, found an array of shape (200, 300)",
        (HE, HE.replace("(input_units, output_units)", "(output_units, input_units)"))),
    better_init("xavier_normal", "draws the right variance from a normal distribution", 0.05,
        "a uniform distribution is asked for", (XAVIER_BOUND, "scale = np.sqrt(2 / (input_units + output_units))"),
        (XAVIER, "return rng.normal(scale=scale, size=(input_units, output_units))")),
    better_init("xavier_deviation_for_bound", "takes the standard deviation for the bound of the interval", 0.15,
        "the bound of the interval is sqrt(6 / (in + out))", ("np.sqrt(6 /", "np.sqrt(2 /")),
    better_init("xavier_counts_inputs", "counts the inputs alone", 0.15, "the inputs alone are counted",
        (XAVIER_BOUND, "bound = np.sqrt(3 / input_units)")),
    better_init("xavier_sum_for_the_mean", "takes one over the sum of inputs and outputs for the variance", 0.15,
        "Glorot takes their mean", ("np.sqrt(6 /", "np.sqrt(3 /")),
    better_init("xavier_without_brackets", "leaves the brackets below the line out", 0.15, "brackets are missing",
        ("6 / (input_units + output_units)", "6 / input_units + output_units")),
    better_init("xavier_half_the_interval", "draws from [0, bound)", 0.2, "half the interval is missing",
        ("rng.uniform(-bound, bound,", "rng.uniform(0, bound,")),
    better_init("he_ignores_rng", "draws from numpy's own generator", 0.05, "draw all of them from rng",
        (HE, HE.replace("rng.", "np.random."))),
    better_init("xavier_seeds_its_own_generator", "draws from a generator with a fixed seed", 0.05,
        "another rng gives the same weights", (XAVIER, XAVIER.replace("rng.", "np.random.default_rng(0)."))),
]

BONUS_MISTAKES = [*ACTIVATION_MISTAKES, *DROPOUT_MISTAKES, *BATCHNORM_MISTAKES, *INIT_MISTAKES]

"""Mistakes in the bonus exercises: activations, dropout, batch normalisation, initialisation."""

from grader.judge.authoring.mistakes import Mistake

SIGMOID_FORWARD = "return np.exp(-np.logaddexp(0, -input))"
SIGMOID_BACKWARD = "return grad_output * self.forward(input) * self.forward(-input)"
TANH_FORWARD = "return np.tanh(input)"
TANH_BACKWARD = "return grad_output * (1 - np.tanh(input) ** 2)"
LEAKY_FORWARD = "return np.where(input > 0, input, self.negative_slope * input)"
LEAKY_BACKWARD = "return grad_output * np.where(input > 0, 1.0, self.negative_slope)"

ACTIVATION_MISTAKES = [
    Mistake(
        "sigmoid_overflows",
        "divides exp(x) by 1 + exp(x), which is inf / inf for large x",
        cell="activations",
        edit=[(SIGMOID_FORWARD, "return np.exp(input) / (1 + np.exp(input))")],
        loses={"test_activations": 0.05},
        hint="exp of a large number",
    ),
    Mistake(
        "sigmoid_wrong_sign",
        "has exp(x) where exp(-x) belongs",
        cell="activations",
        edit=[(SIGMOID_FORWARD, "return 1 / (1 + np.exp(input))")],
        loses={"test_activations": 0.2},
        hint="the sign of the exponent",
    ),
    Mistake(
        "sigmoid_slope_of_the_input",
        "puts the input where the output belongs: x (1 - x)",
        cell="activations",
        edit=[(SIGMOID_BACKWARD, "return grad_output * input * (1 - input)")],
        loses={"test_activations": 0.2},
        hint="the input is taken for the output",
    ),
    Mistake(
        "sigmoid_forgets_the_chain_rule",
        "returns the slope alone",
        cell="activations",
        edit=[(SIGMOID_BACKWARD, "return self.forward(input) * self.forward(-input)")],
        loses={"test_activations": 0.15},
        hint="the gradient of the layer above is left out",
    ),
    Mistake(
        "sigmoid_half_a_slope",
        "forgets the factor 1 - s",
        cell="activations",
        edit=[(SIGMOID_BACKWARD, "return grad_output * self.forward(input)")],
        loses={"test_activations": 0.2},
        hint="the factor 1 - s is missing",
    ),
    Mistake(
        "sigmoid_remembers_its_output",
        "uses the output of the last forward",
        cell="activations",
        edit=[
            (SIGMOID_FORWARD, "self.output = np.exp(-np.logaddexp(0, -input))\n        return self.output"),
            (SIGMOID_BACKWARD, "return grad_output * self.output * (1 - self.output)"),
        ],
        loses={"test_activations": 0.05},
        hint="it uses what the last forward left behind",
    ),
    Mistake(
        "tanh_overflows",
        "divides exponentials of x, inf / inf for large x",
        cell="activations",
        edit=[(TANH_FORWARD, "return (np.exp(input) - np.exp(-input)) / (np.exp(input) + np.exp(-input))")],
        loses={"test_activations": 0.05},
        hint="exp of a large number",
    ),
    Mistake(
        "tanh_of_half_the_input",
        "makes the tanh from a sigmoid and forgets the 2 in 2 s(2x) - 1",
        cell="activations",
        edit=[(TANH_FORWARD, "return 2 * np.exp(-np.logaddexp(0, -input)) - 1")],
        loses={"test_activations": 0.1},
        hint="the exponent lacks its factor 2",
    ),
    Mistake(
        "tanh_slope_of_the_input",
        "puts the input where the output belongs: 1 - x^2",
        cell="activations",
        edit=[(TANH_BACKWARD, "return grad_output * (1 - input**2)")],
        loses={"test_activations": 0.2},
        hint="the input is taken for the output",
    ),
    Mistake(
        "tanh_forgets_the_square",
        "has the slope 1 - tanh(x)",
        cell="activations",
        edit=[("np.tanh(input) ** 2", "np.tanh(input)")],
        loses={"test_activations": 0.2},
        hint="the square is missing",
    ),
    Mistake(
        "tanh_slope_of_the_sigmoid",
        "has the slope t (1 - t), which is the sigmoid's",
        cell="activations",
        edit=[(TANH_BACKWARD, "return grad_output * np.tanh(input) * (1 - np.tanh(input))")],
        loses={"test_activations": 0.2},
        hint="the slope of the sigmoid",
    ),
    Mistake(
        "leaky_stops_gradients",
        "lets no gradient pass on the negative side",
        cell="activations",
        edit=[(LEAKY_BACKWARD, "return grad_output * (input > 0)")],
        loses={"test_activations": 0.2},
        hint="nothing passes on the negative side",
    ),
    Mistake(
        "leaky_negative_slope_is_negative",
        "takes the name of the parameter for its sign",
        cell="activations",
        edit=[
            (LEAKY_FORWARD, "return np.where(input > 0, input, -self.negative_slope * input)"),
            (LEAKY_BACKWARD, "return grad_output * np.where(input > 0, 1.0, -self.negative_slope)"),
        ],
        loses={"test_activations": 0.3},
        hint="the slope has the wrong sign",
    ),
    Mistake(
        "leaky_fixed_slope",
        "writes 0.01 into forward and ignores the constructor's slope",
        cell="activations",
        edit=[(LEAKY_FORWARD, "return np.maximum(input, 0.01 * input)")],
        loses={"test_activations": 0.1},
        hint="the slope of the constructor is not used",
    ),
    Mistake(
        "leaky_slope_one_at_zero",
        "compares with >= and so has the slope 1 at 0",
        cell="activations",
        edit=[(LEAKY_BACKWARD, "return grad_output * np.where(input >= 0, 1.0, self.negative_slope)")],
        loses={"test_activations": 0.05},
        hint="settled to be negative_slope, not 1",
    ),
    Mistake(
        "leaky_in_place",
        "scales the negative entries of its own argument",
        cell="activations",
        edit=[(LEAKY_FORWARD, "input[input < 0] *= self.negative_slope\n        return input")],
        loses={"test_activations": 0.05},
        hint="the input of forward was changed in place",
    ),
    Mistake(
        "leaky_slope_on_the_gradient",
        "looks at the sign of grad_output",
        cell="activations",
        edit=[(LEAKY_BACKWARD, "return np.where(grad_output > 0, grad_output, self.negative_slope * grad_output)")],
        loses={"test_activations": 0.25},
        hint="what counts is the sign of the input",
    ),
]

DROPOUT_MASK = "self.mask = (np.random.random(input.shape) >= self.p) / (1 - self.p)"
DROPOUT_MASK_FORWARD = DROPOUT_MASK + "\n        return input * self.mask"
DROPOUT_MASK_BACKWARD = "return grad_output * self.mask"
DROPOUT_IF_FORWARD = "        if not self.training:\n            return input\n"
DROPOUT_IF_BACKWARD = "        if not self.training:\n            return grad_output\n"

DROPOUT_MISTAKES = [
    Mistake(
        "dropout_not_inverted",
        "drops, but leaves what is kept as it was",
        cell="dropout",
        edit=[(") / (1 - self.p)", ")")],
        loses={"test_dropout": 0.2},
        hint="divided by 1 - p (inverted dropout)",
    ),
    Mistake(
        "dropout_p_is_kept",
        "takes p for the probability to keep",
        cell="dropout",
        edit=[(DROPOUT_MASK, "self.mask = (np.random.random(input.shape) < self.p) / self.p")],
        loses={"test_dropout": 0.4},
        hint="p is the probability to drop, not to keep",
    ),
    Mistake(
        "dropout_scales_by_p",
        "divides by p in place of 1 - p",
        cell="dropout",
        edit=[("/ (1 - self.p)", "/ max(self.p, 1e-9)")],
        loses={"test_dropout": 0.25},
        hint="divided by p in place of 1 - p",
    ),
    Mistake(
        "dropout_new_mask_going_back",
        "draws another mask in backward",
        cell="dropout",
        edit=[
            (
                DROPOUT_MASK_BACKWARD,
                "return grad_output * (np.random.random(input.shape) >= self.p) / (1 - self.p)",
            )
        ],
        loses={"test_dropout": 0.2},
        hint="not the mask of the forward before it",
    ),
    Mistake(
        "dropout_gradient_not_masked",
        "passes the gradient on as it came",
        cell="dropout",
        edit=[(DROPOUT_MASK_BACKWARD, "return grad_output")],
        loses={"test_dropout": 0.2},
        hint="passes where the element was dropped",
    ),
    Mistake(
        "dropout_gradient_not_scaled",
        "masks the gradient, but does not scale it",
        cell="dropout",
        edit=[(DROPOUT_MASK_BACKWARD, "return grad_output * (self.mask > 0)")],
        loses={"test_dropout": 0.2},
        hint="masked, but not scaled as in forward",
    ),
    Mistake(
        "dropout_always_on",
        "drops when predicting, too",
        cell="dropout",
        edit=[(DROPOUT_IF_FORWARD, ""), (DROPOUT_IF_BACKWARD, "")],
        loses={"test_dropout": 0.2},
        hint="still drops",
    ),
    Mistake(
        "dropout_masks_gradients_always",
        "is the identity forward when predicting, but still masks going back",
        cell="dropout",
        edit=[(DROPOUT_IF_BACKWARD, "")],
        loses={"test_dropout": 0.1},
        hint="still masked by the last forward in training",
    ),
    Mistake(
        "dropout_scales_when_predicting",
        "scales by 1 - p when predicting, as dropout that is not inverted would",
        cell="dropout",
        edit=[("            return input\n", "            return input * (1 - self.p)\n")],
        loses={"test_dropout": 0.1},
        hint="inverted dropout has done its scaling in training",
    ),
    Mistake(
        "dropout_drops_columns",
        "draws one number a column",
        cell="dropout",
        edit=[("np.random.random(input.shape)", "np.random.random(input.shape[1])")],
        loses={"test_dropout": 0.15},
        hint="whole columns are dropped",
    ),
    Mistake(
        "dropout_drops_samples",
        "draws one number a row",
        cell="dropout",
        edit=[("np.random.random(input.shape)", "np.random.random((len(input), 1))")],
        loses={"test_dropout": 0.15},
        hint="whole rows are dropped",
    ),
    Mistake(
        "dropout_same_mask_every_time",
        "starts the same random numbers at every forward",
        cell="dropout",
        edit=[("np.random.random(input.shape)", "np.random.default_rng(0).random(input.shape)")],
        loses={"test_dropout": 0.15},
        hint="every forward uses the same mask",
    ),
    Mistake(
        "dropout_starts_predicting",
        "starts with training False",
        cell="dropout",
        edit=[("self.training = True", "self.training = False")],
        loses={"test_dropout": 0.05},
        hint="training is not True at the start",
    ),
    Mistake(
        "dropout_in_place",
        "zeroes entries of its own argument",
        cell="dropout",
        edit=[(DROPOUT_MASK_FORWARD, DROPOUT_MASK + "\n        input *= self.mask\n        return input")],
        loses={"test_dropout": 0.05},
        hint="the input of forward was changed in place",
    ),
]

BATCHNORM_VAR = "return input.mean(axis=0), input.var(axis=0)"
BATCHNORM_MEAN_STEP = "self.running_mean = self.momentum * self.running_mean + (1 - self.momentum) * mean"
BATCHNORM_VAR_STEP = "self.running_var = self.momentum * self.running_var + (1 - self.momentum) * var"
BATCHNORM_OUTPUT = "return self.gamma * (input - mean) / np.sqrt(var + self.eps) + self.beta"
BATCHNORM_GAMMA_STEP = "self.gamma = self.gamma - self.learning_rate * (grad_output * normalized).sum(axis=0)"
BATCHNORM_BETA_STEP = "self.beta = self.beta - self.learning_rate * grad_output.sum(axis=0)"

BATCHNORM_MISTAKES = [
    Mistake(
        "batchnorm_unbiased_variance",
        "divides the sum of squares by n - 1",
        cell="batchnorm",
        edit=[("input.var(axis=0)", "input.var(axis=0, ddof=1)")],
        loses={"test_batchnorm": 0.65},
        hint="the variance is the unbiased one",
    ),
    Mistake(
        "batchnorm_unbiased_running_variance",
        "keeps the unbiased variance as running variance, as PyTorch does",
        cell="batchnorm",
        edit=[("(1 - self.momentum) * var", "(1 - self.momentum) * var * len(input) / (len(input) - 1)")],
        loses={"test_batchnorm": 0.15},
        hint="the unbiased variance; the biased one is asked for",
    ),
    Mistake(
        "batchnorm_starts_predicting",
        "starts with training = False",
        cell="batchnorm",
        edit=[("self.training = True", "self.training = False")],
        loses={"test_batchnorm": 0.1},
        hint="training is not True at the start",
    ),
    Mistake(
        "batchnorm_eps_forgotten_in_backward",
        "leaves eps out of the deviation in backward",
        cell="batchnorm",
        edit=[("deviation = np.sqrt(var + self.eps)", "deviation = np.sqrt(var)")],
        loses={"test_batchnorm": 0.05},
        hint="eps is left out",
    ),
    Mistake(
        "batchnorm_eps_outside_the_root",
        "adds eps to the deviation",
        cell="batchnorm",
        edit=[("np.sqrt(var + self.eps)", "(np.sqrt(var) + self.eps)")],
        loses={"test_batchnorm": 0.1},
        hint="eps is not inside the root",
    ),
    Mistake(
        "batchnorm_without_root",
        "divides by the variance",
        cell="batchnorm",
        edit=[(BATCHNORM_OUTPUT, "return self.gamma * (input - mean) / (var + self.eps) + self.beta")],
        loses={"test_batchnorm": 0.35},
        hint="divided by the variance",
    ),
    Mistake(
        "batchnorm_momentum_on_the_wrong_side",
        "lets momentum multiply the statistics of the batch, as in PyTorch",
        cell="batchnorm",
        edit=[
            (BATCHNORM_MEAN_STEP, "self.running_mean += self.momentum * (mean - self.running_mean)"),
            (BATCHNORM_VAR_STEP, "self.running_var += self.momentum * (var - self.running_var)"),
        ],
        loses={"test_batchnorm": 0.15},
        hint="momentum is on the wrong side",
    ),
    Mistake(
        "batchnorm_running_deviation",
        "keeps a running standard deviation in running_var",
        cell="batchnorm",
        edit=[("(1 - self.momentum) * var", "(1 - self.momentum) * np.sqrt(var)")],
        loses={"test_batchnorm": 0.15},
        hint="the deviation in place of the variance",
    ),
    Mistake(
        "batchnorm_never_moves_running_statistics",
        "does not keep running statistics",
        cell="batchnorm",
        edit=[(BATCHNORM_MEAN_STEP, "pass"), (BATCHNORM_VAR_STEP, "pass")],
        loses={"test_batchnorm": 0.15},
        hint="not moved by a forward in training",
    ),
    Mistake(
        "batchnorm_always_moves_running_statistics",
        "moves the running statistics when predicting, too",
        cell="batchnorm",
        edit=[
            (
                "        if self.training:\n            self.running_mean",
                "        if True:\n            self.running_mean",
            ),
            ("(1 - self.momentum) * mean", "(1 - self.momentum) * input.mean(axis=0)"),
            ("(1 - self.momentum) * var", "(1 - self.momentum) * input.var(axis=0)"),
        ],
        loses={"test_batchnorm": 0.15},
        hint="moves when not training",
    ),
    Mistake(
        "batchnorm_predicts_with_the_batch",
        "uses the statistics of the batch when predicting",
        cell="batchnorm",
        edit=[("return self.running_mean, self.running_var", BATCHNORM_VAR)],
        loses={"test_batchnorm": 0.15},
        hint="the running ones are asked for",
    ),
    Mistake(
        "batchnorm_statistics_are_constants",
        "forgets that mean and variance depend on the input",
        cell="batchnorm",
        edit=[
            (
                "            grad_normalized = grad_normalized - through_mean - through_var\n",
                "            pass\n",
            )
        ],
        loses={"test_batchnorm": 0.2},
        hint="mean and variance are treated as constants",
    ),
    Mistake(
        "batchnorm_variance_is_constant",
        "sends the gradient through the mean, but not through the variance",
        cell="batchnorm",
        edit=[("grad_normalized - through_mean - through_var", "grad_normalized - through_mean")],
        loses={"test_batchnorm": 0.2},
        hint="the part through the variance is missing",
    ),
    Mistake(
        "batchnorm_sums_in_the_gradient",
        "sums over the batch where the mean is needed",
        cell="batchnorm",
        edit=[
            ("grad_normalized.mean(axis=0)", "grad_normalized.sum(axis=0)"),
            ("(grad_normalized * normalized).mean(axis=0)", "(grad_normalized * normalized).sum(axis=0)"),
        ],
        loses={"test_batchnorm": 0.2},
        hint="sums over the batch where means are asked for",
    ),
    Mistake(
        "batchnorm_gradient_without_gamma",
        "leaves gamma out of the gradient of the input",
        cell="batchnorm",
        edit=[("grad_normalized = grad_output * self.gamma", "grad_normalized = grad_output")],
        loses={"test_batchnorm": 0.25},
        hint="gamma is left out",
    ),
    Mistake(
        "batchnorm_steps_before_the_gradient",
        "updates gamma before it is used for the gradient of the input",
        cell="batchnorm",
        edit=[
            ("        " + BATCHNORM_GAMMA_STEP + "\n", ""),
            (
                "        grad_normalized = grad_output * self.gamma",
                "        " + BATCHNORM_GAMMA_STEP + "\n        grad_normalized = grad_output * self.gamma",
            ),
        ],
        loses={"test_batchnorm": 0.25},
        hint="gamma is used after its step",
    ),
    Mistake(
        "batchnorm_never_steps",
        "takes no step on gamma and beta",
        cell="batchnorm",
        edit=[("        " + BATCHNORM_GAMMA_STEP + "\n", ""), ("        " + BATCHNORM_BETA_STEP + "\n", "")],
        loses={"test_batchnorm": 0.1},
        hint="backward takes no step",
    ),
    Mistake(
        "batchnorm_averages_again",
        "averages the gradients of gamma and beta",
        cell="batchnorm",
        edit=[
            ("(grad_output * normalized).sum(axis=0)", "(grad_output * normalized).mean(axis=0)"),
            ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)"),
        ],
        loses={"test_batchnorm": 0.1},
        hint="averaged over the batch; grad_output already is",
    ),
    Mistake(
        "batchnorm_gamma_from_the_input",
        "multiplies grad_output by the input, not by the normalised one, for gamma",
        cell="batchnorm",
        edit=[("(grad_output * normalized).sum", "(grad_output * input).sum")],
        loses={"test_batchnorm": 0.1},
        hint="times the normalised input",
    ),
    Mistake(
        "batchnorm_predicting_gradient_through_the_batch",
        "sends the gradient through the statistics when they are constants",
        cell="batchnorm",
        edit=[("        if self.training:\n            through_mean", "        if True:\n            through_mean")],
        loses={"test_batchnorm": 0.05},
        hint="nothing goes through the statistics then",
    ),
    Mistake(
        "batchnorm_remembers_the_batch",
        "normalises in backward by the statistics of the last forward",
        cell="batchnorm",
        edit=[
            (
                "        mean, var = self.statistics(input)\n        if self.training:\n            self.running_mean",
                "        self.last = mean, var = self.statistics(input)\n"
                "        if self.training:\n            self.running_mean",
            ),
            ("mean, var = self.statistics(input)\n        deviation", "mean, var = self.last\n        deviation"),
        ],
        loses={"test_batchnorm": 0.05},
        hint="it uses what the last forward left behind",
    ),
    Mistake(
        "batchnorm_in_place",
        "centres its own argument",
        cell="batchnorm",
        edit=[
            (BATCHNORM_OUTPUT, "input -= mean\n        return self.gamma * input / np.sqrt(var + self.eps) + self.beta")
        ],
        loses={"test_batchnorm": 0.05},
        hint="the input of forward was changed in place",
    ),
    Mistake(
        "batchnorm_starts_with_zero_variance",
        "starts the running variance at 0",
        cell="batchnorm",
        edit=[("self.running_var = np.ones(units)", "self.running_var = np.zeros(units)")],
        loses={"test_batchnorm": 0.1},
        hint="BatchNorm.running_var at the start",
    ),
]

HE = "return rng.normal(scale=np.sqrt(2 / input_units), size=(input_units, output_units))"
XAVIER_BOUND = "bound = np.sqrt(6 / (input_units + output_units))"
XAVIER = "return rng.uniform(-bound, bound, size=(input_units, output_units))"

INIT_MISTAKES = [
    Mistake(
        "he_counts_outputs",
        "divides by the number of outputs",
        cell="better_init",
        edit=[("np.sqrt(2 / input_units)", "np.sqrt(2 / output_units)")],
        loses={"test_better_init": 0.15},
        hint="He counts the inputs",
    ),
    Mistake(
        "he_variance_for_deviation",
        "gives the variance where numpy asks for the standard deviation",
        cell="better_init",
        edit=[("np.sqrt(2 / input_units)", "2 / input_units")],
        loses={"test_better_init": 0.15},
        hint="the deviation is its root",
    ),
    Mistake(
        "he_without_the_two",
        "forgets the factor 2",
        cell="better_init",
        edit=[("np.sqrt(2 / input_units)", "np.sqrt(1 / input_units)")],
        loses={"test_better_init": 0.15},
        hint="the factor 2",
    ),
    Mistake(
        "he_uniform",
        "draws the right variance from a uniform distribution",
        cell="better_init",
        edit=[
            (
                HE,
                "bound = np.sqrt(6 / input_units)\n"
                "    return rng.uniform(-bound, bound, size=(input_units, output_units))",
            )
        ],
        loses={"test_better_init": 0.05},
        hint="a normal distribution is asked for",
    ),
    Mistake(
        "he_out_by_in",
        "returns the transposed shape",
        cell="better_init",
        edit=[(HE, HE.replace("(input_units, output_units)", "(output_units, input_units)"))],
        loses={"test_better_init": 0.25},
        hint="an array of shape (300, 200) is expected, found an array of shape (200, 300)",
    ),
    Mistake(
        "xavier_normal",
        "draws the right variance from a normal distribution",
        cell="better_init",
        edit=[
            (XAVIER_BOUND, "scale = np.sqrt(2 / (input_units + output_units))"),
            (XAVIER, "return rng.normal(scale=scale, size=(input_units, output_units))"),
        ],
        loses={"test_better_init": 0.05},
        hint="a uniform distribution is asked for",
    ),
    Mistake(
        "xavier_deviation_for_bound",
        "takes the standard deviation for the bound of the interval",
        cell="better_init",
        edit=[("np.sqrt(6 /", "np.sqrt(2 /")],
        loses={"test_better_init": 0.15},
        hint="the bound of the interval is sqrt(6 / (in + out))",
    ),
    Mistake(
        "xavier_counts_inputs",
        "counts the inputs alone",
        cell="better_init",
        edit=[(XAVIER_BOUND, "bound = np.sqrt(3 / input_units)")],
        loses={"test_better_init": 0.15},
        hint="the inputs alone are counted",
    ),
    Mistake(
        "xavier_half_the_interval",
        "draws from [0, bound)",
        cell="better_init",
        edit=[("rng.uniform(-bound, bound,", "rng.uniform(0, bound,")],
        loses={"test_better_init": 0.2},
        hint="half the interval is missing",
    ),
]

BONUS_MISTAKES = [*ACTIVATION_MISTAKES, *DROPOUT_MISTAKES, *BATCHNORM_MISTAKES, *INIT_MISTAKES]

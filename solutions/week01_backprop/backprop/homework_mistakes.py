"""Mistakes in the required exercises: ReLU, Dense, forward, train."""

from functools import partial

from grader.judge.authoring.mistakes import planted

RELU_FORWARD = "return np.maximum(0, input)"
RELU_BACKWARD = "return grad_output * (input > 0)"

relu = partial(planted, "relu")
RELU_MISTAKES = [
    relu("relu_slope_one_at_zero", "compares with >= and so has the slope 1 at 0", 0.1, "compare with >, not >=",
        ("input > 0", "input >= 0")),
    relu("relu_slope_half_at_zero", "uses the mean of both slopes at 0", 0.1, "not 1/2",
        (RELU_BACKWARD, "return grad_output * np.heaviside(input, 0.5)")),
    relu("relu_masks_by_the_gradient", "takes the ReLU of the gradient in place of masking it by the input",
        {"test_relu": 0.55, "test_accuracy": 0.5}, "what counts is the sign of the input",
        (RELU_BACKWARD, "return np.maximum(0, grad_output)")),
    relu("relu_forgets_the_chain_rule", "returns the mask alone, without the gradient from above",
        {"test_relu": 0.45, "test_accuracy": 0.5}, "the gradient of the layer above is left out",
        (RELU_BACKWARD, "return (input > 0).astype(float)")),
    relu("relu_lets_every_gradient_pass", "treats the layer as the identity on the way back", 0.55,
        "nothing is stopped where the input was negative", (RELU_BACKWARD, "return grad_output")),
    relu("relu_slope_is_the_sign", "multiplies the gradient by the sign of the input, which is -1 where 0 is needed",
        0.45, "the sign of the input is used as the slope", (RELU_BACKWARD, "return grad_output * np.sign(input)")),
    relu("relu_keeps_the_wrong_gradients", "lets the gradient pass where the input was negative",
        {"test_relu": 0.45, "test_accuracy": 0.5}, "ReLU.backward: likely the wrong half is kept",
        ("input > 0", "input < 0")),
    relu("relu_keeps_the_wrong_half", "takes the minimum with 0 in place of the maximum",
        {"test_relu": 0.35, "test_accuracy": 0.5}, "ReLU.forward: likely the wrong half is kept",
        (RELU_FORWARD, "return np.minimum(0, input)")),
    relu("relu_in_place", "zeroes the negative entries of its own argument", 0.1,
        "the input of forward was changed in place", (RELU_FORWARD, "input[input < 0] = 0\n        return input")),
    relu("relu_gradient_in_place", "zeroes entries of grad_output itself", 0.1, "grad_output was changed in place",
        (RELU_BACKWARD, "grad_output[input <= 0] = 0\n        return grad_output")),
    relu("relu_remembers_its_mask", "keeps the mask of the last forward and ignores the input of backward", 0.1,
        "it uses what the last forward left behind",
        (RELU_FORWARD, "self.mask = input > 0\n        return input * self.mask"),
        (RELU_BACKWARD, "return grad_output * self.mask")),
    relu("relu_of_absolute_values", "drops the sign in place of the negative numbers", 0.35, "the sign is dropped",
        (RELU_FORWARD, "return np.abs(input)")),
    relu("relu_gives_integers", "lets np.vectorize take the type from a first entry that becomes the integer 0",
        0.35, "integer", (RELU_FORWARD, "return np.vectorize(lambda value: max(0, value))(input)")),
    relu("relu_returns_nothing", "computes the result of forward and forgets to return it",
        {"test_relu": 0.35, "test_accuracy": 0.5}, "without a return", (RELU_FORWARD, "output = np.maximum(0, input)")),
]

DENSE_FORWARD = "return input @ self.weights + self.biases"
DENSE_INPUT_GRADIENT = "grad_input = grad_output @ self.weights.T"
DENSE_WEIGHTS = "self.weights = self.weights - self.learning_rate * input.T @ grad_output"
DENSE_BIASES = "self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)"
DENSE_START = "self.weights = np.random.normal(scale=0.01, size=(input_units, output_units))"
DENSE_START_BIASES = "self.biases = np.zeros(output_units)"

dense = partial(planted, "dense")
DENSE_MISTAKES = [
    dense("dense_starts_from_one_seed", "seeds the generator in every layer, so that all layers start alike", 0.15,
        "without a seed of your own", (DENSE_START, "np.random.seed(42)\n        " + DENSE_START)),
    dense("dense_keeps_weights_on_the_class", "keeps the weights on the class, where the next layer replaces them",
        {"test_dense": 0.15, "test_accuracy": 0.5}, "starts with the same weights",
        (DENSE_START, DENSE_START.replace("self.weights", "Dense.weights"))),
    dense("dense_averages_again", "divides the parameter gradients by the batch size, which grad_output already is",
        {"test_dense": 0.5, "test_accuracy": 0.5}, "averaged over the batch; grad_output already is",
        (DENSE_WEIGHTS, DENSE_WEIGHTS + " / len(input)"), (DENSE_BIASES, DENSE_BIASES + " / len(input)")),
    dense("dense_averages_biases", "sums the gradient of the weights, but averages that of the biases", 0.2,
        "averaged over the batch; grad_output already is", ("grad_output.sum(axis=0)", "grad_output.mean(axis=0)")),
    dense("dense_averages_input_gradient", "divides the gradient of the input by the batch size", 0.3,
        "divided by the batch size", (DENSE_INPUT_GRADIENT, DENSE_INPUT_GRADIENT + " / len(input)")),
    dense("dense_doubles_input_gradient", "has a factor 2 in the gradient of the input", 0.3, "a factor 2 too many",
        (DENSE_INPUT_GRADIENT, "grad_input = 2 * grad_output @ self.weights.T")),
    dense("dense_hands_the_rate_down", "multiplies the gradient that it returns by the learning rate", 0.3,
        "belongs to the steps on weights and biases alone",
        ("return grad_input", "return self.learning_rate * grad_input")),
    dense("dense_climbs", "adds the gradient in place of subtracting it", {"test_dense": 0.5, "test_accuracy": 0.5},
        "the step climbs", ("self.weights - self", "self.weights + self"),
        ("self.biases - self", "self.biases + self")),
    dense("dense_without_learning_rate", "leaves the learning rate out of both steps", 0.55,
        "the learning rate is left out", ("self.learning_rate * input", "input"),
        ("self.learning_rate * grad", "grad")),
    dense("dense_fixed_learning_rate", "ignores the learning rate that the constructor is given", 0.55,
        "the default learning rate is used, not the one given",
        ("self.learning_rate = learning_rate", "self.learning_rate = 0.1")),
    dense("dense_learning_rate_on_the_class", "keeps the learning rate on the class, for all layers", 0.05,
        "that another Dense was given", ("self.learning_rate = learning_rate", "Dense.learning_rate = learning_rate")),
    dense("dense_default_learning_rate", "has another default learning rate than the exercise asks for", 0.05,
        "the default learning rate is 0.01", ("learning_rate=0.1", "learning_rate=0.01")),
    dense("dense_bias_gradient_of_ones", "takes ones for the gradient of the biases",
        {"test_dense": 0.2, "test_accuracy": 0.5}, "a gradient of ones",
        ("grad_output.sum(axis=0)", "np.ones_like(self.biases)")),
    dense("dense_step_before_the_input_gradient",
        "updates the weights and then takes the input gradient with the new ones",
        {"test_dense": 0.2, "test_accuracy": 0.5}, "the weights were updated first",
        ("        " + DENSE_INPUT_GRADIENT + "\n", ""), ("return grad_input", "return grad_output @ self.weights.T")),
    dense("dense_weights_not_transposed", "forgets the transpose in the gradient of the input",
        {"test_dense": 1.25, "test_accuracy": 0.5}, "at `grad_input = grad_output @ self.weights`",
        (DENSE_INPUT_GRADIENT, "grad_input = grad_output @ self.weights")),
    dense("dense_wrong_factor_transposed",
        "transposes grad_output in place of the input in the gradient of the weights",
        {"test_dense": 1.25, "test_accuracy": 0.5}, "stopped with ValueError",
        ("input.T @ grad_output", "grad_output.T @ input")),
    dense("dense_returns_gradient_of_weights",
        "returns the gradient of the weights, where that of the input is asked for",
        {"test_dense": 0.5, "test_accuracy": 0.5}, "the gradient of the weights is returned",
        ("return grad_input", "return input.T @ grad_output")),
    dense("dense_returns_nothing", "forgets to return the gradient of the input",
        {"test_dense": 0.7, "test_accuracy": 0.5}, "without a return", ("        return grad_input", "")),
    dense("dense_forgets_biases", "leaves the biases out of forward", 0.2, "the biases are forgotten",
        (DENSE_FORWARD, "return input @ self.weights")),
    dense("dense_never_moves_biases", "takes no step on the biases", 0.2,
        "Dense.biases after backward: likely backward takes no step", ("        " + DENSE_BIASES + "\n", "")),
    dense("dense_sums_biases_over_units", "sums the gradient of the biases over the units in place of the batch",
        {"test_dense": 1.25, "test_accuracy": 0.5}, "grad_output.sum(axis=1)",
        ("grad_output.sum(axis=0)", "grad_output.sum(axis=1)")),
    dense("dense_sums_biases_over_everything", "sums the gradient of the biases over units and batch", 0.2,
        "summed over everything", ("grad_output.sum(axis=0)", "grad_output.sum()")),
    dense("dense_biases_are_a_row", "gives the biases the shape [1, out]", 0.1, "an axis of length 1 is left over",
        (DENSE_START_BIASES, "self.biases = np.zeros((1, output_units))")),
    dense("dense_keeps_an_axis_of_biases", "keeps the summed axis, so that a step turns the biases into a row", 0.2,
        "an axis of length 1 is left over", ("sum(axis=0)", "sum(axis=0, keepdims=True)")),
    dense("dense_starts_at_zero", "starts with zero weights", {"test_dense": 0.15, "test_accuracy": 0.5},
        "the weights start at zero", (DENSE_START, "self.weights = np.zeros((input_units, output_units))")),
    dense("dense_starts_constant", "starts with equal weights", {"test_dense": 0.15, "test_accuracy": 0.5},
        "do not start random", (DENSE_START, "self.weights = np.full((input_units, output_units), 0.01)")),
    dense("dense_starts_positive", "draws weights from [0, 1), which are not zero on average", 0.15,
        "not zero on average", (DENSE_START, "self.weights = 0.01 * np.random.rand(input_units, output_units)")),
    dense("dense_starts_large", "multiplies the random weights by the number of inputs in place of making them small",
        {"test_dense": 0.15, "test_accuracy": 0.5}, "the weights start too large", ("scale=0.01", "scale=input_units")),
    dense("dense_starts_with_random_biases", "starts with biases that are not zero", 0.1,
        "Dense.biases at the start: the right result is 0 here",
        (DENSE_START_BIASES, "self.biases = 0.01 * np.random.randn(output_units)")),
    dense("dense_weights_out_by_in", "keeps the weights as [out, in]", 1.9,
        "an array of shape (120, 90) is expected, found an array of shape (90, 120)",
        ("size=(input_units, output_units)", "size=(output_units, input_units)"),
        (DENSE_FORWARD, "return input @ self.weights.T + self.biases"),
        (DENSE_INPUT_GRADIENT, "grad_input = grad_output @ self.weights"),
        ("input.T @ grad_output", "grad_output.T @ input")),
    dense("dense_scales_grad_output_in_place", "multiplies grad_output itself by the learning rate", 0.1,
        "grad_output was changed in place",
        (DENSE_WEIGHTS,
         "grad_output *= self.learning_rate\n        self.weights = self.weights - input.T @ grad_output"),
        ("self.learning_rate * grad_output.sum", "grad_output.sum")),
    dense("dense_remembers_its_input", "uses the input of the last forward in place of the one that backward is given",
        0.1, "it uses what the last forward left behind",
        (DENSE_FORWARD, "self.input = input\n        " + DENSE_FORWARD),
        ("input.T @ grad_output", "self.input.T @ grad_output")),
    dense("dense_squares_the_learning_rate",
        "applies the learning rate when the gradient is made and again in the step", 0.35,
        "the learning rate is applied twice", (DENSE_WEIGHTS, DENSE_WEIGHTS + " * self.learning_rate")),
    dense("dense_gradients_pile_up", "adds every gradient to those of the calls before, and steps by the sum",
        {"test_dense": 0.1, "test_accuracy": 0.5}, "keeps something of its earlier calls",
        (DENSE_START_BIASES, DENSE_START_BIASES + "\n        self.grad_weights = 0"),
        (DENSE_WEIGHTS, "self.grad_weights = self.grad_weights + input.T @ grad_output\n"
                        "        self.weights = self.weights - self.learning_rate * self.grad_weights")),
    dense("dense_with_momentum", "takes its step with momentum, as an optimiser would", 0.1,
        "keeps something of its earlier calls",
        (DENSE_START_BIASES, DENSE_START_BIASES + "\n        self.velocity = 0"),
        (DENSE_WEIGHTS, "self.velocity = 0.5 * self.velocity - self.learning_rate * input.T @ grad_output\n"
                        "        self.weights = self.weights + self.velocity")),
    dense("dense_learning_rate_decays", "makes the learning rate a little smaller in every backward", 0.1,
        "keeps something of its earlier calls",
        ("        return grad_input", "        self.learning_rate *= 0.9999\n        return grad_input")),
    dense("dense_renames_its_learning_rate", "calls the argument of the constructor lr",
        {"test_dense": 0.05, "test_accuracy": 0.5}, "unexpected keyword argument 'learning_rate'",
        ("learning_rate=0.1", "lr=0.1"), ("self.learning_rate = learning_rate", "self.learning_rate = lr")),
    dense("dense_learning_rate_by_name_alone", "takes the learning rate by its name, but not as the third argument",
        0.05, "positional arguments", ("output_units, learning_rate=0.1", "output_units, *, learning_rate=0.1")),
]

FORWARD_STEP = "X = layer.forward(X)\n        activations.append(X)"
FORWARD_LOOP = f"for layer in network:\n        {FORWARD_STEP}\n    return activations"

forward = partial(planted, "forward")
FORWARD_MISTAKES = [
    forward("forward_returns_the_last", "returns the output of the network alone",
        {"test_forward": 0.5, "test_accuracy": 0.5}, "the last activation alone", ("return activations", "return X")),
    forward("forward_includes_the_input", "starts the list with X", {"test_forward": 0.5, "test_accuracy": 0.5},
        "the list starts with the input", ("activations = []", "activations = [X]")),
    forward("forward_lists_the_inputs", "appends the input of each layer before it is passed on",
        {"test_forward": 0.5, "test_accuracy": 0.5}, "the inputs of the layers",
        (FORWARD_STEP, "activations.append(X)\n        X = layer.forward(X)")),
    forward("forward_feeds_x_to_every_layer", "gives X to every layer", {"test_forward": 0.5, "test_accuracy": 0.5},
        "must get the output of the layer before it",
        (FORWARD_STEP, "activations.append(layer.forward(X))")),
    forward("forward_stops_early", "leaves the last layer out", {"test_forward": 0.5, "test_accuracy": 0.5},
        "there is one for each layer", ("in network:", "in network[:-1]:")),
    forward("forward_makes_one_array", "packs the list into one array, which fails for layers of different sizes",
        {"test_forward": 0.5, "test_accuracy": 0.5}, "a list of the activations is expected",
        ("return activations", "return np.array(activations)")),
    forward("forward_from_the_last_layer", "walks through the layers in reverse",
        {"test_forward": 0.5, "test_accuracy": 0.5}, "the last layer comes first",
        ("in network:", "in network[::-1]:")),
    forward("forward_empties_the_network", "takes the layers off the caller's list",
        {"test_forward": 0.15, "test_accuracy": 0.5}, "the network was changed in place",
        ("for layer in network:\n        X =", "while network:\n        layer = network.pop(0)\n        X =")),
    forward("forward_starts_anew_for_every_layer", "runs all layers up to each one, so that the first is called often",
        0.15, "a layer is called more than once",
        (FORWARD_LOOP, "for last in range(len(network)):\n        output = X\n"
                       "        for layer in network[: last + 1]:\n            output = layer.forward(output)\n"
                       "        activations.append(output)\n    return activations")),
    forward("forward_keeps_outputs_by_layer", "keeps the outputs in a dictionary, in which a layer has one place", 0.15,
        "keep activations by place", ("activations = []", "activations = {}"),
        ("activations.append(X)", "activations[layer] = X"),
        ("return activations", "return list(activations.values())")),
    forward("forward_with_fixed_depth", "works for three layers only", 0.15, "IndexError", """def forward(network, X):
    first = network[0].forward(X)
    second = network[1].forward(first)
    third = network[2].forward(second)
    return [first, second, third]
"""),
]

TRAIN_LOOP = "for layer, layer_input in zip(reversed(network), reversed(layer_inputs), strict=True):"
TRAIN_INPUTS = "layer_inputs = [X] + activations[:-1]"
TRAIN_STEP = "grad = layer.backward(layer_input, grad)"
TRAIN_GRAD = "grad = grad_softmax_crossentropy_with_logits(logits, y)"

train = partial(planted, "train")
TRAIN_MISTAKES = [
    train("train_sums_the_loss", "returns the summed loss", 0.3, "summed over the batch", (".mean()", ".sum()")),
    train("train_returns_every_loss", "returns the loss of every sample", 0.3, "the loss of every sample",
        (".mean()", "")),
    train("train_takes_the_loss_after_the_step", "computes the loss with the new parameters", 0.3,
        "the loss is taken after the step",
        ("    return loss",
         "    logits = forward(network, X)[-1]\n    return softmax_crossentropy_with_logits(logits, y).mean()")),
    train("train_takes_the_softmax_twice", "gives probabilities to the loss and its gradient",
        {"test_train": 0.55, "test_accuracy": 0.5}, "probabilities are taken for logits",
        ("logits = activations[-1]",
         "logits = np.exp(activations[-1])\n    logits /= logits.sum(axis=1, keepdims=True)")),
    train("train_returns_nothing", "forgets to return the loss", 0.3, "without a return", ("    return loss", "")),
    train("train_never_steps", "computes the loss and its gradient and calls no backward",
        {"test_train": 0.7, "test_accuracy": 0.5}, "nothing learns",
        ("    " + TRAIN_LOOP + "\n        " + TRAIN_STEP + "\n", "")),
    train("train_skips_the_first_layer", "stops the backward pass before the first layer",
        {"test_train": 0.2, "test_accuracy": 0.5}, "is not called for the first layer",
        (TRAIN_LOOP + "\n        " + TRAIN_STEP,
         "for i in range(len(network) - 1, 0, -1):\n        grad = network[i].backward(layer_inputs[i], grad)")),
    train("train_skips_the_last_layer", "takes the gradient of the loss for that of the last layer's input",
        {"test_train": 0.45, "test_accuracy": 0.5}, "is not called for the last layer",
        (TRAIN_LOOP + "\n        " + TRAIN_STEP,
         "for i in range(len(network) - 2, -1, -1):\n        grad = network[i].backward(layer_inputs[i], grad)")),
    train("train_goes_back_from_the_first_layer",
        "passes the gradient through the layers in the order of the forward pass",
        {"test_train": 0.25, "test_accuracy": 0.5}, "the gradient enters at the first layer",
        (TRAIN_LOOP, "for layer, layer_input in zip(network, layer_inputs, strict=True):")),
    train("train_gives_layers_their_outputs", "is off by one: every backward gets the output of its layer",
        {"test_train": 0.25, "test_accuracy": 0.5}, "the layer's own output",
        ("reversed(layer_inputs)", "reversed(activations)")),
    train("train_gives_x_to_every_layer", "gives X to every backward", {"test_train": 0.25, "test_accuracy": 0.5},
        "X for every layer", ("layer.backward(layer_input, grad)", "layer.backward(X, grad)")),
    train("train_does_not_reverse_the_inputs", "reverses the layers, but not their inputs",
        {"test_train": 0.25, "test_accuracy": 0.5}, "their inputs are not", ("reversed(layer_inputs)", "layer_inputs")),
    train("train_does_not_chain", "gives the gradient of the loss to every layer",
        {"test_train": 0.25, "test_accuracy": 0.5}, "not what the layer after it handed down",
        (TRAIN_STEP, "layer.backward(layer_input, grad)")),
    train("train_averages_the_gradient_again", "divides the gradient of the loss by the batch size once more",
        {"test_train": 0.25, "test_accuracy": 0.5}, "divided by the batch size once more",
        (TRAIN_GRAD, TRAIN_GRAD + " / len(y)")),
    train("train_hands_the_loss_down", "takes the loss of every sample for the gradient",
        {"test_train": 0.25, "test_accuracy": 0.5}, "the loss has a gradient for every logit",
        (TRAIN_GRAD, "grad = softmax_crossentropy_with_logits(logits, y)")),
    train("train_sums_the_gradient", "multiplies the gradient by the batch size",
        {"test_train": 0.25, "test_accuracy": 0.5}, "not divided by the batch size",
        (TRAIN_GRAD, TRAIN_GRAD + " * len(y)")),
    train("train_empties_the_network", "takes the layers off the caller's list",
        {"test_train": 0.2, "test_accuracy": 0.5}, "the network was changed in place",
        (TRAIN_LOOP + "\n", "while network:\n        layer, layer_input = network.pop(), layer_inputs.pop()\n")),
    train("train_reverses_the_network", "turns the caller's list round, and leaves it so",
        {"test_train": 0.2, "test_accuracy": 0.5}, "the network was changed in place",
        (TRAIN_LOOP,
         "network.reverse()\n    for layer, layer_input in zip(network, layer_inputs[::-1], strict=True):")),
    train("train_steps_twice", "calls backward of every layer twice", {"test_train": 0.45, "test_accuracy": 0.5},
        "more than once", (TRAIN_STEP, "layer.backward(layer_input, grad)\n        " + TRAIN_STEP)),
    train("train_runs_forward_twice", "runs the network for the inputs of the layers, and again for the logits", 0.2,
        "forward is called more than once", ("logits = activations[-1]", "logits = list(forward(network, X))[-1]")),
    train("train_runs_forward_for_every_layer", "runs the network up to each layer anew for its input", 0.2,
        "forward is called more than once",
        (TRAIN_INPUTS, "layer_inputs = [X] + [forward(network[:i], X)[-1] for i in range(1, len(network))]")),
    train("train_keeps_inputs_by_layer", "keeps the inputs in a dictionary, in which a layer has one place", 0.2,
        "keep inputs by place",
        (TRAIN_INPUTS, "layer_inputs = dict(zip(network, [X] + activations[:-1], strict=True))"),
        (TRAIN_LOOP, "for layer in reversed(network):\n        layer_input = layer_inputs[layer]")),
    train("train_looks_for_the_place", "looks for the place of each layer with index, which finds the first one", 0.2,
        "both times the input of its first place",
        (TRAIN_LOOP, "for layer in reversed(network):\n        layer_input = layer_inputs[network.index(layer)]")),
    train("train_divides_the_loss_by_classes", "divides the summed loss by the number of classes", 0.3,
        "divided by the number of classes", (".mean()", ".sum() / logits.shape[1]")),
    train("train_multiplies_by_the_loss", "multiplies the gradient of the loss by the loss",
        0.25, "multiplied by the loss",
        ("grad = grad_softmax", "grad = loss * grad_softmax")),
]

accuracy = partial(planted, "accuracy")
ACCURACY_MISTAKES = [
    accuracy("accuracy_trains_too_little",
        "puts a network without a hidden layer in place of the given one, and trains it for one epoch", 0.5,
        "it learned something, but not enough", "network = [Dense(X_train.shape[1], 10)]\nfit(network, epochs=1)"),
    accuracy("accuracy_of_a_fresh_network", "makes a network and does not train it", 0.5, "nothing was learned",
        "np.random.seed(1)\nnetwork = [Dense(X_train.shape[1], 10)]"),
    accuracy("accuracy_trained_on_what_is_held_out", "trains on the held-out digits, not on those to learn from", 0.5,
        "it was trained on what is held out", """np.random.seed(1)
network = [Dense(X_val.shape[1], 128, learning_rate=0.3), ReLU(), Dense(128, 10, learning_rate=0.3)]
for _ in range(60):
    for X, y in iterate_minibatches(X_val, y_val, 16, rng=np.random.default_rng(0)):
        train(network, X, y)
"""),
    accuracy("accuracy_trained_on_all_digits", "trains on the held-out digits as well", 0.5,
        "as surely as the images to learn from", """np.random.seed(1)
network = [Dense(X_val.shape[1], 128, learning_rate=0.3), ReLU(), Dense(128, 10, learning_rate=0.3)]
X_all, y_all = np.concatenate([X_train, X_val]), np.concatenate([y_train, y_val])
for _ in range(30):
    for X, y in iterate_minibatches(X_all, y_all, 16, rng=np.random.default_rng(0)):
        train(network, X, y)
"""),
    accuracy("accuracy_by_another_predict", "leaves the network untrained and writes its own predict", 0.5,
        "nothing was learned", """np.random.seed(1)
network = [Dense(X_train.shape[1], 10)]


def predict(network, X):
    distances = (X**2).sum(axis=1)[:, None] - 2 * X @ X_train.T + (X_train**2).sum(axis=1)
    return y_train[distances.argmin(axis=1)]
"""),
    accuracy("accuracy_by_heart", "looks the held-out digits up", 0.5, "learned by heart", """class Table(Layer):
    answers = {image.tobytes(): label for image, label in zip(X_val, y_val)}

    def forward(self, input):
        return np.eye(10)[[self.answers.get(image.tobytes(), 0) for image in input]]


network = [Table()]
"""),
]

HOMEWORK_MISTAKES = [
    *RELU_MISTAKES,
    *DENSE_MISTAKES,
    *FORWARD_MISTAKES,
    *TRAIN_MISTAKES,
    *ACCURACY_MISTAKES,
]

"""Mistakes in the required exercises: ReLU, Dense, forward, train."""

from grader.judge.authoring.mistakes import Mistake

RELU_FORWARD = "return np.maximum(0, input)"
RELU_BACKWARD = "return grad_output * (input > 0)"

RELU_MISTAKES = [
    Mistake(
        "relu_slope_one_at_zero",
        "compares with >= and so has the slope 1 at 0",
        cell="relu",
        edit=[("input > 0", "input >= 0")],
        loses={"test_relu": 0.1},
        hint="compare with >, not >=",
    ),
    Mistake(
        "relu_slope_half_at_zero",
        "uses the mean of both slopes at 0",
        cell="relu",
        edit=[(RELU_BACKWARD, "return grad_output * np.heaviside(input, 0.5)")],
        loses={"test_relu": 0.1},
        hint="not 1/2",
    ),
    Mistake(
        "relu_masks_by_the_gradient",
        "takes the ReLU of the gradient in place of masking it by the input",
        cell="relu",
        edit=[(RELU_BACKWARD, "return np.maximum(0, grad_output)")],
        loses={"test_relu": 0.55, "test_accuracy": 0.5},
        hint="what counts is the sign of the input",
    ),
    Mistake(
        "relu_forgets_the_chain_rule",
        "returns the mask alone, without the gradient from above",
        cell="relu",
        edit=[(RELU_BACKWARD, "return (input > 0).astype(float)")],
        loses={"test_relu": 0.45, "test_accuracy": 0.5},
        hint="the gradient of the layer above is left out",
    ),
    Mistake(
        "relu_lets_every_gradient_pass",
        "treats the layer as the identity on the way back",
        cell="relu",
        edit=[(RELU_BACKWARD, "return grad_output")],
        loses={"test_relu": 0.55},
        hint="nothing is stopped where the input was negative",
    ),
    Mistake(
        "relu_slope_is_the_sign",
        "multiplies the gradient by the sign of the input, which is -1 where 0 is needed",
        cell="relu",
        edit=[(RELU_BACKWARD, "return grad_output * np.sign(input)")],
        loses={"test_relu": 0.45},
        hint="the sign of the input is used as the slope",
    ),
    Mistake(
        "relu_keeps_the_wrong_gradients",
        "lets the gradient pass where the input was negative",
        cell="relu",
        edit=[("input > 0", "input < 0")],
        loses={"test_relu": 0.45, "test_accuracy": 0.5},
        hint="ReLU.backward: likely the wrong half is kept",
    ),
    Mistake(
        "relu_keeps_the_wrong_half",
        "takes the minimum with 0 in place of the maximum",
        cell="relu",
        edit=[(RELU_FORWARD, "return np.minimum(0, input)")],
        loses={"test_relu": 0.35, "test_accuracy": 0.5},
        hint="ReLU.forward: likely the wrong half is kept",
    ),
    Mistake(
        "relu_in_place",
        "zeroes the negative entries of its own argument",
        cell="relu",
        edit=[(RELU_FORWARD, "input[input < 0] = 0\n        return input")],
        loses={"test_relu": 0.1},
        hint="the input of forward was changed in place",
    ),
    Mistake(
        "relu_gradient_in_place",
        "zeroes entries of grad_output itself",
        cell="relu",
        edit=[(RELU_BACKWARD, "grad_output[input <= 0] = 0\n        return grad_output")],
        loses={"test_relu": 0.1},
        hint="grad_output was changed in place",
    ),
    Mistake(
        "relu_remembers_its_mask",
        "keeps the mask of the last forward and ignores the input of backward",
        cell="relu",
        edit=[
            (RELU_FORWARD, "self.mask = input > 0\n        return input * self.mask"),
            (RELU_BACKWARD, "return grad_output * self.mask"),
        ],
        loses={"test_relu": 0.1},
        hint="it uses what the last forward left behind",
    ),
    Mistake(
        "relu_of_absolute_values",
        "drops the sign in place of the negative numbers",
        cell="relu",
        edit=[(RELU_FORWARD, "return np.abs(input)")],
        loses={"test_relu": 0.35},
        hint="the sign is dropped",
    ),
    Mistake(
        "relu_returns_nothing",
        "computes the result of forward and forgets to return it",
        cell="relu",
        edit=[(RELU_FORWARD, "output = np.maximum(0, input)")],
        loses={"test_relu": 0.35, "test_accuracy": 0.5},
        hint="without a return",
    ),
]

DENSE_FORWARD = "return input @ self.weights + self.biases"
DENSE_INPUT_GRADIENT = "grad_input = grad_output @ self.weights.T"
DENSE_WEIGHTS = "self.weights = self.weights - self.learning_rate * input.T @ grad_output"
DENSE_BIASES = "self.biases = self.biases - self.learning_rate * grad_output.sum(axis=0)"
DENSE_START = "self.weights = np.random.normal(scale=0.01, size=(input_units, output_units))"
DENSE_START_BIASES = "self.biases = np.zeros(output_units)"

DENSE_MISTAKES = [
    Mistake(
        "dense_averages_again",
        "divides the parameter gradients by the batch size, which grad_output already is",
        cell="dense",
        edit=[
            (DENSE_WEIGHTS, DENSE_WEIGHTS + " / len(input)"),
            (DENSE_BIASES, DENSE_BIASES + " / len(input)"),
        ],
        loses={"test_dense": 0.5, "test_accuracy": 0.5},
        hint="averaged over the batch; grad_output already is",
    ),
    Mistake(
        "dense_averages_biases",
        "sums the gradient of the weights, but averages that of the biases",
        cell="dense",
        edit=[("grad_output.sum(axis=0)", "grad_output.mean(axis=0)")],
        loses={"test_dense": 0.2},
        hint="averaged over the batch; grad_output already is",
    ),
    Mistake(
        "dense_averages_input_gradient",
        "divides the gradient of the input by the batch size",
        cell="dense",
        edit=[(DENSE_INPUT_GRADIENT, DENSE_INPUT_GRADIENT + " / len(input)")],
        loses={"test_dense": 0.5},
        hint="divided by the batch size",
    ),
    Mistake(
        "dense_climbs",
        "adds the gradient in place of subtracting it",
        cell="dense",
        edit=[("self.weights - self", "self.weights + self"), ("self.biases - self", "self.biases + self")],
        loses={"test_dense": 0.5, "test_accuracy": 0.5},
        hint="the step climbs",
    ),
    Mistake(
        "dense_without_learning_rate",
        "leaves the learning rate out of both steps",
        cell="dense",
        edit=[("self.learning_rate * input", "input"), ("self.learning_rate * grad", "grad")],
        loses={"test_dense": 0.55},
        hint="the learning rate is left out",
    ),
    Mistake(
        "dense_fixed_learning_rate",
        "ignores the learning rate that the constructor is given",
        cell="dense",
        edit=[("self.learning_rate = learning_rate", "self.learning_rate = 0.1")],
        loses={"test_dense": 0.55},
        hint="the default learning rate is used, not the one given",
    ),
    Mistake(
        "dense_default_learning_rate",
        "has another default learning rate than the exercise asks for",
        cell="dense",
        edit=[("learning_rate=0.1", "learning_rate=0.01")],
        loses={"test_dense": 0.05},
        hint="the step with the default learning rate",
    ),
    Mistake(
        "dense_step_before_the_input_gradient",
        "updates the weights and then takes the input gradient with the new ones",
        cell="dense",
        edit=[
            ("        " + DENSE_INPUT_GRADIENT + "\n", ""),
            ("return grad_input", "return grad_output @ self.weights.T"),
        ],
        loses={"test_dense": 0.2, "test_accuracy": 0.5},
        hint="the weights were updated first",
    ),
    Mistake(
        "dense_weights_not_transposed",
        "forgets the transpose in the gradient of the input",
        cell="dense",
        edit=[(DENSE_INPUT_GRADIENT, "grad_input = grad_output @ self.weights")],
        loses={"test_dense": 1.25, "test_accuracy": 0.5},
        hint="at `grad_input = grad_output @ self.weights`",
    ),
    Mistake(
        "dense_wrong_factor_transposed",
        "transposes grad_output in place of the input in the gradient of the weights",
        cell="dense",
        edit=[("input.T @ grad_output", "grad_output.T @ input")],
        loses={"test_dense": 1.25, "test_accuracy": 0.5},
        hint="stopped with ValueError",
    ),
    Mistake(
        "dense_returns_gradient_of_weights",
        "returns the gradient of the weights, where that of the input is asked for",
        cell="dense",
        edit=[("return grad_input", "return input.T @ grad_output")],
        loses={"test_dense": 0.7, "test_accuracy": 0.5},
        hint="the gradient of the weights is returned",
    ),
    Mistake(
        "dense_returns_nothing",
        "forgets to return the gradient of the input",
        cell="dense",
        edit=[("        return grad_input", "")],
        loses={"test_dense": 0.7, "test_accuracy": 0.5},
        hint="without a return",
    ),
    Mistake(
        "dense_forgets_biases",
        "leaves the biases out of forward",
        cell="dense",
        edit=[(DENSE_FORWARD, "return input @ self.weights")],
        loses={"test_dense": 0.2},
        hint="the biases are forgotten",
    ),
    Mistake(
        "dense_never_moves_biases",
        "takes no step on the biases",
        cell="dense",
        edit=[("        " + DENSE_BIASES + "\n", "")],
        loses={"test_dense": 0.2},
        hint="Dense.biases after backward: likely backward takes no step",
    ),
    Mistake(
        "dense_sums_biases_over_units",
        "sums the gradient of the biases over the units in place of the batch",
        cell="dense",
        edit=[("grad_output.sum(axis=0)", "grad_output.sum(axis=1)")],
        loses={"test_dense": 1.25, "test_accuracy": 0.5},
        hint="grad_output.sum(axis=1)",
    ),
    Mistake(
        "dense_sums_biases_over_everything",
        "sums the gradient of the biases over units and batch",
        cell="dense",
        edit=[("grad_output.sum(axis=0)", "grad_output.sum()")],
        loses={"test_dense": 0.2},
        hint="summed over everything",
    ),
    Mistake(
        "dense_biases_are_a_row",
        "gives the biases the shape [1, out]",
        cell="dense",
        edit=[(DENSE_START_BIASES, "self.biases = np.zeros((1, output_units))")],
        loses={"test_dense": 0.1},
        hint="an axis of length 1 is left over",
    ),
    Mistake(
        "dense_keeps_an_axis_of_biases",
        "keeps the summed axis, so that a step turns the biases into a row",
        cell="dense",
        edit=[("sum(axis=0)", "sum(axis=0, keepdims=True)")],
        loses={"test_dense": 0.2},
        hint="an axis of length 1 is left over",
    ),
    Mistake(
        "dense_starts_at_zero",
        "starts with zero weights",
        cell="dense",
        edit=[(DENSE_START, "self.weights = np.zeros((input_units, output_units))")],
        loses={"test_dense": 0.15, "test_accuracy": 0.5},
        hint="the weights start at zero",
    ),
    Mistake(
        "dense_starts_constant",
        "starts with equal weights",
        cell="dense",
        edit=[(DENSE_START, "self.weights = np.full((input_units, output_units), 0.01)")],
        loses={"test_dense": 0.15, "test_accuracy": 0.5},
        hint="do not start random",
    ),
    Mistake(
        "dense_starts_positive",
        "draws weights from [0, 1), which are not zero on average",
        cell="dense",
        edit=[(DENSE_START, "self.weights = 0.01 * np.random.rand(input_units, output_units)")],
        loses={"test_dense": 0.15},
        hint="not zero on average",
    ),
    Mistake(
        "dense_starts_large",
        "multiplies the random weights by the number of inputs in place of making them small",
        cell="dense",
        edit=[("scale=0.01", "scale=input_units")],
        loses={"test_dense": 0.15, "test_accuracy": 0.5},
        hint="the weights start too large",
    ),
    Mistake(
        "dense_starts_with_random_biases",
        "starts with biases that are not zero",
        cell="dense",
        edit=[(DENSE_START_BIASES, "self.biases = 0.01 * np.random.randn(output_units)")],
        loses={"test_dense": 0.1},
        hint="Dense.biases at the start: the right result is 0 here",
    ),
    Mistake(
        "dense_weights_out_by_in",
        "keeps the weights as [out, in]",
        cell="dense",
        edit=[
            ("size=(input_units, output_units)", "size=(output_units, input_units)"),
            (DENSE_FORWARD, "return input @ self.weights.T + self.biases"),
            (DENSE_INPUT_GRADIENT, "grad_input = grad_output @ self.weights"),
            ("input.T @ grad_output", "grad_output.T @ input"),
        ],
        loses={"test_dense": 1.9},
        hint="an array of shape (120, 90) is expected, found an array of shape (90, 120)",
    ),
    Mistake(
        "dense_scales_grad_output_in_place",
        "multiplies grad_output itself by the learning rate",
        cell="dense",
        edit=[
            (
                DENSE_WEIGHTS,
                "grad_output *= self.learning_rate\n        self.weights = self.weights - input.T @ grad_output",
            ),
            ("self.learning_rate * grad_output.sum", "grad_output.sum"),
        ],
        loses={"test_dense": 0.1},
        hint="grad_output was changed in place",
    ),
    Mistake(
        "dense_remembers_its_input",
        "uses the input of the last forward in place of the one that backward is given",
        cell="dense",
        edit=[
            (DENSE_FORWARD, "self.input = input\n        " + DENSE_FORWARD),
            ("input.T @ grad_output", "self.input.T @ grad_output"),
        ],
        loses={"test_dense": 0.1},
        hint="it uses what the last forward left behind",
    ),
    Mistake(
        "dense_squares_the_learning_rate",
        "applies the learning rate when the gradient is made and again in the step",
        cell="dense",
        edit=[(DENSE_WEIGHTS, DENSE_WEIGHTS + " * self.learning_rate")],
        loses={"test_dense": 0.35},
        hint="the learning rate is applied twice",
    ),
]

FORWARD_MISTAKES = [
    Mistake(
        "forward_returns_the_last",
        "returns the output of the network alone",
        cell="forward",
        edit=[("return activations", "return X")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="the last activation alone",
    ),
    Mistake(
        "forward_includes_the_input",
        "starts the list with X",
        cell="forward",
        edit=[("activations = []", "activations = [X]")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="the list starts with the input",
    ),
    Mistake(
        "forward_lists_the_inputs",
        "appends the input of each layer before it is passed on",
        cell="forward",
        edit=[
            (
                "X = layer.forward(X)\n        activations.append(X)",
                "activations.append(X)\n        X = layer.forward(X)",
            )
        ],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="the inputs of the layers",
    ),
    Mistake(
        "forward_feeds_x_to_every_layer",
        "gives X to every layer",
        cell="forward",
        edit=[("X = layer.forward(X)\n        activations.append(X)", "activations.append(layer.forward(X))")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="must get the output of the layer before it",
    ),
    Mistake(
        "forward_stops_early",
        "leaves the last layer out",
        cell="forward",
        edit=[("in network:", "in network[:-1]:")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="there is one for each layer",
    ),
    Mistake(
        "forward_makes_one_array",
        "packs the list into one array, which fails for layers of different sizes",
        cell="forward",
        edit=[("return activations", "return np.array(activations)")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="a list of the activations is expected",
    ),
    Mistake(
        "forward_from_the_last_layer",
        "walks through the layers in reverse",
        cell="forward",
        edit=[("in network:", "in network[::-1]:")],
        loses={"test_forward": 0.5, "test_accuracy": 0.5},
        hint="the last layer comes first",
    ),
    Mistake(
        "forward_with_fixed_depth",
        "works for three layers only",
        cell="forward",
        source="""def forward(network, X):
    first = network[0].forward(X)
    second = network[1].forward(first)
    third = network[2].forward(second)
    return [first, second, third]
""",
        loses={"test_forward": 0.15},
        hint="IndexError",
    ),
]

TRAIN_LOOP = "for layer, layer_input in zip(reversed(network), reversed(layer_inputs), strict=True):"
TRAIN_STEP = "grad = layer.backward(layer_input, grad)"
TRAIN_GRAD = "grad = grad_softmax_crossentropy_with_logits(logits, y)"

TRAIN_MISTAKES = [
    Mistake(
        "train_sums_the_loss",
        "returns the summed loss",
        cell="train",
        edit=[(".mean()", ".sum()")],
        loses={"test_train": 0.3},
        hint="summed over the batch",
    ),
    Mistake(
        "train_returns_every_loss",
        "returns the loss of every sample",
        cell="train",
        edit=[(".mean()", "")],
        loses={"test_train": 0.3},
        hint="the loss of every sample",
    ),
    Mistake(
        "train_takes_the_loss_after_the_step",
        "computes the loss with the new parameters",
        cell="train",
        edit=[
            (
                "    return loss",
                "    logits = forward(network, X)[-1]\n    return softmax_crossentropy_with_logits(logits, y).mean()",
            )
        ],
        loses={"test_train": 0.3},
        hint="the loss is taken after the step",
    ),
    Mistake(
        "train_returns_nothing",
        "forgets to return the loss",
        cell="train",
        edit=[("    return loss", "")],
        loses={"test_train": 0.3},
        hint="without a return",
    ),
    Mistake(
        "train_never_steps",
        "computes the loss and its gradient and calls no backward",
        cell="train",
        edit=[("    " + TRAIN_LOOP + "\n        " + TRAIN_STEP + "\n", "")],
        loses={"test_train": 0.7, "test_accuracy": 0.5},
        hint="nothing learns",
    ),
    Mistake(
        "train_skips_the_first_layer",
        "stops the backward pass before the first layer",
        cell="train",
        edit=[
            (
                TRAIN_LOOP + "\n        " + TRAIN_STEP,
                "for i in range(len(network) - 1, 0, -1):\n        grad = network[i].backward(layer_inputs[i], grad)",
            )
        ],
        loses={"test_train": 0.2, "test_accuracy": 0.5},
        hint="is not called for the first layer",
    ),
    Mistake(
        "train_skips_the_last_layer",
        "takes the gradient of the loss for that of the last layer's input",
        cell="train",
        edit=[
            (
                TRAIN_LOOP + "\n        " + TRAIN_STEP,
                "for i in range(len(network) - 2, -1, -1):\n        grad = network[i].backward(layer_inputs[i], grad)",
            )
        ],
        loses={"test_train": 0.45, "test_accuracy": 0.5},
        hint="is not called for the last layer",
    ),
    Mistake(
        "train_goes_back_from_the_first_layer",
        "passes the gradient through the layers in the order of the forward pass",
        cell="train",
        edit=[(TRAIN_LOOP, "for layer, layer_input in zip(network, layer_inputs, strict=True):")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="the gradient enters at the first layer",
    ),
    Mistake(
        "train_gives_layers_their_outputs",
        "is off by one: every backward gets the output of its layer",
        cell="train",
        edit=[("reversed(layer_inputs)", "reversed(activations)")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="the layer's own output",
    ),
    Mistake(
        "train_gives_x_to_every_layer",
        "gives X to every backward",
        cell="train",
        edit=[("layer.backward(layer_input, grad)", "layer.backward(X, grad)")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="X for every layer",
    ),
    Mistake(
        "train_does_not_reverse_the_inputs",
        "reverses the layers, but not their inputs",
        cell="train",
        edit=[("reversed(layer_inputs)", "layer_inputs")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="their inputs are not",
    ),
    Mistake(
        "train_does_not_chain",
        "gives the gradient of the loss to every layer",
        cell="train",
        edit=[(TRAIN_STEP, "layer.backward(layer_input, grad)")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="not what the layer after it handed down",
    ),
    Mistake(
        "train_averages_the_gradient_again",
        "divides the gradient of the loss by the batch size once more",
        cell="train",
        edit=[(TRAIN_GRAD, TRAIN_GRAD + " / len(y)")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="divided by the batch size once more",
    ),
    Mistake(
        "train_sums_the_gradient",
        "multiplies the gradient by the batch size",
        cell="train",
        edit=[(TRAIN_GRAD, TRAIN_GRAD + " * len(y)")],
        loses={"test_train": 0.25, "test_accuracy": 0.5},
        hint="not divided by the batch size",
    ),
    Mistake(
        "train_steps_twice",
        "calls backward of every layer twice",
        cell="train",
        edit=[(TRAIN_STEP, "layer.backward(layer_input, grad)\n        " + TRAIN_STEP)],
        loses={"test_train": 0.45, "test_accuracy": 0.5},
        hint="more than once",
    ),
]

ACCURACY_MISTAKES = [
    Mistake(
        "accuracy_trains_too_little",
        "puts a network without a hidden layer in place of the given one, and trains it for one epoch",
        cell="accuracy",
        source="network = [Dense(X_train.shape[1], 10)]\nfit(network, epochs=1)\n",
        loses={"test_accuracy": 0.5},
        hint="it learned something, but not enough",
    ),
    Mistake(
        "accuracy_of_a_fresh_network",
        "makes a network and does not train it",
        cell="accuracy",
        source="np.random.seed(1)\nnetwork = [Dense(X_train.shape[1], 10)]\n",
        loses={"test_accuracy": 0.5},
        hint="nothing was learned",
    ),
    Mistake(
        "accuracy_by_heart",
        "looks the held-out digits up",
        cell="accuracy",
        source="""class Table(Layer):
    answers = {image.tobytes(): label for image, label in zip(X_val, y_val)}

    def forward(self, input):
        return np.eye(10)[[self.answers.get(image.tobytes(), 0) for image in input]]


network = [Table()]
""",
        loses={"test_accuracy": 0.5},
        hint="learned by heart",
    ),
]

HOMEWORK_MISTAKES = [
    *RELU_MISTAKES,
    *DENSE_MISTAKES,
    *FORWARD_MISTAKES,
    *TRAIN_MISTAKES,
    *ACCURACY_MISTAKES,
]

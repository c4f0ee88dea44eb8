"""Mistakes that students make in the lecture's exercises; those in the short questions follow from the questions."""

from functools import partial

from grader.judge.authoring.mistakes import planted
from grader.judge.authoring.quiz import wrong_answers

from .keys import asked

cube = partial(planted, "cube_step")
quadratic = partial(planted, "quadratic_step")
hidden = partial(planted, "hidden_layer_grads")
MISTAKES = [
    cube("cube_step_summed", "sums over the samples", 0.9, "summed", ("np.mean", "np.sum")),
    cube("cube_step_climbs", "adds the slope", 0.9, "climbs", ("theta - learning_rate", "theta + learning_rate")),
    cube("cube_step_no_inner", "forgets the factor of the chain rule", 0.9, "second factor is missing",
        ("error * x**3", "error")),
    cube("cube_step_slope_in_x", "differentiates in x", 0.9, "it is theta that moves",
        ("error * x**3", "error * 3 * theta * x**2")),
    cube("cube_step_doubled", "forgets the 1/2", 0.9, "not cancelled", ("np.mean", "2 * np.mean")),
    cube("cube_step_no_rate", "ignores the learning rate", 0.9, "learning rate is missing", ("learning_rate * ", "")),
    cube("cube_step_three_samples", "divides by 3, as on paper", 0.2, "a batch of",
        ("np.mean(error * x**3)", "np.sum(error * x**3) / 3")),
    cube("cube_step_in_place", "turns y into the error", 0.1, "y was changed in place",
        ("error = theta * x**3 - y", "y -= theta * x**3; error = -y")),
    cube("cube_step_rate_written_in", "steps by the rate of the expected result", 0.9, "learning rate is missing",
        ("learning_rate * np", "1.0 * np")),
    quadratic("quadratic_step_rate_written_in", "steps by the rate of the text", 0.8, "written in",
        ("learning_rate * features", "0.1 * features")),
    quadratic("quadratic_step_returns_theta", "changes theta itself and returns it", 0.2, "theta was changed in place",
        ("    return theta - learning_rate * features.T @ error / len(x)",
         "    theta[:] = theta - learning_rate * features.T @ error / len(x)\n    return theta")),
    quadratic("quadratic_step_summed", "sums over the samples", 0.8, "summed", (" / len(x)", "")),
    quadratic("quadratic_step_climbs", "adds the gradient", 0.8, "climbs", ("theta - learning", "theta + learning")),
    quadratic("quadratic_step_turned", "takes theta[0] for the constant", 0.8, "order is turned round",
        ("[x**2, x, np.ones_like(x)]", "[np.ones_like(x), x, x**2]")),
    quadratic("quadratic_step_slope_only", "returns the gradient", 0.8, "this is the slope",
        ("theta - learning_rate * ", "")),
    quadratic("quadratic_step_one_after_the_other", "updates one parameter after the other", 0.8, "one after the other",
        ("    error = features @ theta - y\n", "    theta = theta.copy()\n    for k in range(3):\n"),
        ("    return theta - learning_rate * features.T @ error / len(x)",
         "        theta[k] -= learning_rate * np.mean((features @ theta - y) * features[:, k])\n    return theta")),
    quadratic("quadratic_step_in_place", "changes theta itself", 0.2, "theta was changed in place",
        ("    return theta - learning_rate * features.T @ error / len(x)",
         "    theta -= learning_rate * features.T @ error / len(x)\n    return theta")),
    quadratic("quadratic_step_three_samples", "divides by 3, as on paper", 0.2, "a batch of", ("len(x)", "3")),
    hidden("hidden_layer_grads_summed", "sums over the samples", 0.8, "E is a mean", (" / len(x)", "")),
    hidden("hidden_layer_grads_no_slope", "forgets the slope of the sigmoid", 0.45, "slope of the sigmoid is missing",
        (" * hidden * (1 - hidden)", "")),
    hidden("hidden_layer_grads_slope_of_value", "takes the slope at the value", 0.45, "taken at its value",
        ("hidden * (1 - hidden)\n", "sigmoid(hidden) * (1 - sigmoid(hidden))\n")),
    hidden("hidden_layer_grads_no_w1", "forgets w1 on the way back", 0.45, "not multiplied by w1",
        ("(d_yhat @ w1.T)", "d_yhat")),
    hidden("hidden_layer_grads_sign", "takes y minus the prediction", 0.8, "the sign",
        ("(hidden @ w1 + b1 - y)", "(y - hidden @ w1 - b1)")),
    hidden("hidden_layer_grads_bias_over_all", "sums db0 over the units, too", 0.3, "db0",
        ("d_z.sum(axis=0)", "d_z.sum()")),
    hidden("hidden_layer_grads_bias_mean", "averages the biases again", 0.35, "twice",
        ("d_z.sum(", "d_z.mean("), ("d_yhat.sum(", "d_yhat.mean(")),
    hidden("hidden_layer_grads_order", "returns the second layer first", 0.9, "dw0",
        ("return x.T @ d_z, d_z.sum(axis=0), hidden.T @ d_yhat, d_yhat.sum(axis=0)",
         "return hidden.T @ d_yhat, d_yhat.sum(axis=0), x.T @ d_z, d_z.sum(axis=0)")),
    hidden("hidden_layer_grads_in_place", "turns y into the error", 0.1, "y was changed in place",
        ("(hidden @ w1 + b1 - y) / len(x)", "-np.subtract(y, hidden @ w1 + b1, out=y) / len(x)")),
    hidden("hidden_layer_grads_pile_up", "adds to gradients that an earlier call left", 0.9, "an earlier call",
        ("def hidden_layer_grads(x, y, w0, b0, w1, b1):", "def hidden_layer_grads(x, y, w0, b0, w1, b1, kept=[]):"),
        ("    return x.T @ d_z, d_z.sum(axis=0), hidden.T @ d_yhat, d_yhat.sum(axis=0)",
         "    grads = x.T @ d_z, d_z.sum(axis=0), hidden.T @ d_yhat, d_yhat.sum(axis=0)\n"
         "    kept[:] = [old + new for old, new in zip(kept, grads)] if kept else grads\n    return tuple(kept)")),
    *wrong_answers(asked.which_way, asked.two_steps_down, asked.two_paths),
    *wrong_answers(asked.why_not_step, asked.zero_start, asked.unit_change),
]

"""Mistakes that students make in automatic differentiation, planted in the reference."""

from functools import partial

from grader.judge.authoring.mistakes import planted

value = partial(planted, "value")
VALUE = [
    value("value_overwrites", "sets the gradient of a parent and does not add", 0.7, "only one use of a node counts",
        ("arrived.get(id(parent), 0.0) + slope * gradient", "slope * gradient")),
    value("value_grad_replaced", "replaces grad at every pass", 0.2, "",
        ("node.grad += gradient", "node.grad = gradient")),
    value("value_nodes_keep_gradients", "keeps gradients in the nodes from pass to pass", 0.2, "send them once more",
        ("arrived = {id(self): 1.0}", "self.grad = 1.0"), ("arrived[id(node)]", "node.grad"),
        ("            node.grad += gradient\n", ""),
        ("arrived[id(parent)] = arrived.get(id(parent), 0.0) + slope * gradient", "parent.grad += slope * gradient")),
    value("value_recursion_too_deep", "visits a long chain by recursion", 0.2, "the limit of about 1000",
        ("reversed(_in_order(self))", "reversed(_visited(self, [], set()))"),
        ("def _as_value(one):", "def _visited(node, order, seen):\n    if id(node) not in seen:\n"
         "        seen.add(id(node))\n        for parent, _ in node.parents:\n"
         "            _visited(parent, order, seen)\n        order.append(node)\n    return order\n\n\n"
         "def _as_value(one):")),
    value("value_every_path", "walks every path by itself", 0.2, "every path was walked by itself",
        ("for node in reversed(_in_order(self)):", "for node, gradient in _paths(self):"),
        ("            gradient = arrived[id(node)]\n", ""),
        ("            for parent, slope in node.parents:\n"
         "                arrived[id(parent)] = arrived.get(id(parent), 0.0) + slope * gradient\n", ""),
        ("        arrived = {id(self): 1.0}\n", ""),
        ("def _as_value(one):", "def _paths(result):\n    waiting = [(result, 1.0)]\n    while waiting:\n"
         "        node, gradient = waiting.pop()\n        yield node, gradient\n"
         "        waiting += [(parent, slope * gradient) for parent, slope in node.parents]\n\n\n"
         "def _as_value(one):")),
    value("value_minus_lost", "loses the sign of a difference", 0.8, "",
        ("return self + -_as_value(other)", "return self + _as_value(other)")),
    value("value_factor_itself", "gives each factor itself for a slope", 1.3, "",
        ("[(self, other.data), (other, self.data)]", "[(self, self.data), (other, other.data)]")),
    value("value_power_keeps_exponent", "leaves the exponent up", 0.6, "",
        ("exponent * self.data ** (exponent - 1)", "self.data ** (exponent - 1)")),
    value("value_tanh_of_input", "takes the square of the input", 0.4, "the square is that of the output",
        ("1 - result**2", "1 - self.data**2")),
    value("value_tanh_of_the_square", "takes the tanh of the square", 0.4,
        "1 - tanh(a^2); the square is that of the output", ("1 - result**2", "1 - math.tanh(self.data**2)")),
    value("value_power_without_brackets", "subtracts 1 from the power, not from the exponent", 0.6,
        "the exponent n - 1 needs brackets",
        ("exponent * self.data ** (exponent - 1)", "exponent * self.data**exponent - 1")),
    value("value_relu_always_open", "lets everything through", 0.6, "(-b).relu()", ("float(self.data > 0)", "1.0")),
    value("value_no_number_on_the_left", "knows no number on the left of a difference", 0.4, "",
        ("def __rsub__", "def rsub")),
    value("value_left_difference_turned", "takes a - 3 for 3 - a", 0.4, "turned round",
        ("return _as_value(other) - self", "return self - other")),
    value("value_in_the_order_of_a_queue", "walks back level by level, and sends on before all has arrived", 0.3, "",
        ("reversed(_in_order(self))", "_level_by_level(self)"),
        ("def _as_value(one):", "def _level_by_level(result):\n    order, waiting = {}, [result]\n    while waiting:\n"
         "        node = waiting.pop(0)\n        if node not in order:\n            order[node] = None\n"
         "            waiting += [parent for parent, _ in node.parents]\n    return order\n\n\ndef _as_value(one):")),
    value("value_nothing_returned", "forgets the return of log", 0.6, "",
        ("return Value(math.log(self.data)", "Value(math.log(self.data)")),
]

unbroadcast = partial(planted, "unbroadcast")
UNBROADCAST = [
    unbroadcast("unbroadcast_means", "takes the mean", 0.5, "copies add up",
        ("grad.sum(axis=tuple(range(in_front)))", "grad.mean(axis=tuple(range(in_front)))"),
        ("grad.sum(axis=repeated, keepdims=True)", "grad.mean(axis=repeated, keepdims=True)")),
    unbroadcast("unbroadcast_in_front_only", "forgets the axes of length 1", 0.25, "",
        ("return grad.sum(axis=repeated, keepdims=True)", "return grad")),
    unbroadcast("unbroadcast_drops_ones", "drops the axes of length 1", 0.25, "",
        ("axis=repeated, keepdims=True", "axis=repeated")),
    unbroadcast("unbroadcast_ones_only", "forgets the axes in front", 0.5, "",
        ("    grad = grad.sum(axis=tuple(range(in_front)))\n", "")),
    unbroadcast("unbroadcast_one_axis_only", "sums one axis in front at most", 0.25, "",
        ("axis=tuple(range(in_front))", "axis=tuple(range(min(in_front, 1)))")),
    unbroadcast("unbroadcast_first_copy", "takes the first copy", 0.5, "the first copy alone",
        ("grad.sum(axis=tuple(range(in_front)))", "grad[(0,) * in_front]")),
]

tensor = partial(planted, "tensor")
TENSOR = [
    tensor("tensor_not_unbroadcast", "leaves the gradient as broadcasting made it", 0.45, "",
        ("unbroadcast(send(gradient), parent.data.shape)", "send(gradient)")),
    tensor("tensor_product_not_transposed", "forgets to transpose in the product", 0.2, "",
        ("g @ other.data.T", "g @ other.data"), ("self.data.T @ g", "self.data @ g")),
    tensor("tensor_sum_spread_wrongly", "spreads a sum along the rows whatever the axis", 0.15, "",
        ("np.broadcast_to(g.reshape(kept.shape), self.data.shape)", "np.broadcast_to(g, self.data.shape)")),
    tensor("tensor_keeps_whole_numbers", "keeps the type of what it is given", 0.2, "float64",
        ("np.array(array, dtype=np.float64)", "np.array(array)")),
    tensor("tensor_grad_replaced", "replaces grad at every pass", 0.15, "",
        ("node.grad = node.grad + gradient", "node.grad = gradient")),
    tensor("tensor_quotient_sign", "loses the sign of the denominator", 0.45, "", ("-g * quotient", "g * quotient")),
    tensor("tensor_shares_grad", "adds in place into an array that others have as well", 0.15, "",
        ("unbroadcast(send(gradient), parent.data.shape)",
         "send(gradient)\n                if part.shape != parent.data.shape:\n"
         "                    part = unbroadcast(part, parent.data.shape)"),
        ("node.grad = node.grad + gradient",
         "node.grad = gradient if not np.any(node.grad) else np.add(node.grad, gradient, out=node.grad)")),
    tensor("tensor_adds_in_place", "adds in place to an array on its way, which another node waits for as well", 0.15,
        "grad of u", ("unbroadcast(send(gradient), parent.data.shape)",
         "send(gradient)\n                if part.shape != parent.data.shape:\n"
         "                    part = unbroadcast(part, parent.data.shape)"),
        ("                arrived[id(parent)] = arrived[id(parent)] + part if id(parent) in arrived else part",
         "                if id(parent) in arrived:\n                    arrived[id(parent)] += part\n"
         "                else:\n                    arrived[id(parent)] = np.require(part, requirements='W')")),
    tensor("tensor_log_of_a_larger_number", "adds 1e-8 before the log", 0.2, "log(A + 1e-08); log(A) is asked for",
        ("np.log(self.data)", "np.log(self.data + 1e-8)")),
    tensor("tensor_turned_not_back", "does not turn the gradient of a transpose round", 0.2, "",
        ("lambda g: g.T)", "lambda g: g)")),
]

MISTAKES = [*VALUE, *UNBROADCAST, *TENSOR]

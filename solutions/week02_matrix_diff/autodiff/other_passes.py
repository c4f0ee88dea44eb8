"""Passes back through a graph that do one thing otherwise, for the ``others`` of keys."""

import numpy as np


class Node:
    """A number with + and *, as much as the questions about passes need."""

    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, list(parents)

    def __add__(self, other):
        return type(self)(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return type(self)(self.data * other.data, [(self, other.data), (other, self.data)])


def in_order(result):
    """All nodes, each before what it was made from."""
    order = []

    def visit(node):
        if node not in order:
            for parent, _ in node.parents:
                visit(parent)
            order.append(node)

    visit(result)
    return order[::-1]


def by_level(result):
    order, waiting = [], [result]
    while waiting:
        node = waiting.pop(0)
        if node not in order:
            order.append(node)
            waiting += [parent for parent, _ in node.parents]
    return order


def by_depth(result):
    order, waiting = [], [result]
    while waiting:
        node = waiting.pop()
        if node not in order:
            order.append(node)
            waiting += [parent for parent, _ in node.parents]
    return order


def gathered(take=sum, order=in_order, adds=True):
    """A pass that takes something of all that arrives at a node; `adds`: to what `grad` was."""

    def backward(self):
        arrived = {self: [1.0]}
        for node in order(self):
            gradient = take(arrived.get(node, [0.0]))
            node.grad = gradient + (node.grad if adds else 0.0)
            for parent, slope in node.parents:
                arrived.setdefault(parent, []).append(slope * gradient)

    return backward


def kept(starts_anew):
    """All gradients stay in the nodes."""

    def backward(self):
        self.grad = 1.0 if starts_anew else self.grad + 1.0
        for node in in_order(self):
            for parent, slope in node.parents:
                parent.grad += slope * node.grad

    return backward


def sent_at_each_arrival(self):
    def visit(node):
        for parent, slope in node.parents:
            parent.grad += slope * node.grad
            visit(parent)

    self.grad += 1.0
    visit(self)


def once_for_ever(self):
    """Who was visited in an earlier pass is not visited again."""
    arrived = {self: 1.0}
    for node in in_order(self):
        if not getattr(node, "seen", False):
            node.grad += arrived.get(node, 0.0)
            for parent, slope in node.parents:
                arrived[parent] = arrived.get(parent, 0.0) + slope * arrived.get(node, 0.0)
        node.seen = True


TAKES = {
    "the last part that arrives": lambda parts: parts[-1],
    "the first part that arrives": lambda parts: parts[0],
    "the mean of the parts that arrive": np.mean,
    "the largest of the parts that arrive": max,
    "the product of the parts that arrive": np.prod,
}
PASSES = {  # the first is told that gives the numbers: what happens more often stands before
    "nodes are gone through level by level, and send on before all has arrived": gathered(order=by_level),
    "nodes are gone through in depth, and send on before all has arrived": gathered(order=by_depth),
    **{f"a node takes {words}, not all of them": gathered(take) for words, take in TAKES.items()},
    **{
        f"a node takes {words}, not all of them, and loses what it had": gathered(take, adds=False)
        for words, take in TAKES.items()
    },
    "a pass replaces what grad was": gathered(adds=False),
    "nodes in between keep what they got in one pass, and send it in the next as well": kept(True),
    "all nodes keep what they got in one pass, and send it in the next as well": kept(False),
    "a node sends on all of its grad each time that a part arrives": sent_at_each_arrival,
    "a node that an earlier pass went through is left out": once_for_ever,
}


def other_passes(question, case):
    """{words: the answer to a question} for Values that go back otherwise."""
    kinds = {words: type("Value", (Node,), {"backward": backward}) for words, backward in PASSES.items()}
    answers = {words: question.ask({"Value": kind}, vars(case)) for words, kind in kinds.items()}
    return {f"what comes where {words}": answer for words, answer in answers.items()}

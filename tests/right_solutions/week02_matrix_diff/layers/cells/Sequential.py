# ruff: noqa: E741

# %% head_and_tail
class Sequential(Module):
    def __init__(self, *layers):
        self.layers = list(layers)
        self.head = layers[0]
        self.tail = Sequential(*layers[1:]) if len(layers) > 1 else None

    def forward(self, x):
        self.mid = self.head.forward(x)
        return self.tail.forward(self.mid) if self.tail else self.mid

    def backward(self, x, grad_output):
        if self.tail:
            grad_output = self.tail.backward(self.mid, grad_output)
        return self.head.backward(x, grad_output)

    def parameters(self):
        return [*self.head.parameters(), *(self.tail.parameters() if self.tail else [])]

    def gradients(self):
        return [*self.head.gradients(), *(self.tail.gradients() if self.tail else [])]

    def zero_grad(self):
        self.head.zero_grad()
        if self.tail:
            self.tail.zero_grad()


# %% popped_on_the_way_back
class Sequential(Module):
    def __init__(self, *layers):
        self.layers = layers

    def forward(self, x):
        self.inputs = []
        for l in self.layers:
            self.inputs.append(x)
            x = l.forward(x)
        return x

    def backward(self, x, grad_output):
        for l in reversed(self.layers):
            grad_output = l.backward(self.inputs.pop(), grad_output)
        return grad_output

    def parameters(self):
        return [p for l in self.layers for p in l.parameters()]

    def gradients(self):
        return [p for l in self.layers for p in l.gradients()]

    def zero_grad(self):
        for l in self.layers:
            l.zero_grad()

# %% add_at
class NLLCriterion(Module):
    def forward(self, x, target):
        return -np.take_along_axis(x, target[:, None], axis=1).mean()

    def backward(self, x, target):
        g = np.zeros(x.shape)
        np.add.at(g, (np.arange(len(target)), target), -1.0 / len(target))
        return g

# %% history
def lr_at(epoch, lr0, decay):
    return np.float64(lr0) * (1 + decay * epoch) ** -1


class EarlyStopping:
    def __init__(self, patience, min_delta=0.0):
        self.patience = patience
        self.min_delta = min_delta
        self.history = []
        self.last_good = -1
        self.best = None

    def update(self, val_loss):
        self.history.append(val_loss)
        if self.best is None or self.best - val_loss > self.min_delta:
            self.best = val_loss
            self.last_good = len(self.history) - 1
        return np.bool_(len(self.history) - 1 - self.last_good >= self.patience)

# %% shrinks_first
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new, m, v = adam_step(w, grad, m, v, t, lr, beta1, beta2, eps)
    return (1 - lr * weight_decay) * w + (new - w), m, v


# %% from_zero
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    move, m, v = adam_step(0 * w, grad, m, v, t, 1.0, beta1, beta2, eps)
    return w + lr * (move - weight_decay * w), m, v


# %% all_by_name
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    result = adam_step(w=w, grad=grad, m=m, v=v, t=t, lr=lr, beta1=beta1, beta2=beta2, eps=eps)
    return result[0] - lr * weight_decay * w, result[1], result[2]


# %% adam_of_shrunk_weights
def adamw_step(w, grad, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return adam_step((1 - lr * weight_decay) * w, grad, m, v, t, lr, beta1=beta1, beta2=beta2, eps=eps)

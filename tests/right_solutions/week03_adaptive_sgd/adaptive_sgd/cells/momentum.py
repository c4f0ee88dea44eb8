# %% minus_equals_on_a_copy
def momentum_step(w, grad, velocity, lr, mu):
    velocity = velocity * mu
    velocity += grad * lr
    w = np.copy(w)
    w -= velocity
    return w, velocity


# %% by_plain_descent
def momentum_step(w, grad, velocity, lr, mu):
    v = mu * velocity + lr * grad
    return sgd_step(w, v, 1), v


# %% list_of_two
def momentum_step(w, grad, velocity, lr, mu):
    v_new = np.add(np.multiply(mu, velocity), np.multiply(lr, grad))
    return [np.subtract(w, v_new), v_new]


# %% single
def momentum_step(w, grad, velocity, lr, mu):
    v = mu * velocity.astype("float32") + lr * grad.astype("float32")
    return w.astype("float32") - v, v


# %% a_namedtuple
from collections import namedtuple

Step = namedtuple("Step", "w velocity")


def momentum_step(w, grad, velocity, lr, mu):
    velocity = np.array(velocity, dtype=float)
    velocity *= mu
    velocity += lr * grad
    return Step(w=w - velocity, velocity=velocity)

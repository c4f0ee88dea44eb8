"""The judge's own optimiser steps, and each of them with the mistakes that students make.

``RIGHT[name]`` and ``WRONG[name][key]`` have the signature that the contract gives the student's function. The keys are
those of ``words.LIKELY``, which holds what a student reads.
"""

import inspect

import numpy as np

# How `follow` has to call each step.
CALLS = {  # public
    "sgd": {},
    "momentum": {"states": 1},
    "rmsprop": {"states": 1},
    "nesterov": {"states": 1, "looks_ahead": True},
    "adagrad": {"states": 1},
    "adam": {"states": 2, "counted": True},
    "adamw": {"states": 2, "counted": True},
}


def sgd(w, g, lr):
    return w - lr * g


def momentum(w, g, v, lr, mu):
    u = mu * v + lr * g
    return w - u, u


def nesterov(w, slope, v, lr, mu):
    return momentum(w, slope(w - mu * v), v, lr, mu)


def rmsprop(w, g, s, lr, alpha=0.9, eps=1e-8):
    s = alpha * s + (1 - alpha) * g * g
    return w - lr * g / (s**0.5 + eps), s


def adagrad(w, g, s, lr, eps=1e-8):
    s = s + g * g
    return w - lr * g / (s**0.5 + eps), s


def adam(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta1, beta2)
    return w - _adam_move(m, v, t, t, lr, beta1, beta2, eps), m, v


def adamw(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new, m, v = adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * w, m, v


RIGHT = {step.__name__: step for step in (sgd, momentum, rmsprop, nesterov, adagrad, adam, adamw)}


def _moments(g, m, v, beta1, beta2):
    return beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g


def _adam_move(m, v, t_m, t_v, lr, beta1, beta2, eps):
    """Adam's step from the new moments, corrected as if the counts were t_m and t_v (None: not corrected)."""
    m_hat = m if t_m is None else m / (1 - beta1**t_m)
    v_hat = v if t_v is None else v / (1 - beta2**t_v)
    return lr * m_hat / (v_hat**0.5 + eps)


def _adam_counting(count_m, count_v):
    def step(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        m, v = _moments(g, m, v, beta1, beta2)
        return w - _adam_move(m, v, count_m(t), count_v(t), lr, beta1, beta2, eps), m, v

    return step


def _adam_with(change):
    def step(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        return adam(w, g, m, v, t, *change(lr, beta1, beta2), eps)

    return step


def _adam_eps_inside(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta1, beta2)
    return w - lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps) ** 0.5, m, v


def _adam_no_root(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta1, beta2)
    return w - lr * m / (1 - beta1**t) / (v / (1 - beta2**t) + eps), m, v


def _adam_powered_bracket(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta1, beta2)
    return w - lr * m / (1 - beta1) ** t / ((v / (1 - beta2) ** t) ** 0.5 + eps), m, v


def _adam_returns_corrected(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    w, m, v = adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return w, m / (1 - beta1**t), v / (1 - beta2**t)


def _adam_absolute(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta1, beta2)[0], beta2 * v + (1 - beta2) * np.abs(g)
    return w - _adam_move(m, v, t, t, lr, beta1, beta2, eps), m, v


def _adam_stale(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    return w - _adam_move(m, v, t, t, lr, beta1, beta2, eps), *_moments(g, m, v, beta1, beta2)


def _adam_swapped_in_moments(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = _moments(g, m, v, beta2, beta1)
    return w - _adam_move(m, v, t, t, lr, beta1, beta2, eps), m, v


def _adam_bracket(*wrong):
    """Adam with the whole term in the bracket, in m or in v or in both: 1 - beta * grad."""

    def step(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8):
        new_m, new_v = _moments(g, m, v, beta1, beta2)
        m = beta1 * m + (1 - beta1 * g) if "m" in wrong else new_m
        v = beta2 * v + (1 - beta2 * g * g) if "v" in wrong else new_v
        return w - _adam_move(m, v, t, t, lr, beta1, beta2, eps), m, v

    return step


def _adamw_coupled(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    return adam(w, g + weight_decay * w, m, v, t, lr, beta1, beta2, eps)


def _adamw_decay_of_new(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    new, m, v = adam(w, g, m, v, t, lr, beta1, beta2, eps)
    return new - lr * weight_decay * new, m, v


def _adamw_pulling(pull):
    def step(w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        new, m, v = adam(w, g, m, v, t, lr, beta1, beta2, eps)
        return new - pull(lr, weight_decay) * w, m, v

    return step


def _velocity_move(make, sign=-1.0):
    def step(w, g, v, lr, mu):
        u = make(g, v, lr, mu)
        return w + sign * u, u

    return step


def _nesterov_at(place):
    return lambda w, slope, v, lr, mu: momentum(w, slope(place(w, v, mu)), v, lr, mu)


def _nesterov_from_lookahead(w, slope, v, lr, mu):
    ahead = w - mu * v
    u = mu * v + lr * slope(ahead)
    return ahead - u, u


def _nesterov_signed(w, slope, v, lr, mu):
    u = mu * v - lr * slope(w + mu * v)
    return w + u, u


def _nesterov_climbing(w, slope, v, lr, mu):
    u = mu * v + lr * slope(w - mu * v)
    return w + u, u


def _rmsprop_with(mean, root=lambda s, eps, alpha: s**0.5 + eps):
    def step(w, g, s, lr, alpha=0.9, eps=1e-8):
        s = mean(s, g, alpha)
        return w - lr * g / root(s, eps, alpha), s

    return step


def _rms_mean(s, g, alpha):
    return alpha * s + (1 - alpha) * g * g


def _adagrad_with(total, root=lambda s, eps: s**0.5 + eps):
    def step(w, g, s, lr, eps=1e-8):
        s = total(s, g)
        return w - lr * g / root(s, eps), s

    return step


def _add_square(s, g):
    return s + g * g


WRONG = {
    "sgd": {
        "climbs": lambda w, g, lr: w + lr * g,
        "no_rate": lambda w, g, lr: w - g,
        "rate_twice": lambda w, g, lr: w - lr * lr * g,
        "sign_only": lambda w, g, lr: w - lr * np.sign(g),
        "normalised": lambda w, g, lr: w - lr * g / np.linalg.norm(g),
    },
    "momentum": {
        "rate_outside": lambda w, g, v, lr, mu: (w - lr * (mu * v + g), mu * v + g),
        "averaged": _velocity_move(lambda g, v, lr, mu: mu * v + (1 - mu) * lr * g),
        "velocity_sign": _velocity_move(lambda g, v, lr, mu: mu * v - lr * g, sign=1.0),
        "velocity_climbs": _velocity_move(lambda g, v, lr, mu: mu * v + lr * g, sign=1.0),
        "climbs": _velocity_move(lambda g, v, lr, mu: mu * v - lr * g),
        "old_velocity": lambda w, g, v, lr, mu: (w - v, mu * v + lr * g),
        "velocity_reset": _velocity_move(lambda g, v, lr, mu: lr * g),
        "velocity_not_damped": _velocity_move(lambda g, v, lr, mu: v + lr * g),
        "mu_on_all": _velocity_move(lambda g, v, lr, mu: mu * (v + lr * g)),
        "no_rate": _velocity_move(lambda g, v, lr, mu: mu * v + g),
        "mu_on_w": lambda w, g, v, lr, mu: (mu * w - mu * v - lr * g, mu * v + lr * g),
        "nesterov_of_new": lambda w, g, v, lr, mu: (w - mu * (mu * v + lr * g) - lr * g, mu * v + lr * g),
        "velocity_of_w": lambda w, g, v, lr, mu: (w - mu * w - lr * g, mu * w + lr * g),
    },
    "nesterov": {
        "gradient_here": _nesterov_at(lambda w, v, mu: w),
        "looks_back": _nesterov_at(lambda w, v, mu: w + mu * v),
        "looks_too_far": _nesterov_at(lambda w, v, mu: w - v),
        "lookahead_is_start": _nesterov_from_lookahead,
        "velocity_sign": _nesterov_signed,
        "velocity_climbs": _nesterov_climbing,
    },
    "rmsprop": {
        "no_root": _rmsprop_with(_rms_mean, lambda s, eps, alpha: s + eps),
        "eps_inside": _rmsprop_with(_rms_mean, lambda s, eps, alpha: (s + eps) ** 0.5),
        "no_eps": _rmsprop_with(_rms_mean, lambda s, eps, alpha: s**0.5),
        "stale_square": lambda w, g, s, lr, alpha=0.9, eps=1e-8: (w - lr * g / (s**0.5 + eps), _rms_mean(s, g, alpha)),
        "swapped_decay": _rmsprop_with(lambda s, g, alpha: (1 - alpha) * s + alpha * g * g),
        "not_squared": _rmsprop_with(lambda s, g, alpha: alpha * s + (1 - alpha) * g),
        "absolute": _rmsprop_with(lambda s, g, alpha: alpha * s + (1 - alpha) * np.abs(g)),
        "norm": _rmsprop_with(lambda s, g, alpha: alpha * s + (1 - alpha) * np.mean(g * g)),
        "norm_sum": _rmsprop_with(lambda s, g, alpha: alpha * s + (1 - alpha) * np.sum(g * g)),
        "only_square": _rmsprop_with(lambda s, g, alpha: g * g),
        "summed": _rmsprop_with(lambda s, g, alpha: s + g * g),
        "undamped_new": _rmsprop_with(lambda s, g, alpha: alpha * s + g * g),
        "bracket_of_all": _rmsprop_with(lambda s, g, alpha: alpha * s + (1 - alpha * g * g)),
        "square_reset": _rmsprop_with(lambda s, g, alpha: (1 - alpha) * g * g),
        "bias_corrected": _rmsprop_with(_rms_mean, lambda s, eps, alpha: (s / (1 - alpha)) ** 0.5 + eps),
        "climbs": lambda w, g, s, lr, alpha=0.9, eps=1e-8: rmsprop(w, g, s, -lr, alpha, eps),
        "no_rate": lambda w, g, s, lr, alpha=0.9, eps=1e-8: rmsprop(w, g, s, 1.0, alpha, eps),
    },
    "adagrad": {
        "no_root": _adagrad_with(_add_square, lambda s, eps: s + eps),
        "eps_inside": _adagrad_with(_add_square, lambda s, eps: (s + eps) ** 0.5),
        "no_eps": _adagrad_with(_add_square, lambda s, eps: s**0.5),
        "stale_square": lambda w, g, s, lr, eps=1e-8: (w - lr * g / (s**0.5 + eps), s + g * g),
        "averaged_squares": _adagrad_with(lambda s, g: 0.9 * s + 0.1 * g * g),
        "square_reset": _adagrad_with(lambda s, g: g * g),
        "absolute": _adagrad_with(lambda s, g: s + np.abs(g)),
        "norm": _adagrad_with(lambda s, g: s + np.sum(g * g)),
        "climbs": lambda w, g, s, lr, eps=1e-8: adagrad(w, g, s, -lr, eps),
        "no_rate": lambda w, g, s, lr, eps=1e-8: adagrad(w, g, s, 1.0, eps),
    },
    "adam": {
        "no_correction": _adam_counting(lambda t: None, lambda t: None),
        "only_m_corrected": _adam_counting(lambda t: t, lambda t: None),
        "only_v_corrected": _adam_counting(lambda t: None, lambda t: t),
        "t_from_zero": _adam_counting(lambda t: t - 1, lambda t: t - 1),
        "t_plus_one": _adam_counting(lambda t: t + 1, lambda t: t + 1),
        "powered_bracket": _adam_powered_bracket,
        "bracket_in_m": _adam_bracket("m"),
        "bracket_in_v": _adam_bracket("v"),
        "bracket_in_both": _adam_bracket("m", "v"),
        "eps_inside": _adam_eps_inside,
        "no_root": _adam_no_root,
        "returns_corrected": _adam_returns_corrected,
        "absolute": _adam_absolute,
        "stale_moments": _adam_stale,
        "moments_reset": lambda w, g, m, v, *rest, **options: adam(w, g, 0 * m, 0 * v, *rest, **options),
        "swapped_betas": _adam_with(lambda lr, beta1, beta2: (lr, beta2, beta1)),
        "swapped_in_moments": _adam_swapped_in_moments,
        "climbs": _adam_with(lambda lr, beta1, beta2: (-lr, beta1, beta2)),
        "no_rate": _adam_with(lambda lr, beta1, beta2: (1.0, beta1, beta2)),
    },
    "adamw": {
        "coupled": _adamw_coupled,
        "no_decay": _adamw_pulling(lambda lr, decay: 0.0),
        "decay_without_rate": _adamw_pulling(lambda lr, decay: decay),
        "decay_of_new": _adamw_decay_of_new,
        "decay_grows": _adamw_pulling(lambda lr, decay: -lr * decay),
    },
}


def _with(name, **values):
    """The right step with these arguments written in."""
    step = RIGHT[name]
    signature = inspect.signature(step)

    def wrong(*arguments, **options):
        bound = signature.bind(*arguments, **options)
        bound.arguments.update(values)
        return step(*bound.args, **bound.kwargs)

    return wrong


def _by_default(name, **values):
    """The right step with other defaults."""
    return lambda *arguments, **options: RIGHT[name](*arguments, **{**values, **options})


def _skipping_the_first(name):
    """The right step, but w stays where it is while the states are zero."""

    def wrong(w, grad, *rest, **options):
        new, *states = RIGHT[name](w, grad, *rest, **options)
        return (new if any(np.any(state) for state in rest[: len(states)]) else w, *states)

    return wrong


def _returning_the_old(name):
    """The right step, but the states that it was given come back."""

    def wrong(w, grad, *rest, **options):
        new, *states = RIGHT[name](w, grad, *rest, **options)
        return (new, *rest[: len(states)])

    return wrong


def _turned_round(name):
    """The right step, but what it returns comes back in the other order."""
    return lambda *arguments, **options: RIGHT[name](*arguments, **options)[::-1]


for _name, _step in RIGHT.items():
    _options = {of: one.default for of, one in inspect.signature(_step).parameters.items() if one.default != one.empty}
    WRONG[_name] |= {f"{of}_written_in": _with(_name, **{of: default}) for of, default in _options.items()}
    WRONG[_name]["rate_written_in"] = _with(_name, lr=0.1)
    if _name != "sgd":
        WRONG[_name]["first_step_skipped"] = _skipping_the_first(_name)
        WRONG[_name]["old_state"] = _returning_the_old(_name)
        WRONG[_name]["turned_round"] = _turned_round(_name)
for _name in ("momentum", "nesterov"):
    WRONG[_name]["mu_written_in"] = _with(_name, mu=0.9)
for _name in ("adam", "adamw"):
    WRONG[_name]["t_ignored"] = _with(_name, t=1)
    WRONG[_name]["no_eps"] = _with(_name, eps=0.0)
WRONG["rmsprop"]["alpha_default"] = _by_default("rmsprop", alpha=0.99)
WRONG["adagrad"]["eps_default"] = _by_default("adagrad", eps=1e-10)
WRONG["adamw"]["weight_decay_default"] = _by_default("adamw", weight_decay=1e-4)
WRONG["adamw"]["betas_left_out"] = _with("adamw", beta1=0.9, beta2=0.999)
WRONG["adamw"]["all_left_out"] = _with("adamw", beta1=0.9, beta2=0.999, eps=1e-8)

"""The steps once more, as ``with_other_parts`` takes them: every part has the name that a student may call it by."""

from grader.judge.authoring.parts import with_other_parts

from .steps import RIGHT


def momentum(part, w, g, v, lr, mu):
    u = part("mu * velocity", mu * v) + part("lr * grad", lr * g)
    return [part("w", w) - part("the new velocity in the move of w", u), u]


def nesterov(part, w, slope, v, lr, mu):
    ahead = part("the look-ahead point", w - part("mu * velocity in the look-ahead point", mu * v))
    u = part("mu * velocity in the new one", mu * v) + part("lr * gradient", lr * slope(ahead))
    return [part("w, where the step starts,", w) - part("the new velocity in the move of w", u), u]


def _by_root(part, w, g, square, lr, eps):
    """The move of RMSProp and of AdaGrad, from the new square."""
    root = part("the root of the new square", part(SQUARE, square) ** 0.5)
    return part("w", w) - part("lr * grad above the line", lr * g) / (root + part("eps", eps))


SQUARE = "the new square"


def rmsprop(part, w, g, s, lr, alpha=0.9, eps=1e-8):
    s = part("alpha * mean_square", alpha * s) + (1 - alpha) * part("grad^2", g * g)
    return [_by_root(part, w, g, s, lr, eps), s]


def adagrad(part, w, g, s, lr, eps=1e-8):
    s = part("sum_square", s) + part("grad^2", g * g)
    return [_by_root(part, w, g, s, lr, eps), s]


def adam(part, w, g, m, v, t, lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    m = part("beta1 * m", beta1 * m) + (1 - beta1) * part("grad in m", g)
    v = part("beta2 * v", beta2 * v) + (1 - beta2) * part("grad^2 in v", g * g)
    above = part("the corrected m", part("m in the step", m) / part("the correction of m", 1 - beta1**t))
    below = part("the corrected v", part("v in the step", v) / part("the correction of v", 1 - beta2**t))
    move = lr * above / (part("the root of v", below**0.5) + part("eps", eps))
    new = part("w", w) - part("the step", move)
    if weight_decay:
        part("the new w", new)
        new = new - part("lr * weight_decay * w", lr * weight_decay * part("w in the decay", w))
    return [new, m, v]


def adamw(part, *arguments, weight_decay=0.01, **options):
    return adam(part, *arguments, weight_decay=weight_decay, **options)


PARTED = {step.__name__: step for step in (momentum, nesterov, rmsprop, adagrad, adam, adamw)}
SCALES = {"momentum": ("lr", "mu"), "nesterov": ("lr", "mu"), "rmsprop": ("lr", "alpha"), "adagrad": ("lr",)}
TURNED = "what comes where {} is kept with the other sign"


def altered(name, one_call, names, defaults):
    """{words: [w, *states]} of one call, with each part of the step altered in turn."""
    if name not in PARTED:
        return {}
    w, grad, states, rest, options = one_call
    arguments = w, grad, *states, *rest
    given = {**defaults, **dict(zip(names, rest, strict=True)), **options}
    scales = {scale: given[scale] for scale in SCALES.get(name, ("lr", "beta1", "beta2"))}
    beside = dict(zip(states_of(name), states, strict=True)) | ({} if callable(grad) else {"grad": grad})
    found = with_other_parts(lambda part: PARTED[name](part, *arguments, **options), beside, scales)
    if len(states) == 1 and name in ("momentum", "nesterov"):
        new, kept = RIGHT[name](w, grad, -states[0], *rest, **options)
        found[TURNED.format("the velocity")] = [new, -kept]
    return found


def states_of(name):
    return {"adam": ("m", "v"), "adamw": ("m", "v"), "rmsprop": ("mean_square",), "adagrad": ("sum_square",)}.get(
        name, ("velocity",)
    )

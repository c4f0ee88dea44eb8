# %% ols
# The slope of the loss is the mean of -2 x (y - w x), so at the minimum w = sum(x y) / sum(x^2) = (2 + 6) / (1 + 4).
ols = 1.6

# %% gd_steps
# L'(w) = ((-2)(2 - w) + (-4)(3 - 2 w)) / 2 = 5 w - 8; each step halves the distance to 1.6.
gd_steps = [0.8, 1.2, 1.4]

# %% sgd_steps
# Sample (1, 2): w + 0.2 (2 - w);  sample (2, 3): w + 0.4 (3 - 2 w).
sgd_steps = [0.4, 1.28, 1.424, 1.4848]

# %% momentum_steps
# v: 0.1 * (-8) = -0.8, then 0.9 * (-0.8) + 0.1 * (-4) = -1.12.
momentum_steps = [0.8, 1.92]

# %% nesterov_steps
# Look ahead to 0.8 + 0.9 * 0.8 = 1.52, where the slope is -0.4; v = -0.72 - 0.04 = -0.76.
nesterov_steps = [0.8, 1.56]

# %% rmsprop_steps
# s: 0.1 * 64 = 6.4, step 0.8 / 2.5298; then slope -6.4189, s = 5.76 + 4.1202 = 9.8802, step 0.64189 / 3.1433.
rmsprop_steps = [0.31623, 0.52044]

# %% adam_steps
# m^ = -8, v^ = 64: a step of 0.1. Then slope -7.5: m^ = -1.47 / 0.19 = -7.7368, v^ = 11.385 / 0.19 = 59.921.
adam_steps = [0.1, 0.19995]

# %% logistic_step
# L = -ln s(w x), L'(1) = -(1 - s(-5)) (-5) = 5 * 0.99331 = 4.96654.
logistic_step = 0.95033


# %% one_step_parabola
def one_step_parabola(a, b, c):
    """The learning rate with which one step of gradient descent ends in the minimum of a x^2 + b x + c, a > 0.

    x - lr (2 a x + b) = -b / (2 a) for every x when lr = 1 / (2 a): one over the curvature. b and c do not enter.
    """
    return 1 / (2 * a)


# %% ridge_step
# L'(0) = -x (y - 0) + 0 = -2.
ridge_step = 0.2

# %% robbins_monro
# The sum must diverge and the sum of squares converge: t^-p does both for 1/2 < p <= 1.
robbins_monro = [True, False, False, False, False]
p_range = (0.5, 1)

# %% [markdown] why_overshoot
# The velocity after the first step is -0.8, and 0.9 of it, 0.72, is taken again whatever the slope says. The second
# step is 1.12 long where 0.4 would do for plain descent, so w passes 1.6 and reaches 1.92. There the slope is +1.6
# and has to eat up the velocity first. On this parabola, whose only curvature is 5, plain descent halves its distance
# in every step; with a memory of 0.9 it shrinks by 0.95 a step in the long run. Memory pays in a long valley: along its
# floor the slopes agree and the steps grow to ten times their size; across it they alternate, and about half of a
# step is left. So a rate that is limited by the steep direction does no harm in the flat one.

# %% [markdown] why_first_step
# At the first step m = 0.1 g and v = 0.1 g^2, and the correction divides both by 0.1: the step is eta g / sqrt(g^2)
# = eta sign(g), for any g. So eta is a distance, in units of w, and it is chosen by how far w has to go and how
# fine it has to end; the units of the loss are of no importance. RMSProp without the correction makes the first
# step eta / sqrt(1 - alpha), 3.2 times as long here. With alpha = 0.999 it would be 32 times as long, while the
# average knows only one gradient: that is what the correction prevents, and what a warm-up makes milder.

# %% [markdown] why_not_settle
# The two samples want different weights, 2 and 1.5. With a constant rate every step pulls w towards the sample it
# has just seen: w + 0.2 (2 - w) moves a fifth of the way to 2, w + 0.8 (1.5 - w) most of the way to 1.5. So w ends
# in a cycle of two values and never at 1.6, although each step is right for its sample. The width of the cycle is
# nearly proportional to the rate. If the rate falls so that the sum of its squares converges, the jumps add up to
# something finite and die out; its sum must diverge all the same, or w stops before it has arrived.

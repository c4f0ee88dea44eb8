# Exact fractions where there are some, four decimals where not; 1 and 0 for True and False.

# %% before ols
from fractions import Fraction


# %% ols
ols = Fraction(8, 5)

# %% gd_steps
gd_steps = [Fraction(4, 5), Fraction(6, 5), Fraction(7, 5)]

# %% sgd_steps
sgd_steps = (0.4, 1.28, 1.424, 1.4848)

# %% momentum_steps
momentum_steps = [Fraction(4, 5), Fraction(48, 25)]

# %% nesterov_steps
nesterov_steps = [8 / 10, 39 / 25]

# %% rmsprop_steps
rmsprop_steps = [0.3162, 0.5204]

# %% adam_steps
adam_steps = [0.1, 0.1999]

# %% logistic_step
logistic_step = 0.9503


# %% one_step_parabola
def one_step_parabola(a, b, c):
    # any two points do: the slope changes by 2 a between 0 and 1
    slope = lambda x: 2 * a * x + b  # noqa: E731
    return (1 - 0) / (slope(1) - slope(0))


# %% ridge_step
ridge_step = 1 / 5

# %% robbins_monro
robbins_monro = (1, 0, 0, 0, 0)
p_range = (1 / 2, 1)

# Computed with the functions of homework 2 in place of paper: full precision, arrays and numpy's numbers.

# %% before ols
def slope_at(w):
    return np.mean(-2 * x * (y - w * x))


# %% ols
ols = (x @ y) / (x @ x)

# %% gd_steps
gd_steps = []
w = 0.0
for _ in range(3):
    w = w - 0.1 * slope_at(w)
    gd_steps.append(w)

# %% sgd_steps
sgd_steps = np.zeros(4)
w = 0.0
for t in range(4):
    i = t % 2
    w -= 0.1 * -2 * x[i] * (y[i] - w * x[i])
    sgd_steps[t] = w

# %% momentum_steps
w = v = 0.0
momentum_steps = []
for _ in range(2):
    v = 0.9 * v + 0.1 * slope_at(w)
    w -= v
    momentum_steps += [w]

# %% nesterov_steps
w = v = 0.0
nesterov_steps = ()
for _ in range(2):
    v = 0.9 * v + 0.1 * slope_at(w - 0.9 * v)
    w -= v
    nesterov_steps += (w,)

# %% rmsprop_steps
w = s = 0.0
rmsprop_steps = []
for _ in range(2):
    s = 0.9 * s + 0.1 * slope_at(w) ** 2
    w -= 0.1 * slope_at(w) / s**0.5
    rmsprop_steps.append(np.float64(w))

# %% adam_steps
w = m = v = 0.0
adam_steps = []
for t in (1, 2):
    g = slope_at(w)
    m, v = 0.9 * m + 0.1 * g, 0.9 * v + 0.1 * g * g
    w -= 0.1 * (m / (1 - 0.9**t)) / np.sqrt(v / (1 - 0.9**t))
    adam_steps.append(w)
adam_steps = np.array(adam_steps)

# %% logistic_step
logistic_step = 1 - 0.01 * (1 / (1 + np.exp(5)) - 1) * -5


# %% one_step_parabola
def one_step_parabola(a, b, c):
    curvature = np.polyder([a, b, c], 2)
    return 1 / curvature[0]


# %% ridge_step
ridge_step = np.array(0 - 0.1 * (-(2 - 0 * 1) * 1 + 0))

# %% robbins_monro
exponents = [1, 0.3, 0.5, 2, np.inf]
robbins_monro = [0.5 < p <= 1 for p in exponents]
p_range = [0.5, 1.0]

# Numbers that are off by nearly 5e-5, and steps computed from them.

# %% ols
ols = 1.60004

# %% gd_steps
gd_steps = [0.80004, 1.20004, 1.40004]

# %% sgd_steps
sgd_steps = [0.39996, 1.27996, 1.42396, 1.48476]

# %% momentum_steps
momentum_steps = np.array([0.79996, 1.91996])

# %% nesterov_steps
nesterov_steps = [0.80004, 1.56004]

# %% rmsprop_steps
rmsprop_steps = [0.31627, 0.52048]

# %% adam_steps
adam_steps = [0.09996, 0.1999]

# %% logistic_step
logistic_step = np.float64(0.95037)


# %% one_step_parabola
def one_step_parabola(a, b, c):
    return np.reciprocal(2.0 * a)


# %% ridge_step
ridge_step = 0.20004

# %% robbins_monro
yes, no = np.bool_(True), np.bool_(False)
robbins_monro = np.array([yes, no, no, no, no])
p_range = np.array([0.5, 1.0])

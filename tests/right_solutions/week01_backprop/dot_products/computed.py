# Every number computed by numpy.

# %% dot_by_hand
dot_by_hand = np.dot([2, -1, 3], [1, 4, 2])

# %% last_row
last_row = "B"

# %% how_many_outer
how_many_outer = np.ones((5, 3)).shape[1]

# %% layer_shapes
layer_shapes = "b)"

# %% parameter_count
parameter_count = sum(np.zeros((i + 1, o)).size for i, o in [(10, 8), (8, 4)])

# %% bias_trap
bias_trap = " c"

# Floats, and arrays of a single number.

# %% dot_by_hand
dot_by_hand = np.array([[2.0, -1.0, 3.0]]) @ np.array([[1.0], [4.0], [2.0]])

# %% last_row
last_row = "(b)"

# %% how_many_outer
how_many_outer = 3.0

# %% layer_shapes
layer_shapes = "b."

# %% parameter_count
parameter_count = 124.0

# %% bias_trap
bias_trap = ["c"]

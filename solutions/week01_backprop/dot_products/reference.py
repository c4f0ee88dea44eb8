# %% dot_by_hand
# 2 * 1 - 1 * 4 + 3 * 2.
dot_by_hand = 4

# %% last_row
last_row = "b"

# %% how_many_outer
# One for each inner index.
how_many_outer = 3

# %% layer_shapes
layer_shapes = "b"

# %% parameter_count
# (10 * 8 + 8) + (8 * 4 + 4); the batch has no part in it.
parameter_count = 124

# %% bias_trap
bias_trap = "c"

# Cells of the student's own, exact numbers of other types.

# %% before dot_by_hand
from decimal import Decimal
from fractions import Fraction

# %% dot_by_hand
dot_by_hand = Fraction(2) - 4 + 6

# %% last_row
last_row = "b "

# %% how_many_outer
how_many_outer = Decimal(3)

# %% layer_shapes
layer_shapes = "\tb\n"

# %% before parameter_count
sizes = [10, 8, 4]

# %% parameter_count
parameter_count = np.int64(sum((1 + sizes[k]) * sizes[k + 1] for k in range(2)))

# %% bias_trap
bias_trap = {"c"}

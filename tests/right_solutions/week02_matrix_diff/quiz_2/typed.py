# Another student, everything worked on paper and typed.

# %% student_name
student_name = "Ada Lovelace"

# %% gradient
gradient = -18

# %% two_weights
two_weights = (-1.5, -0.3)

# %% chain
chain = (8, 4)

# %% dead
dead = "B"

# %% rate
rate = (1 / 8, 1 / 4)

# %% layer_gradient
layer_gradient = " c "

# %% quadratic_form
quadratic_form = (-17, 19)

# %% trace_rule
trace_rule = "a"

# %% least_squares
least_squares = (10, 10)

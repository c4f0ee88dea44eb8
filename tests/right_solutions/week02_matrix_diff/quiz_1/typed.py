# Another student, everything worked on paper and typed: tuples, whole numbers, a capital letter, other units.

# %% student_name
student_name = "  ada   LOVELACE "

# %% neuron
neuron = (7, 0)

# %% parameters
parameters = 89

# %% formula
formula = "B"

# %% linear_net
linear_net = (-14, 3)

# %% relu_net
relu_net = 23.0

# %% kinks
kinks = (-2, 2)
slopes = (-9, -15, -6)

# %% gate
gate = [-9, -1, -5]

# %% picture
# The factor inside may be any: the kink and the change of slope count.
units = [(2, 4, -1 / 2), (3, 0, 1), (1 / 2, -1 / 2, -4)]
offset = -2

# %% regions
regions = (2, 0, 3, 2)

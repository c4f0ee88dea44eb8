# The same picture by another network: all its units look to the left. Biases at the very edge of what is right.

# %% student_name
student_name = "ADA LOVELACE"

# %% neuron
neuron = [7.0004, 0]

# %% parameters
parameters = 8 * 3 + 3 + 3 * 5 + 5 + 5 * 7 + 7

# %% formula
formula = {"b"}

# %% linear_net
linear_net = [-14.0, 3.0]

# %% relu_net
relu_net = 24 - 1

# %% kinks
kinks = np.array([-2, 2])
slopes = [-9, -15, -6]

# %% gate
gate = [-8, 0, -4]

# %% picture
# All three look to the left; level on the right, at the height of the last corner.
units = [[-1, -2, -1], [-1, 0, 3], [-1, 1, -2]]
offset = -2

# %% regions
regions = [2.0, 0.0, 3.0, 2.0]

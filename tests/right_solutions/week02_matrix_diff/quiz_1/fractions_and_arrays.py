# A name beyond ASCII, typed with combining accents; fractions, numpy's numbers and arrays.

# %% student_name
student_name = "C\u0327elik O\u0308ztu\u0308rk"

# %% before neuron
from fractions import Fraction

# %% neuron
neuron = np.array([0, 11])

# %% parameters
parameters = np.int64(2 * 3 + 3 + 3 * 4 + 4 + 4 * 8 + 8)

# %% formula
formula = "(b)"

# %% linear_net
linear_net = [Fraction(-8, 2), Fraction(18, 2)]

# %% relu_net
relu_net = np.array([-19.0])

# %% kinks
kinks = [Fraction(-12, 3), np.float32(1)]
slopes = np.array([9, 3, -6], dtype=np.int8)

# %% gate
gate = np.array([-7.0, 0.0, -3.0])

# %% picture
units = np.array([[1.0, 1.0, -1.0], [1.0, -2.0, 2.0], [1.0, -4.0, -1.0]])
offset = Fraction(4, 2)

# %% regions
regions = np.array([3, 2, 0, 2])

# A name beyond ASCII; fractions, decimals, numpy's numbers and arrays.

# %% student_name
student_name = "çelik öztürk"

# %% before gradient
from decimal import Decimal
from fractions import Fraction

# %% gradient
gradient = np.float64(8)

# %% two_weights
two_weights = [Fraction(7, 10), Fraction(3, 10)]

# %% chain
chain = np.array([-12, -12])

# %% dead
dead = "a)"

# %% rate
rate = [Decimal("0.1"), Decimal("0.2")]

# %% layer_gradient
layer_gradient = ["c"]

# %% quadratic_form
quadratic_form = np.array([-3.0, -7.0])

# %% trace_rule
trace_rule = "c."

# %% least_squares
least_squares = [np.int32(2), np.float32(-6)]

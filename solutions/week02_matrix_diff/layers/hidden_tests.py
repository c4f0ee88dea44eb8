"""Hidden tests of the layers, half a bonus point a class: value, input gradient, parameter gradients, and as a chain.

Every backward comes after a forward with the same x, as in training. Sequential is judged with layers of the judge's.
"""

from .linear_tests import *  # noqa: F403, I001  what a student reads goes class by class
from .activation_tests import *  # noqa: F403
from .criterion_tests import *  # noqa: F403

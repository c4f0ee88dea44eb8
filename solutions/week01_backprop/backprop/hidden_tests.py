"""Hidden tests of homework 1: the list of what is asked, in the order of the notebook.

Points are split by property; what one test judges is taken as given by the others. Sizes are all different, so that
a transposed rule cannot pass; inputs are of order one. A test of a backward calls the forward first, as training does;
that this is not needed is a property, and points, of its own.
"""

from .homework_tests import *  # noqa: F403, I001  required exercises come first, as in the notebook
from .bonus_tests import *  # noqa: F403

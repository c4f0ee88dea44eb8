"""Hidden tests of homework 2's optimisers: the list of what is asked, in the order of the notebook.

Points are split by property; what one test judges is taken as given by the others. A step is judged three ways: its
numbers for one step from a random state, the whole path down a random bowl, and its behaviour: how fast it is on a bowl
of known condition number, what it is blind to, its manners.
"""

from .step_tests import *  # noqa: F403, I001  in the order of the notebook
from .bonus_tests import *  # noqa: F403
from .own_tests import *  # noqa: F403

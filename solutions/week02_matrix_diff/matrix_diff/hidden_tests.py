"""Hidden tests of the matrix derivatives: the list of what is asked, in the order of the notebook.

Each row of half a point is split: most of it for the derivative at a general point, where no symmetry hides a mistake
and the sizes all differ; a part for a simpler case (a symmetric matrix, single numbers, the identity), which a half
right derivation earns; a tenth for leaving the arguments alone.
"""

from .vector_tests import *  # noqa: F403, I001  in the order of the notebook
from .trace_tests import *  # noqa: F403
from .inverse_tests import *  # noqa: F403
from .model_tests import *  # noqa: F403

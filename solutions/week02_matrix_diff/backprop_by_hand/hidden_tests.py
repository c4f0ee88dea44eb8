"""Hidden tests of backpropagation by hand, in the order of the notebook.

Numbers worked on paper are right when they are within 5e-5 of the exact ones, or of what follows from the student's
own earlier numbers (`answers.Sheet`); functions are judged at random points.
"""

from .graph_tests import *  # noqa: F403, I001  in the order of the notebook
from .function_tests import *  # noqa: F403
from .step_tests import *  # noqa: F403

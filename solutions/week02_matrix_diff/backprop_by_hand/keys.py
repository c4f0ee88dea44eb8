"""Keys of backpropagation by hand.

Numbers worked on paper are right when they are within 5e-5 of the exact ones, or of what follows from the student's
own earlier numbers (`answers.Sheet`); functions are judged at random points.
"""

from . import function_keys, graph_keys, step_keys

__all__ = ["function_keys", "graph_keys", "step_keys"]

"""The catalogue of mistakes in the matrix derivatives, in the order of the notebook; derivations come last."""

from .derivation_mistakes import DERIVATION_MISTAKES
from .difference_mistakes import DIFFERENCE_MISTAKES
from .inverse_mistakes import INVERSE_MISTAKES
from .model_mistakes import MODEL_MISTAKES
from .network_mistakes import NETWORK_MISTAKES
from .trace_mistakes import TRACE_MISTAKES
from .vector_mistakes import VECTOR_MISTAKES

MISTAKES = [
    *VECTOR_MISTAKES,
    *TRACE_MISTAKES,
    *INVERSE_MISTAKES,
    *MODEL_MISTAKES,
    *NETWORK_MISTAKES,
    *DIFFERENCE_MISTAKES,
    *DERIVATION_MISTAKES,
]

"""Keys of the matrix derivatives, in the order of the notebook."""

from . import derivation_keys, inverse_keys, model_keys, network_keys, trace_keys, vector_keys

__all__ = ["derivation_keys", "inverse_keys", "model_keys", "network_keys", "trace_keys", "vector_keys"]

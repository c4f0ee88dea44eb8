"""Solutions of automatic differentiation: Value, unbroadcast and Tensor."""

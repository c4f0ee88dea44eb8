"""What should be repeated in class when a mistake was made: a topic, worked out when the mistake is found.

The report counts topics and puts them into words; it looks at no hint. A finding of the general rules has its topic by
its code. A mistake that an author has named has it by the author's own words.
"""

import re

BY_CODE = {
    "transposed": "matrix_shapes",
    "shape": "axes",
    "not_summed": "axes",
    "summed": "axes",
    "broadcast": "axes",
    "sign": "step_sign",
    "argument_changed": "in_place",
    "not_finite": "overflow",
    "mask": "relu_mask",
    "shifted": "optimiser_state",
    "state_not_kept": "optimiser_state",
    "state_shared": "optimiser_state",
    "not_defined": "order_of_cells",
    "type": "returned_types",
    "symmetric": "product_rule",
    "term": "product_rule",
}
_MEANS = re.compile("batch_size|length|entries")  # in the name of a wrong factor
# The first row that fits.
BY_WORDS = (
    (r"averaged over the batch|summed over the batch|batch_size|mean .*sum|sum .*mean", "batch_mean"),
    (r"transpose|\.T\b|inner sizes|wrong order|other order", "matrix_shapes"),
    (r"broadcast|keepdims|axis|shape", "axes"),
    (r"minus sign|climbs|subtract|\bsign\b", "step_sign"),
    (r"in place|changed by the call|work on a copy", "in_place"),
    (r"exp of more|overflow|log\(0\)|nan|inf\b|stable", "overflow"),
    (r"\beps\b|square root|the root", "eps_and_root"),
    (r"mask|kink|let through|slope 1 at|not >=|the sign of the input", "relu_mask"),
    (r"chain rule|gradient of the layer above|grad_output", "chain_rule"),
    (r"velocity|state|kept|moment|before the step|off by one step|corrected|old ", "optimiser_state"),
    (r"mean and variance|statistics|running", "batch_statistics"),
    (r"not defined|spelling|was not run", "order_of_cells"),
    (r"without a return|None|np.array\(\.\.\.\)|a list|a tuple|parts", "returned_types"),
    (r"factor 2|term|product of two", "product_rule"),
)


def topic_of(code: str, words: str) -> str:
    """The topic of a mistake; empty if it has none."""
    kind, _, detail = code.partition(":")
    if code == "step:-1":
        return "step_sign"
    if kind in ("factor", "step") and detail:
        return "batch_mean" if _MEANS.search(detail) else "product_rule" if detail.strip("-") in ("2", "1/2") else ""
    return BY_CODE.get(kind) or next((topic for pattern, topic in BY_WORDS if re.search(pattern, words)), "")

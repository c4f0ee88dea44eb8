"""Solutions of week 2's worksheet: backpropagation by hand."""

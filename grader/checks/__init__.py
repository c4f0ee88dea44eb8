"""What a notebook imports: checks of results and gradients, the diagnosis of a wrong one, data, plots."""

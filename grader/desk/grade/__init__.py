"""From `submitted/` to results: jobs, and the workers that do them."""

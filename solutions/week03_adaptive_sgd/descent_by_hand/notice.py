# %% one_step_parabola
# The right length depends on the curvature alone: neither the start nor the place of the minimum has a part in it.

# %% filled_in
def my_follow(step, gradient, start, steps):
    path = np.zeros((steps + 1, *start.shape))
    path[0] = start
    state = 0 * start
    for t in range(steps):
        path[t + 1], state = step(path[t], gradient(path[t]), state)
    return path


# %% recursive
def my_follow(step, gradient, start, steps):
    def rest(w, state, left):
        return [w] if not left else [w, *rest(*step(w, gradient(w), state), left - 1)]

    return np.stack(rest(start.copy(), np.zeros(start.shape), steps))

# %% my_follow
# All that a step knows of the past is what the last one handed on. The path keeps copies, so that a step which works in
# place cannot rewrite it.
def my_follow(step, gradient, start, steps):
    w, memory = np.array(start), np.zeros_like(start)
    path = [w.copy()]
    for _ in range(steps):
        w, memory = step(w, gradient(w), memory)
        path.append(np.array(w))
    return np.stack(path)

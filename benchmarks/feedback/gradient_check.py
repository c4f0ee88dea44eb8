"""The gradient check of a dense layer, 512 x 256, batch 64: random directions beside a loop over the entries.

A loop over all 131,072 entries would take minutes; it is timed on some and scaled up, which is exact but for noise,
since every entry costs the same two calls of the loss.
"""

import time

import numpy as np

from grader.checks.derivatives.check import derivative

INPUTS, OUTPUTS, BATCH = 512, 256, 64
ENTRIES = 200  # of the loop
ROUNDS = 7


def times() -> tuple[float, float, float]:
    """Processor seconds: our check of the weights, of weights, biases and input, and the loop over the weights."""
    rng = np.random.default_rng(0)
    X, W = rng.normal(size=(BATCH, INPUTS)), rng.normal(size=(INPUTS, OUTPUTS)) / np.sqrt(INPUTS)
    b, G = rng.normal(size=OUTPUTS), rng.normal(size=(BATCH, OUTPUTS))

    def loss(X, W, b):
        return float(np.sum((X @ W + b) * G))

    parts = (
        (lambda w: loss(X, w, b), W, X.T @ G),
        (lambda v: loss(X, W, v), b, G.sum(axis=0)),
        (lambda x: loss(x, W, b), X, G @ W.T),
    )
    ours = [_best(lambda part=part: _checked(*part)) for part in parts]
    looped = _best(lambda: loop(parts[0][0], W, ENTRIES), rounds=3) * W.size / ENTRIES
    return ours[0], sum(ours), looped


def loop(f, x, entries: int) -> np.ndarray:
    """Centred differences by the first entries of x, the plain way: one entry changed at a time."""
    x, slope = x.copy(), np.zeros(entries)
    for entry in range(entries):
        old, h = x.flat[entry], 1e-5
        x.flat[entry] = old + h
        above = f(x)
        x.flat[entry] = old - h
        below = f(x)
        x.flat[entry] = old
        slope[entry] = (above - below) / (2 * h)
    return slope


def text() -> str:
    weights, layer, looped = times()
    return (
        f"gradient check of a dense layer {INPUTS} x {OUTPUTS}, batch {BATCH}\n"
        f"  weights along a random direction           {weights * 1e3:8.1f} ms\n"
        f"  weights, biases and input                  {layer * 1e3:8.1f} ms\n"
        f"  weights, loop over {INPUTS * OUTPUTS} entries         {looped * 1e3:8.0f} ms\n"
        f"  the loop takes {looped / weights:.0f} times as long for the weights"
    )


def _checked(f, x, gradient) -> None:
    if not derivative(f, x, gradient, "gradient", 1e-5).verdict.ok:
        raise AssertionError("a right gradient was refused")


def _best(run, rounds: int = ROUNDS) -> float:
    """Processor seconds of the fastest of some runs: the others were disturbed."""
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return min(taken)


if __name__ == "__main__":
    print(text())

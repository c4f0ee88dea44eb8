"""Parts 6 and 7: training steps on paper, each number judged also from the student's own numbers before it."""

import numpy as np

from week02_matrix_diff import backprop_by_hand_questions as asked

from .answers import Entry, Sheet
from .function_keys import s

# two_steps

SAMPLES = {1: (np.array([[5.0, 2.0]]), np.array([0.0])), 2: (np.array([[1.0, 1.0]]), np.array([1.0]))}
SHAPES = {"w3": (2,), "W2": (2, 2), "W1": (2, 2)}
START = {name: np.zeros(shape) for name, shape in SHAPES.items()}


def before(v, step):
    """The weights before a step, from the entries of the step before it."""
    return START if step == 1 else {name: v[f"{name}_{step - 1}"] for name in SHAPES}


def gradients(weights, step):
    """Gradients of half the squared error of the step's sample."""
    X, y = SAMPLES[step]
    A1 = s(X @ weights["W1"])
    A2 = s(A1 @ weights["W2"])
    error = A2 @ weights["w3"] - y
    dZ2 = np.outer(error, weights["w3"]) * A2 * (1 - A2)
    dZ1 = dZ2 @ weights["W2"].T * A1 * (1 - A1)
    return {"w3": A2.T @ error, "W2": A1.T @ dZ2, "W1": X.T @ dZ1}


def stepped(name, step):
    def follow(v):
        weights = before(v, step)
        return weights[name] - gradients(weights, step)[name]

    def mistakes(v):
        weights = before(v, step)
        g = gradients(weights, step)[name]
        X, y = SAMPLES[step]
        passed = {"w3": 0.5, "W2": 0.5, "W1": X.T}[name]  # what the layer's input would give without the way back
        blocked = np.broadcast_to(weights[name] + passed * y, SHAPES[name]) if name != "w3" else np.nan
        return {
            "the step climbs: subtract the gradient": weights[name] + g,
            "a factor 2 too much: E carries 1/2": weights[name] - 2 * g,
            "this is the gradient; the weights after the step are asked for": g,
            "the sigmoid of 0 is 1/2, not 0": weights[name] * 1.0 if name == "w3" and step == 2 else np.nan,
            "the sigmoid of 0 is 1/2, not 1": weights[name] + y if name == "w3" else np.nan,
            "the error comes back through the weights behind, and those are zero": blocked,
        }

    return Entry(f'after_step_{step}["{name}"]', follow, mistakes)


def first_move(name, right, mistakes):
    return Entry(f'first_moves["{name}"]', lambda v: float(right), lambda v: mistakes)


STEPS = Sheet(
    {f"{name}_{step}": stepped(name, step) for step in (1, 2) for name in SHAPES}
    | {
        "move_w3": first_move(
            "w3", 2, {"too early: in step 1 the output is 0 and so is the target: there is no error to learn from": 1.0}
        ),
        "move_W2": first_move(
            "W2", 3, {"too early: in step 2 w3 is still 0 on the way back; all weights move at the end of a step": 2.0}
        ),
        "move_W1": first_move(
            "W1",
            4,
            {
                "too early: in step 3 W2 is still 0 on the way back; all weights move at the end of a step": 3.0,
                "too early: in step 2 w3 is still 0 on the way back": 2.0,
                "it does move, once W2 is not 0 any more": 0.0,
            },
        ),
    }
)

STEPS.declare(asked.STEPS)

# hidden_backprop

X = np.array([[1.0, 2.0], [-1.0, 2.0]])
W1, W2 = np.array([[1.0, -1.0], [0.5, 0.0]]), np.array([0.5, 1.0])
TARGETS, LABELS = np.array([2.0, 1.0]), np.array([0.0, 1.0])
TRANSPOSED = "transposed: rows are inputs, columns are units, as in the weights"
N_FORGOTTEN = "the loss is a mean over two samples: divide by n"
AT_ZERO = "something passes where Z is 0: ReLU'(0) = 0 by agreement"


def log_loss(p):
    return -np.log(np.where(LABELS == 1, p, 1 - p))


def way_back(variable, prefix):
    """The entries from d_W2 to the new weights: the same for both heads. prefix: of their names in the sheet."""

    def of(v, name):
        return v[prefix + name]

    def d_Z_mistakes(v):
        d_A = of(v, "d_A")
        return {
            AT_ZERO: d_A * (v["Z"] >= 0),
            "the ReLU lets nothing back where Z is negative": d_A,
            "multiplied by A; the slope there is 1": d_A * v["A"],
            "the wrong half passes": d_A * (v["Z"] <= 0),
        }

    def new(name, old):
        return Entry(
            f'{variable}["new_{name}"]',
            lambda v: old - of(v, f"d_{name}"),
            lambda v: {
                "the step climbs: subtract the gradient": old + of(v, f"d_{name}"),
                "this is the step; the weights after it are asked for": -of(v, f"d_{name}"),
                "the weights have not moved": old if of(v, f"d_{name}").any() else np.nan,
                "half a step: gamma is 1": old - of(v, f"d_{name}") / 2,
            },
        )

    return {
        f"{prefix}d_W2": Entry(
            f'{variable}["d_W2"]',
            lambda v: v["A"].T @ of(v, "d_y_hat"),
            lambda v: {
                "A has to be transposed: add up over the samples": v["A"] @ of(v, "d_y_hat"),
                "this takes Z for A": v["Z"].T @ of(v, "d_y_hat"),
                "averaged once more; d_y_hat already is": v["A"].T @ of(v, "d_y_hat") / 2,
            },
        ),
        f"{prefix}d_A": Entry(
            f'{variable}["d_A"]',
            lambda v: np.outer(of(v, "d_y_hat"), W2),
            lambda v: {
                "transposed: a row for each sample": np.outer(W2, of(v, "d_y_hat")),
                "W2 on the way back is left out": np.outer(of(v, "d_y_hat"), [1, 1]),
                "the new W2 is used; the way back takes the weights of the way forwards": np.outer(
                    of(v, "d_y_hat"), W2 - of(v, "d_W2")
                ),
                "the mask of the ReLU is for d_Z": np.outer(of(v, "d_y_hat"), W2) * (v["Z"] > 0),
            },
        ),
        f"{prefix}d_Z": Entry(f'{variable}["d_Z"]', lambda v: of(v, "d_A") * (v["Z"] > 0), d_Z_mistakes),
        f"{prefix}d_W1": Entry(
            f'{variable}["d_W1"]',
            lambda v: X.T @ of(v, "d_Z"),
            lambda v: {
                TRANSPOSED: of(v, "d_Z").T @ X,
                "X has to be transposed: add up over the samples": X @ of(v, "d_Z"),
                "the mask of the ReLU is left out": X.T @ of(v, "d_A"),
                "averaged once more; d_Z already is": X.T @ of(v, "d_Z") / 2,
            },
        ),
        f"{prefix}new_W2": new("W2", W2),
        f"{prefix}new_W1": new("W1", W1),
    }


def squared(name, follow, mistakes):
    return Entry(f'squared_head["{name}"]', follow, mistakes)


SQUARED = {
    "Z": squared(
        "Z",
        lambda v: X @ W1,
        lambda v: {
            "W1 X in place of X W1": W1 @ X,
            "a W1 transposed too many: a column of W1 belongs to a unit": X @ W1.T,
            TRANSPOSED: (X @ W1).T,
        },
    ),
    "A": squared(
        "A",
        lambda v: np.maximum(0, v["Z"]),
        lambda v: {
            "nothing is cut off": v["Z"],
            "the sign is dropped; negative numbers become 0": np.abs(v["Z"]),
            "this is the mask; positive values stay as they are": 1.0 * (v["Z"] > 0),
        },
    ),
    "y_hat": squared(
        "y_hat",
        lambda v: v["A"] @ W2,
        lambda v: {"Z is taken for A": v["Z"] @ W2, "A is transposed: a row belongs to a sample": v["A"].T @ W2},
    ),
    "L": squared(
        "L",
        lambda v: np.mean((v["y_hat"] - TARGETS) ** 2) / 2,
        lambda v: {
            "the 1/2, or the 1/n, is missing": np.mean((v["y_hat"] - TARGETS) ** 2),
            "neither divided by 2 nor by n": np.sum((v["y_hat"] - TARGETS) ** 2),
        },
    ),
    "d_y_hat": squared(
        "d_y_hat",
        lambda v: (v["y_hat"] - TARGETS) / 2,
        lambda v: {
            "the sign: it is yhat minus target": (TARGETS - v["y_hat"]) / 2,
            N_FORGOTTEN: v["y_hat"] - TARGETS,
            "the 1/2 cancels against the 2 of the square": (v["y_hat"] - TARGETS) / 4,
        },
    ),
    **way_back("squared_head", ""),
}

LOG = {
    "p": Entry(
        'log_head["p"]',
        lambda v: s(v["y_hat"]),
        lambda v: {"this is s(-yhat)": s(-v["y_hat"]), "the sigmoid is left out": v["y_hat"]},
    ),
    "log_L": Entry(
        'log_head["L"]',
        lambda v: np.mean(log_loss(v["p"])),
        lambda v: {
            N_FORGOTTEN: np.sum(log_loss(v["p"])),
            "the sign: a log loss is positive": -np.mean(log_loss(v["p"])),
            "the labels are the other way round": np.mean(log_loss(1 - v["p"])),
            "both samples are taken for class 1": -np.mean(np.log(v["p"])),
            "both samples are taken for class 0": -np.mean(np.log(1 - v["p"])),
            "the logarithm to the base 10, not the natural one": np.mean(log_loss(v["p"])) / np.log(10),
            "the squared loss of p": np.mean((v["p"] - LABELS) ** 2) / 2,
        },
    ),
    "log_d_y_hat": Entry(
        'log_head["d_y_hat"]',
        lambda v: (v["p"] - LABELS) / 2,
        lambda v: {
            "the sign: it is p minus label": (LABELS - v["p"]) / 2,
            N_FORGOTTEN: v["p"] - LABELS,
            "this is the gradient of p; go back through the sigmoid": (v["p"] - LABELS) / (v["p"] * (1 - v["p"])) / 2,
            "the slope of the sigmoid is there once too often: it cancels against the logarithm": (v["p"] - LABELS)
            * v["p"]
            * (1 - v["p"])
            / 2,
            "the targets of the squared loss; here they are 0 and 1": (v["p"] - TARGETS) / 2,
            "yhat is taken for p": (v["y_hat"] - LABELS) / 2,
        },
    ),
    **way_back("log_head", "log_"),
}

HEADS = Sheet(SQUARED | LOG)
HEADS.declare(asked.HEADS)

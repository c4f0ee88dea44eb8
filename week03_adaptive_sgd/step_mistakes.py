"""What goes wrong in an optimiser's step, in words: one text for the notebook's checks and for the grading.

The keys name a mistake for whoever plants it; the texts are what a student reads after "likely".
"""

from grader.checks.diagnosis.named import Named

_WORDS = {
    # any step
    "climbs": "the step climbs: the gradient points uphill, so subtract",
    "no_rate": "the learning rate is missing",
    "rate_twice": "the learning rate is applied twice",
    "sign_only": "only the sign of the gradient is used",
    # momentum and Nesterov
    "rate_outside": "the learning rate is left out of the velocity, as PyTorch does; here it is inside",
    "averaged": "the gradient enters the velocity with weight 1 - mu; here it enters with lr alone",
    "velocity_sign": "the velocity has the opposite sign: here w becomes w minus velocity",
    "velocity_climbs": "w moves along +velocity: here w becomes w minus velocity",
    "old_velocity": "w moves by the old velocity: update the velocity first, then move by the new one",
    "velocity_reset": "the old velocity is not used: the state starts afresh at every step",
    "velocity_not_damped": "the old velocity is kept whole: mu is missing",
    "mu_on_all": "mu multiplies the gradient as well: it belongs to the old velocity only",
    "gradient_here": "the gradient is taken at w, which is plain momentum: take it at the look-ahead point",
    "looks_back": "the gradient is taken behind w: look ahead to w - mu * velocity",
    "looks_too_far": "the look-ahead point is w - velocity: mu is missing in it",
    "lookahead_is_start": "the step starts at the look-ahead point: the gradient is taken there, but w itself moves",
    # running means of squares
    "no_root": "the square root is missing: the gradient is divided by the mean square itself",
    "eps_inside": "eps stands inside the root: it belongs outside",
    "no_eps": "eps is missing",
    "stale_square": "the average is updated after the step: update it first, then divide by the new one",
    "swapped_decay": "alpha and 1 - alpha are swapped: alpha is the share of the old average that is kept",
    "not_squared": "the average is of the gradient itself: square it",
    "absolute": "the average is of the gradient's absolute value: square it",
    "summed": "the squares are added up: that is AdaGrad; here old squares fade away",
    "undamped_new": "the new square enters whole: it has the weight 1 - alpha",
    "bias_corrected": "the average is corrected for its start at zero: that is Adam; here it is used as it is",
    "square_reset": "the old average is not used: the state starts afresh at every step",
    "averaged_squares": "the squares are averaged, and old ones fade: that is RMSProp; here they add up for ever",
    "norm": "one number divides all coordinates: each is divided by the root of its own squares",
    # Adam and AdamW
    "no_correction": "the bias correction is missing: divide m by 1 - beta1^t and v by 1 - beta2^t",
    "only_m_corrected": "only m is corrected for its start at zero: v is too",
    "only_v_corrected": "only v is corrected for its start at zero: m is too",
    "t_from_zero": "the count is one too small: t is 1 at the first step",
    "t_plus_one": "the count is one too large: t is already 1 at the first step",
    "returns_corrected": "the corrected moments are returned: return m and v as they are, each step corrects its own",
    "swapped_betas": "beta1 and beta2 are swapped: beta1 belongs to m, beta2 to v",
    "stale_moments": "the moments are updated after the step: update them first",
    "moments_reset": "the old moments are not used: the state starts afresh at every step",
    "coupled": "the decay is coupled: weight_decay * w was added to the gradient, so that the moments see it",
    "no_decay": "the weight decay is missing",
    "decay_without_rate": "the decay leaves out the learning rate: subtract lr * weight_decay * w",
    "decay_of_new": "the decay is taken of the new w: both parts start from the same old w",
    "decay_grows": "the decay has the wrong sign: it pulls w towards zero",
}
LIKELY = {code: Named(code, words) for code, words in _WORDS.items()}

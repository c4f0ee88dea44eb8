# %% gd_rate
def gd_rate(eta, curvatures):
    """The factor by which a step of gradient descent multiplies the distance in the worst direction: a number.

    In the direction of curvature k the distance d becomes d - eta k d. The sign only says on which side of the minimum
    the step ends. curvatures is an array [n] of positive numbers.
    """
    return np.max(np.abs(1 - eta * curvatures))


# %% best_gd
def best_gd(smallest, largest):
    """(eta, rate): the best learning rate for all curvatures between these two, and the factor per step it gives.

    1 - eta k falls with k, so the worst direction is one of the ends. The factors of the two ends have opposite signs
    at the best rate, and the same size: 1 - eta smallest = eta largest - 1.
    """
    eta = 2 / (smallest + largest)
    return eta, (largest - smallest) / (largest + smallest)


# %% noise_floor
def noise_floor(eta, curvature, variance):
    """E[w^2] where w <- w - eta (curvature w + noise) settles, for independent noise of mean 0 and this variance.

    The step shrinks w by a = 1 - eta curvature and adds noise that does not depend on w, so squares add in the mean:
    E[w^2] <- a^2 E[w^2] + eta^2 variance. It settles where both sides are equal.
    """
    shrinks = (1 - eta * curvature) ** 2
    return eta**2 * variance / (1 - shrinks)


# %% heavy_ball_rate
def heavy_ball_rate(eta, mu, curvatures):
    """The factor per step, in the long run and in the worst direction, of descent with momentum: a number.

    In the direction of curvature k a step is a matrix that takes (d, velocity) to its successor:

        velocity' = eta k d + mu velocity
        d'        = d - velocity' = (1 - eta k) d - mu velocity

    What grows or shrinks in the long run is its largest eigenvalue in size, real or complex.
    """
    worst = 0.0
    for k in curvatures:
        step = np.array([[1 - eta * k, -mu], [eta * k, mu]])
        worst = max(worst, np.max(np.abs(np.linalg.eigvals(step))))
    return worst


# %% best_heavy_ball
def best_heavy_ball(smallest, largest):
    """(eta, mu, rate): Polyak's choice for all curvatures between these two, and the factor per step it gives.

    The roots are double at both ends: with r = sqrt(mu), eta smallest = (1 - r)^2 and eta largest = (1 + r)^2. Roots
    of the two equations, added: sqrt(eta) (sqrt(smallest) + sqrt(largest)) = 2; divided, they give r.
    Source: Polyak, 1964.
    """
    low, high = np.sqrt(smallest), np.sqrt(largest)
    rate = (high - low) / (high + low)
    return (2 / (low + high)) ** 2, rate**2, rate

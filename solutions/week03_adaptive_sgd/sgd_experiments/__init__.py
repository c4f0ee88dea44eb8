"""Solutions of the seminar of week 3, experiments with stochastic gradient descent."""

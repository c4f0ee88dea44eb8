"""Quizzes on paper."""

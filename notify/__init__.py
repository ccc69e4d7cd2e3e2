"""Carries words to addresses; never asks who or why."""

"""Benchmarks of the roster engine: published instances, made Tết rosters, and the rotations that others offer."""

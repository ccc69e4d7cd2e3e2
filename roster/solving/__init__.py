"""Solves: asked for, run by the worker, reported, applied."""

"""Inspections: who came with which decision, what they found, what they recommended, and what came of it."""

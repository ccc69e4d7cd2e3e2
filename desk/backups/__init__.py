"""Copies of everything: taken while the product runs, checked, thinned by age, and brought back."""

"""What becomes of requirements: evidence, what is computed looked at again, those who owe reminded."""

"""A range of the grid, people × days, assigned alone: what that means is counted and said, then done."""

"""The pages and calls of letters from above: each shows the register and what was done for it."""

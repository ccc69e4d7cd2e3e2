"""Guards: each rule as the greedy says it, one class per rule, listed in `table`."""

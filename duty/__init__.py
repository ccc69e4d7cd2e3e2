"""Live a roster: who is there, swaps, time off, answers, hours."""

"""The HiGHS engine: mixed-integer programmes, proven bounds. Import its modules in child processes only."""

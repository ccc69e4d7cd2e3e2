"""The hands of the grid: what is typed, pasted, carried and taken back there, and what the script is told of it."""

"""What the program says of itself: log lines, numbers for Prometheus, signs of life."""

"""Whether each minute of each duty has somebody who is sure to serve."""

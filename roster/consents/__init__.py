"""People who are to serve outside their unit are asked first."""

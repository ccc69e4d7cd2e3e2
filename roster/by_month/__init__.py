"""A campaign by calendar months: weeks down, each day's shifts with who sits there."""

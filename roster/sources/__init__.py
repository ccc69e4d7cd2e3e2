"""What rosters are made from: demand, wishes, pairs, work patterns, points."""

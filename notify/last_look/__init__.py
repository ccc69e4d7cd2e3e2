"""What is worded just before it leaves, and whether it is still to be said."""

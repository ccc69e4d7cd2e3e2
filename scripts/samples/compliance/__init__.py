"""What letters ask, what points of service told, what authorities are told, for their pictures."""

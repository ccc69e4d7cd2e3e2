"""The next seven days as they are published: what has a list, who holds it, who has answered and who was told."""

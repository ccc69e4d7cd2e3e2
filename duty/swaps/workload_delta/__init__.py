"""What people carry before and after seats change hands."""

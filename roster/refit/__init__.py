"""What a campaign was made from has changed: what that would do to it, said before it is done, and doing it."""

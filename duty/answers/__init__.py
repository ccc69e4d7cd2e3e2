"""The page of who has said yes to what was published."""

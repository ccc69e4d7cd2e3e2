"""The page of a campaign's draft, its parts, and what its script asks for."""

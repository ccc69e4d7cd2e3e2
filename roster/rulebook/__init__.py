"""Which planning rules hold for a campaign, and with which numbers."""

"""What each person has carried, and how a campaign is closed into the ledger."""

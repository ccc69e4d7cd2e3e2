"""What a page, a letter and a call tell of an ask: its shifts, who was asked, and how far the question has come."""

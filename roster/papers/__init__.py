"""What a roster leaves the office as: notices, extracts, amendments, lists and forms, as documents tell them."""

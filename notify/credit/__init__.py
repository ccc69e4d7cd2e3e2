"""What is left to pay gateways with, and how much of a day is used: watched and told, never a reason not to try."""

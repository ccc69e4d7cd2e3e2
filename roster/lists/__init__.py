"""Thu lịch trực: units send lists for a campaign by a link; they go back or into the draft, and who owes is known."""

"""Our own numbers for people's telephones, so that a call of ours rings: a card to keep, and what to switch."""

"""What the page of one incident shows first: who has it, the next step, whom to ring, what is new since one looked."""

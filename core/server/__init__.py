"""The processes: who listens, who is kept running, who goes first, and what is answered before Flask is entered."""

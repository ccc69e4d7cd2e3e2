"""The processes: who listens, who is kept running, and what is answered before Flask is entered."""

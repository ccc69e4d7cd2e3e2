"""What the holder of an incident does: take, arrive, ask for more people, hand on, resolve, close."""

"""Is this installation well? Every check with its remedy, for the people who look after the machine."""

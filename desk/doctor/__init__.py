"""Is this installation well? Every check with its remedy, for whoever looks after the machine."""

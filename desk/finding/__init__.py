"""One field for units and people: who is on duty there now, in two keystrokes."""

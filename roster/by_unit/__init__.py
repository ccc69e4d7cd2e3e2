"""A campaign by unit and day: where seats are empty, in doubt or not confirmed, and which unit has no list yet."""

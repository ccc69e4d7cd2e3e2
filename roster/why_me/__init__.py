"""Why it is me: what one person carries beside their group, and who else could have, in words a teller accepts."""

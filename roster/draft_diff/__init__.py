"""What publishing the draft would change, person by person, and the page on which a part of it is chosen."""

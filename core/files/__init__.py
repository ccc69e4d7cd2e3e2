"""Files from outside: photos and PDF, told by their content."""

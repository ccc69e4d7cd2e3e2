"""Pages that show several rooms: the directory with absences and units, accounts and keys, shared desks."""

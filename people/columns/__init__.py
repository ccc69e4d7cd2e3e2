"""Units, people and absences, one list of columns each: for files, API, forms and rows of the database."""

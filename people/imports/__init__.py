"""Units, people and their accounts from a spreadsheet: read, checked, written."""

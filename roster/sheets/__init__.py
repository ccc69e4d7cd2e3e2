"""A sheet with people in rows and days in columns: read into the draft, and written from it."""

"""Who is on duty at a moment: THE answer for everything that calls somebody."""

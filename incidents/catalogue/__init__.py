"""What incidents are measured by: categories, questions, clocks, severity, routes, vehicles and authorities."""

"""HTTP gateways for SMS and calls: their recipes, and which of them is well."""

"""What is known after the first minute: facts, checklist, severity, who was told."""

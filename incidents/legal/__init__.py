"""Steps that the law asks for after an incident."""

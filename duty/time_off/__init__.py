"""Days off and wishes that people ask for themselves, and what whoever manages them answers."""

"""How soon people are called, and how fast incidents are taken in and listed, beside Alerta in the same run."""

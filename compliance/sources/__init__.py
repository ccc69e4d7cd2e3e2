"""What the roster and the incidents prove now, unit by unit."""

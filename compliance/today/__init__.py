"""Everything that is asked of a point of service today, on one page behind its QR sheet."""

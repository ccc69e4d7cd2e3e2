"""Reports by people without an account, by the QR sheet that hangs at a service point."""

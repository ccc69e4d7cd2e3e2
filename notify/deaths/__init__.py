"""Messages whose carrier died: counted apart from failures of gateways and from orderly stops."""

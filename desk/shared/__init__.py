"""The shared desk: locked, and asking who acts."""

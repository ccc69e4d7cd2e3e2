"""Reports to authorities: asked for, drafted from data, approved, issued, sent, received."""

"""Who is on duty, as pages and calls say it; one's own duty; call-outs; rehearsals."""

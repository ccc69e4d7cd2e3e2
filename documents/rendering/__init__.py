"""Papers as files: PDF by typst in a process of its own, DOCX by python-docx; both draw ``documents.paper`` alone."""

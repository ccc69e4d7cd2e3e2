"""The pages of papers: agencies, drafts, what was issued; each shows several rooms."""

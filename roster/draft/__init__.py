"""The draft: the grid, edits, undo and redo."""

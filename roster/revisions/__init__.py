"""What becomes of a revision: compared with others, withdrawn, numbered; duty entered after it was served."""

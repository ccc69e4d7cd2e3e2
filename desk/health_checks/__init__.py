"""What is asked about this installation, how each check is looked up, and what to do where the answer is bad."""

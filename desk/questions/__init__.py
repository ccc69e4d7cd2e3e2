"""What is asked about this installation, how each question is looked up, and what to do where the answer is bad."""

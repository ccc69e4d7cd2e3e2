"""What is known of who is there on a published duty; the resolver and confirmations read it."""

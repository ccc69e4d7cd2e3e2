"""What happens to calls when things break: real processes, a real mail server, and a model of its own to judge by."""

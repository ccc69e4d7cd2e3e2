"""Suspects, one at a time, by a sender process of their own: a message that kills takes nobody else along."""

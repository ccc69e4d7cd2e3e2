"""Addresses of people: verified, tried out, taken back."""

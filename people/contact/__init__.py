"""Addresses of people: verified, tried out, taken back; the page of how somebody is called."""

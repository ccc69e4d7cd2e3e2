"""Somebody stands in for who has not come: hours that no revision gives them."""

"""A shift cut into pieces, so that a part of it can change hands."""

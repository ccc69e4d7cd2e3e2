"""One incident for a group chat: text, a picture, a link that shows how it stands, without signing in."""

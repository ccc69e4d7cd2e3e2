"""Lists to be sent into a group chat: text, a picture, and a link that shows who serves, without signing in."""

"""What opens copies and what they open: the passphrase that a page makes, copies that are taken away, lost keys."""

"""Hand-over minutes (biên bản bàn giao ca): what one shift leaves to the next; incidents move with them."""

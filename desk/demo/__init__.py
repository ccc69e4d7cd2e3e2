"""The invented province: made by one command, removed by another."""

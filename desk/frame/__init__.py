"""What stands around every page: how many incidents are open, the app on a phone's home screen."""

"""By which addresses, in which order and after how long somebody is called."""

"""What waits for one person's yes or no, whoever asks it: for those who answer by a key, a text or by ringing back."""

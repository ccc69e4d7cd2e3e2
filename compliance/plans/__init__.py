"""What units prepare in network and labour, and what is left undelivered each day."""

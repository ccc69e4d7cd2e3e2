"""Who was not told of a revision because its signer chose so, and telling them after all."""

"""The pages on which gateways are described."""

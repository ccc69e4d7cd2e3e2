"""Who has said that they will serve, or that they cannot: asked, answered, chased."""

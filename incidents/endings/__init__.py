"""Who was called hears how it ended: who has it, that it is over or called off, that it is open again."""

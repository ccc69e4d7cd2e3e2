"""Who did what to which thing, when and from where: read, narrowed down, taken along. Written by ``core.audit``."""

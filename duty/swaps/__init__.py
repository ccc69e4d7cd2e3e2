"""A seat changes hands because people agree: asked for, answered, decided, carried out."""

"""One document for every unit or person, in one ZIP: asked for on a page, made by the worker, fetched or cancelled."""

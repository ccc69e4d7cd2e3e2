"""PURE the roster engine: a Problem goes in, an Outcome comes out; no database, no web, no clock."""

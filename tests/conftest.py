"""Puts `tests/` on the import path, where the scripted server (`servers`) lies."""

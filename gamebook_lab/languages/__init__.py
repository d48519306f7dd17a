"""Passage text to programs with spans, one module or folder per story format."""

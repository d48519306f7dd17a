"""Files to stories and back, one module per file format."""

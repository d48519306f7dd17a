"""What a story is: tables and their schema, the program of a passage, edits, undo, problems."""

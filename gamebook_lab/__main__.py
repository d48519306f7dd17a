"""``python -m gamebook_lab``: the same as ``gamebook``."""

from gamebook_lab.cli import main

main()

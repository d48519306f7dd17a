"""``python -m gamebook_lab``: the same as ``gamebook``."""

import sys

from gamebook_lab.cli import main

if __name__ == "__main__":  # Dask's worker processes import it by another name
    sys.exit(main())

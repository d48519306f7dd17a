"""What a format keeps of the file a story came from, so that saving it changes only what was edited."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Source(Protocol):
    """The file side of a story: made and read by one format, carried along unread by every other room.

    Immutable. An edit never touches it: on writing, the format compares each passage with
    what it had read, by key, and renders anew only what differs.
    """

    @property
    def format(self) -> str:
        """Name of the file format, such as ``twee``."""

    @property
    def path(self) -> Path | None:
        """File or folder that it was read from; None for text."""

    @property
    def fingerprint(self) -> str:
        """Digest of the bytes that were read, to notice that the file has changed since."""

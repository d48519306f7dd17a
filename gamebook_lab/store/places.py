"""Where a story's workspace is: a hidden folder beside the file, or inside the folder, that it belongs to.

``lighthouse.twee`` has ``.lighthouse.twee.gamebook/``; a folder of Twee files has ``.gamebook/`` inside. It keeps itself out
of Git by a ``.gitignore`` of its own. Where nothing can be written there, the workspace goes to the user's own state
folder, and whoever opens it is told.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from platformdirs import user_state_path

from gamebook_lab.store.database import standing_of

__all__ = ["Place", "place_of"]

_FILE: Final = "workspace.sqlite"


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace's folder."""

    folder: Path
    is_beside: bool
    """Whether it is where it belongs, and not in the user's state folder."""

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / _FILE

    @property
    def logs(self) -> Path:
        """Folder of the second record of edits."""
        return self.folder / "journal"

    @property
    def backups(self) -> Path:
        """Folder of backups and their manifest."""
        return self.folder / "backups"

    @property
    def damaged(self) -> Path:
        """Folder where damaged files are kept."""
        return self.folder / "damaged"

    def make(self) -> None:
        """Make the folder, out of Git's sight.

        Raises
        ------
        OSError
            If it cannot be made.
        """
        self.folder.mkdir(exist_ok=True, parents=not self.is_beside)
        ignore = self.folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def set_aside(self) -> Path | None:
        """Move a workspace that is there out of the way; tells where to, None if there is none."""
        if not self.folder.exists():
            return None
        number = 1
        while (target := self.folder.with_name(f"{self.folder.name}.old-{number}")).exists():
            number += 1
        return self.folder.rename(target)


def beside(document: Path, index: int = 0) -> Place:
    """Where the workspace of a story's file or folder belongs."""
    document = document.resolve()
    if document.is_dir() or (not document.exists() and not document.suffix):
        return Place(document / ".gamebook", is_beside=True)
    return Place(document.with_name(f".{document.name}{_numbered(index)}.gamebook"), is_beside=True)


def _numbered(index: int) -> str:
    """Tell the stories of an archive apart, but for the first one."""
    return f".{index + 1}" if index else ""


def elsewhere(document: Path, index: int = 0) -> Place:
    """Where it goes if nothing can be written there."""
    document = document.resolve()
    digest = hashlib.sha256(os.fsencode(document)).hexdigest()[:16]
    root = Path(os.environ.get("GAMEBOOK_STATE") or user_state_path("gamebook-lab"))
    return Place(root / "workspaces" / f"{document.name[:60]}{_numbered(index)}-{digest}", is_beside=False)


def place_of(document: Path, index: int = 0) -> Place:
    """Where the workspace of a document is, or would be made.

    Parameters
    ----------
    document
        File or folder of a story.
    index
        Which story of an archive that holds several.

    Notes
    -----
    An existing one beside the document goes before one elsewhere, unless that has gone on from it when it could be written no
    more. Nothing is made yet.
    """
    first, second = beside(document, index), elsewhere(document, index)
    if first.file.exists():
        return second if second.file.exists() and _has_gone_on(second, first) else first
    return second if second.file.exists() or _is_unwritable(first) else first


def _has_gone_on(second: Place, first: Place) -> bool:
    there, here = standing_of(second.file), standing_of(first.file)
    if there is None or here is None:  # what is damaged beside the story is mended there
        return there is not None and _is_unwritable(first)
    return there.has(here) and there.newest > here.newest


def _is_unwritable(place: Place) -> bool:
    folder = place.folder if place.folder.exists() else place.folder.parent
    return not os.access(folder, os.W_OK | os.X_OK)

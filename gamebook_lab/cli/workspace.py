"""``gamebook backup``, ``restore`` and ``verify``: what is kept of a story beside its file."""

from __future__ import annotations

import sys
from itertools import chain, count
from pathlib import Path

from gamebook_lab.cli.terminal import counted, printable, say
from gamebook_lab.errors import FormatError, NothingKeptError
from gamebook_lab.formats import parse_twee, save_story
from gamebook_lab.store.backups import backups, make_backup, verified
from gamebook_lab.store.binding import Binding
from gamebook_lab.store.examine import examine
from gamebook_lab.store.places import Place, place_of
from gamebook_lab.store.workspace import Workspace

__all__ = ["backup", "restore", "verify"]


def _place(path: Path) -> Place:
    """Workspace of a story.

    Raises
    ------
    FormatError
        If there is no such file.
    NothingKeptError
        If nothing was kept of it yet.
    """
    place = place_of(path)
    if not place.folder.is_dir():
        if not path.exists():
            raise FormatError("there is no such file; check the path", file=str(path))
        raise NothingKeptError(f"nothing was kept of {path} yet: a workspace begins with the first edit in the Studio")
    return place


def backup(path: Path) -> int:
    """Make a backup; gives the exit status."""
    place = _place(path)
    made = make_backup(place)
    say(f"{printable(str(place.backups / made.name))}: revision {made.revision}, {counted(made.n_passages, 'passage')}")
    return 0


def verify(path: Path) -> int:
    """Look whether a workspace and its backups are sound; gives the exit status, 1 if one is damaged."""
    place = _place(path)
    found = [("workspace", examine(place.file, is_deep=True))]
    found += [(f"backup {each.name}", verified(place, each)) for each in backups(place)]
    for what, seen in found:
        state = (
            f"sound, revision {seen.revision}, {counted(seen.n_passages, 'passage')}" if seen.is_sound else "DAMAGED"
        )
        say(f"{printable(what)}: {state}")
        for damage in seen.damages:
            say(f"  {printable(damage)}")
    if not all(seen.is_sound for _, seen in found):
        say("Opening the story in the Studio restores a damaged workspace from its newest good backup and its log")
        return 1
    return 0


def restore(path: Path, revision: str | None, *, passages: list[str] | None, write: bool) -> int:
    """Bring a revision or a backup back, or list what there is; gives the exit status."""
    from gamebook_lab.widgets.session import StorySession

    _place(path)
    try:
        session = StorySession.open(path)
    except FormatError as error:
        return _rescue(path, revision, passages=passages, write=write, error=error)
    session.watch_notices(lambda notice: say(printable(notice.text)))
    workspace = session.workspace
    assert workspace is not None
    try:
        if revision is None:
            _list(workspace)
            return 0
        session.restore(int(revision) if revision.isdigit() else revision, passages or None)
        session.flush()
        say(f"{printable(str(path))}: restored; Undo in the Studio takes that back")
        if write:
            say(f"{printable(str(session.save()))}: written")
    finally:
        workspace.close()
    return 0


def _rescue(path: Path, revision: str | None, *, passages: list[str] | None, write: bool, error: FormatError) -> int:
    """Put a revision in the place of a file that is gone or cannot be read, which is kept under another name; gives the exit status.

    Raises
    ------
    FormatError
        If that is not what was asked for: without the file there is nothing to restore single passages in.
    """
    workspace = Workspace.open(path)
    try:
        if revision is None:
            say(f"{printable(str(error))}; a revision or backup with --write takes its place", to=sys.stderr)
            _list(workspace)
            return 0
        if passages or not write:
            hint = "without it only a whole revision can be restored, with --write; what is there is kept"
            raise FormatError(f"{error.message}; {hint}", file=error.file) from error
        rows = workspace.rows_of(int(revision) if revision.isdigit() else revision)
        empty = parse_twee("")
        story = Binding.fresh(empty, has_files=True).adopted(empty, dict(rows))
        kept = _set_aside(path)
        save_story(story, path, overwrite=True)
    finally:
        workspace.close()
    more = "" if kept is None else f"; what was there is {printable(kept.name)} now"
    say(f"{printable(str(path))}: written, {counted(len(story), 'passage')}{more}")
    return 0


def _set_aside(path: Path) -> Path | None:
    if not path.exists():
        return None
    names = (path.with_name(f"{path.name}.unreadable{number}") for number in chain([""], count(2)))
    return path.rename(next(name for name in names if not name.exists()))


def _list(workspace: Workspace) -> None:
    for row in workspace.revisions(newest=30).itertuples():
        name = "" if not isinstance(row.name, str) else f"  {row.name!r} {row.note}"
        when = row.time.strftime("%Y-%m-%d %H:%M")  # type: ignore[union-attr]
        say(printable(f"{row.revision:>6}  {when}  {row.who}  {row.label}{name}"))
    for row in workspace.backups().itertuples():
        say(printable(f"backup {row.name}  revision {row.revision}, {counted(int(str(row.n_passages)), 'passage')}"))

"""One writer of a story's file at a time, from the last look at what it holds until the new bytes stand there.

Covers: kernels and programs of ours, on this machine or on a network disk that has locks. The lock is the operating system's,
so it ends with the process that holds it, even with one that was killed; the hidden file that carries it is removed
after each save. Does not cover: other programs (Twine, Git), which know nothing of it, and file systems without locks. There the
look right before the bytes are put in place is all that there is, and a change within that instant would not be seen.
"""

from __future__ import annotations

import contextlib
import errno
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from gamebook_lab.errors import FormatError

PATIENCE_SECONDS: Final = 5.0
"""How long another program may take to write; it is a matter of milliseconds, unless its disk hangs."""
_LOOK_SECONDS: Final = 0.005
_MODE: Final = 0o666
"""Whoever may write in the folder may lock, whoever locked first."""

_log: Final = logging.getLogger(__name__)
_told: Final[set[Path]] = set()


@contextlib.contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold other writers of a file or folder off.

    Parameters
    ----------
    target
        Where links lead already; its folder is made if need be.

    Raises
    ------
    FormatError
        If another program holds it for :data:`PATIENCE_SECONDS`.
    """
    lock = _acquired(target)
    try:
        yield
    finally:
        if lock is not None:
            # Still held: whoever waits for this very file finds that it has no name any more, and begins anew.
            with contextlib.suppress(OSError):
                Path(lock.lock_file).unlink()
            lock.release()


def _acquired(target: Path) -> FileLock | None:
    place = target / ".gamebook.lock" if target.is_dir() else target.with_name(f".{target.name[:50]}.lock")
    lock = FileLock(
        place, mode=_MODE, timeout=PATIENCE_SECONDS, poll_interval=_LOOK_SECONDS, thread_local=False,
        fallback_to_soft=False,  # it would outlive a killed process
    )  # fmt: skip
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        message = f"another program has been writing this file for {PATIENCE_SECONDS:g} seconds; try again"
        raise FormatError(message, file=str(target)) from error
    except OSError as error:  # whoever cannot write here is told when it comes to that
        if place.parent not in _told:
            _told.add(place.parent)
            reason = errno.errorcode.get(error.errno or 0, "unknown")
            _log.warning("a story's file cannot be locked while it is written", extra={"cause": reason})
        return None
    return lock

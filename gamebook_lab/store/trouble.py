"""What keeps a workspace from being written: in words for an author, and in one word for the log."""

from __future__ import annotations

import errno

import apsw

__all__ = ["cause_of", "in_words"]


def in_words(error: BaseException) -> str:
    """What is in the way, in words for an author."""
    if isinstance(error, apsw.FullError):
        return "the disk is full"
    if isinstance(error, (apsw.ReadOnlyError, apsw.CantOpenError)):
        return "its folder cannot be written"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def cause_of(error: BaseException) -> str:
    """Name of it for the log, which holds no paths and no words of an error: ``FullError``, ``OSError:ENOSPC``."""
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno is not None:
        return f"{name}:{errno.errorcode.get(error.errno, error.errno)}"
    return name

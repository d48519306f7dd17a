"""Files and folders as bytes: bounded reading, fingerprints, atomic writing.

Knows nothing of what a story is.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Hashable, Iterable, Mapping
from pathlib import Path
from typing import Final

from gamebook_lab.errors import FormatError, LimitError

MAX_BYTES: Final = 256 * 2**20
"""Largest file, or folder of Twee files together, that is read: 256 MiB."""
MAX_FILES: Final = 100_000
"""Most files of one folder that are read."""


# a pipe that nobody writes to would otherwise be waited for, for ever
_READ: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(path: Path) -> bytes:
    """Read a file of at most :data:`MAX_BYTES`.

    Raises
    ------
    FormatError
        If it cannot be read.
    LimitError
        If it is too large.
    """
    try:
        str(path).encode()  # tables and reports cannot hold other names
        with os.fdopen(os.open(path, _READ), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise FormatError("expected a story file, but this is a device or a pipe", file=str(path))
            data = file.read(MAX_BYTES + 1) or b""
    except FileNotFoundError as error:
        raise FormatError("there is no such file; check the path", file=str(path)) from error
    except OSError as error:
        raise FormatError(f"the file cannot be read ({error.strerror})", file=str(path)) from error
    except ValueError as error:  # FormatError is one, too
        raise error if isinstance(error, FormatError) else _no_path(path) from error
    if len(data) > MAX_BYTES:
        raise LimitError(f"{path}: larger than the limit of {MAX_BYTES // 2**20} MiB; split the story into files")
    return data


def _no_path(path: Path) -> FormatError:
    return FormatError("expected a name in UTF-8 without zero bytes; rename the file or folder", file=ascii(str(path)))


def read_folder(folder: Path, suffixes: Iterable[str]) -> dict[str, bytes]:
    """Read a folder's files of these suffixes, recursively, as name to bytes, sorted by name.

    Names are relative, with ``/``. Links to folders are not followed; hidden files are left out, and so are those whose name no
    table can hold (:func:`unreadable_names`).

    Raises
    ------
    FormatError
        If a file cannot be read.
    LimitError
        If they are too many or together too large.
    """
    found: dict[str, bytes] = {}
    total = 0
    for name in filter(_is_utf8, _names(folder, tuple(suffixes))):
        found[name] = read_bytes(folder / name)
        total += len(found[name])
        if total > MAX_BYTES:
            raise LimitError(f"{folder}: its files are larger than the limit of {MAX_BYTES // 2**20} MiB together")
    return found


def stamp(path: Path, suffixes: Iterable[str]) -> Hashable | None:
    """Tell when a file, or a folder's files of these suffixes, were last written: another stamp, and they may hold something else.

    None if nothing is there. Reads no file: what was written within the clock's last tick, and is no longer or shorter, goes unseen.
    """
    try:
        names = _names(path, tuple(suffixes)) if path.is_dir() else [""]
        found = [(name, (path / name).stat()) for name in names]
    except (OSError, LimitError):
        return None
    return tuple((name, stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in found)


def unreadable_names(folder: Path, suffixes: Iterable[str]) -> list[str]:
    """List files that :func:`read_folder` leaves out, since their names are not UTF-8; as far as they are not, bytes are escaped."""
    return [ascii(name)[1:-1].replace("\\udc", "\\x") for name in _names(folder, tuple(suffixes)) if not _is_utf8(name)]


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def in_reading_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Sort files as :func:`read_folder` gives them."""
    return dict(sorted(files.items(), key=lambda item: item[0].split("/")))


def _names(folder: Path, suffixes: tuple[str, ...]) -> list[str]:
    names: list[str] = []
    for parent, folders, files in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        here = Path(parent).relative_to(folder)
        names += [
            (here / name).as_posix()
            for name in files
            if name.lower().endswith(suffixes) and not name.startswith(".")
        ]  # fmt: skip
        if len(names) > MAX_FILES:
            raise LimitError(f"{folder}: more than the limit of {MAX_FILES} files")
    return sorted(names, key=lambda name: name.split("/"))


def fingerprint_of(data: bytes) -> str:
    """Digest of one file, by whatever name (a link's, say) it was reached."""
    return fingerprint({"": data})


def fingerprint(files: Mapping[str, bytes]) -> str:
    """Digest of these files' names and bytes, in this order (SHA-256, hexadecimal)."""
    digest = hashlib.sha256()
    for name, data in files.items():
        digest.update(f"{len(name)}:{name}:{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def write_bytes(path: Path, data: bytes, *, check: Callable[[], None] | None = None) -> None:
    """Replace a file's content at once: after a crash it holds the old bytes or the new, never a part.

    A link stays a link, and an existing file keeps its mode. The folder is made if need be.

    Parameters
    ----------
    path, data
        What to write where.
    check
        Called when the new bytes are on the disk, right before they take the old ones' place. If it raises,
        the old file is untouched.

    Raises
    ------
    FormatError
        If it cannot be written, or is a device or a pipe; what was there is untouched then.
    """
    target = resolved(path)
    if target.exists() and not target.is_file():
        raise FormatError("expected a file to write to, but this is a folder, a device or a pipe", file=str(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, check)
    except OSError as error:
        raise FormatError(f"the file cannot be written ({error.strerror})", file=str(path)) from error


def remove(path: Path) -> None:
    """Remove a file, if it is there.

    Raises
    ------
    FormatError
        If it cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise FormatError(f"the file cannot be removed ({error.strerror})", file=str(path)) from error


def resolved(path: Path) -> Path:
    """Where a path leads, by all its links.

    Raises
    ------
    FormatError
        If it leads nowhere, for its links go round in a circle, or no file can have such a name.
    """
    try:
        str(path).encode()
        found = path.resolve()
        found.exists()  # complains of a name that is too long
    except (OSError, RuntimeError) as error:  # pathlib tells of a circle by a RuntimeError
        reason = getattr(error, "strerror", None) or "its links go round in a circle"
        raise FormatError(f"the path leads nowhere ({reason})", file=str(path)) from error
    except ValueError as error:
        raise _no_path(path) from error
    return found


def _replace(target: Path, data: bytes, check: Callable[[], None] | None) -> None:
    part = target.with_name(f".{target.name[:50]}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:  # a new file gets the mode that the user's umask leaves it
            with contextlib.suppress(FileNotFoundError):
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if check is not None:
            check()
        part.replace(target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

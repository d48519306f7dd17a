"""Memory limit and use, and processor time, of the Linux control group that this process is in, in both versions of the interface.

A limit holds for everything below it, so the least on the way up to the root counts. Where there are no control
groups, or no limit, the answer is ``None``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

__all__ = ["ROOT", "cpu_seconds", "memory_limit", "memory_used"]

ROOT: Final = Path("/")

_UNLIMITED: Final = 2**62
"""Version 1 writes a number near 2**63 where there is no limit."""


def memory_limit(root: Path = ROOT) -> int | None:
    """Least memory limit above this process, in bytes."""
    limits = [limit for limit, _ in _limits(root)]
    return min(limits, default=None)


def memory_used(root: Path = ROOT) -> int | None:
    """Bytes used in the group that has the least limit, without the file cache that the kernel gives back."""
    found = min(_limits(root), key=lambda pair: pair[0], default=None)
    if found is None:
        return None
    folder = found[1]
    used = _number(folder / "memory.current") or _number(folder / "memory.usage_in_bytes")
    return None if used is None else max(0, used - _inactive_file(folder))


def cpu_seconds(root: Path = ROOT) -> float | None:
    """Processor time that the group has used, in seconds since it was made; of version 2."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
        path = next(line.split(":", 2)[2] for line in lines if line.startswith("0::"))
        counts = (root / "sys/fs/cgroup" / path.lstrip("/") / "cpu.stat").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in counts.splitlines() if line.startswith("usage_usec ")) / 1e6
    except (OSError, StopIteration, ValueError):
        return None


def _limits(root: Path) -> Iterator[tuple[int, Path]]:
    for folder in _folders(root):
        for name in ("memory.max", "memory.limit_in_bytes"):
            limit = _number(folder / name)
            if limit is not None and limit < _UNLIMITED:
                yield limit, folder


def _folders(root: Path) -> Iterator[Path]:
    """Give the groups that this process is in, each with those above it."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        top = root / "sys/fs/cgroup" / controllers
        own = top / path.lstrip("/")
        for folder in (own, *own.parents):
            yield folder
            if folder == top:
                break


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # ValueError: "max"
        return None


def _inactive_file(folder: Path) -> int:
    try:
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    counts = dict(line.split(maxsplit=1) for line in lines if " " in line)
    return int(counts.get("total_inactive_file", counts.get("inactive_file", 0)))

"""Ids that every line of the log carries while something goes on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

__all__ = ["bound"]


@contextlib.contextmanager
def bound(**ids: str | int) -> Iterator[None]:
    """Have every line that is logged in the body carry ids, such as ``job="words"``; on this thread and in its tasks."""
    from structlog.contextvars import bound_contextvars  # takes long to import, and not everybody logs

    with bound_contextvars(**ids):
        yield

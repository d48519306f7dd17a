"""Settings of the environment that are on unless somebody says otherwise."""

from __future__ import annotations

import os
from typing import Final

__all__ = ["is_on"]

_OFF: Final = ("0", "off", "no", "false")


def is_on(name: str) -> bool:
    """Whether the variable says anything but 0, off, no or false."""
    return os.environ.get(name, "on").lower() not in _OFF

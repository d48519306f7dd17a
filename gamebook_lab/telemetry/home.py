"""Where metrics, settings and logs are kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

__all__ = ["VARIABLE", "folder_of", "is_off", "use"]

VARIABLE: Final = "GAMEBOOK_TELEMETRY"
"""Environment variable with the folder, or ``off``."""

_in_use: Path | None = None


def is_off() -> bool:
    """Tell whether nothing shall be recorded unasked."""
    return os.environ.get(VARIABLE, "").strip().lower() == "off"


def use(folder: Path | None) -> None:
    """Have a folder meant where none is given, as long as this process records to it."""
    global _in_use  # noqa: PLW0603  # a process records to one folder
    _in_use = folder


def folder_of(folder: str | Path | None) -> Path:
    """The folder that is meant: the one given, the one recorded to, that of the environment, or that of the user."""
    if folder is not None:
        return Path(folder).expanduser()
    if _in_use is not None:
        return _in_use
    named = os.environ.get(VARIABLE, "").strip()
    if named and not is_off():
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("gamebook-lab", appauthor=False) / "telemetry"

"""Writes down once a second what the process's registry holds, and has the rules look at it."""

from __future__ import annotations

__all__ = ["Recorder"]


class Recorder:
    """What :func:`gamebook_lab.telemetry.start` gives.

    ``folder``, ``session`` (its id), ``settings`` (in force); ``is_running``.
    """

"""Logs as lines of JSON, rotated, that hold no text of a story and nothing of a reader.

What goes in: the message's words as they stand in our source, numbers, and text under a few known keys (below). What does
not: any other argument of a message, an exception's own message, source lines, local variables. A passage's name in an
error thus never reaches the file; its class and place do.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import re
import time
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

import structlog

from gamebook_lab.telemetry.registry import Registry, metrics
from gamebook_lab.telemetry.settings import LogSettings

__all__ = ["FOLDER", "begin_logging"]

FOLDER: Final = "logs"
ROOT: Final = "gamebook_lab"

TEXT_KEYS: Final = frozenset(
    {"alert_level", "cause", "code", "group", "job", "kind", "level", "result", "rule", "session", "state", "to"}
)
"""Keys whose values may be text: names out of our own source, and ids."""
_WORD: Final = re.compile(r"[\w.:/#+-]{1,80}", re.ASCII)
"""Even so, only what looks like a name: no spaces, nothing long."""
_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CONVERSION: Final = re.compile(r"%(?:\((\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?[hlL]?([a-zA-Z%])")
_PACKAGE: Final = Path(__file__).parents[1]


def begin_logging(
    folder: Path, settings: LogSettings, session: str, *, now: float | None = None, registry: Registry = metrics
) -> Callable[[], None]:
    """Write what ``gamebook_lab`` logs to a file of this session; returns a function that ends it.

    Raises
    ------
    OSError
        If the folder cannot be written to.
    """
    place = folder / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    _remove_old(place, settings.keep_days, time.time() if now is None else now)
    # One file for each session: two processes that rotate one file lose lines.
    handler = logging.handlers.RotatingFileHandler(
        place / f"{session}.jsonl",
        maxBytes=settings.max_bytes,
        backupCount=settings.n_files,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(_Formatter(session))
    handler.addFilter(lambda record: bool(_count(registry, record)))
    before = {name: logging.getLogger(name).level for name in (ROOT, *settings.levels)}
    logging.getLogger(ROOT).setLevel(settings.level.upper())
    for name, level in settings.levels.items():
        logging.getLogger(name).setLevel(level.upper())
    logging.getLogger(ROOT).addHandler(handler)

    def end() -> None:
        logging.getLogger(ROOT).removeHandler(handler)
        handler.close()
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)

    return end


def _count(registry: Registry, record: logging.LogRecord) -> bool:
    if record.levelno >= logging.ERROR:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "logged"
        registry.counter("errors_total", kind=kind).add()
    return True


def _remove_old(place: Path, keep_days: float, now: float) -> None:
    for file in place.glob("*.jsonl*"):
        with contextlib.suppress(OSError):
            if file.stat().st_mtime < now - keep_days * 86_400:
                file.unlink()


class _Formatter(logging.Formatter):
    """Makes a line of JSON of a record."""

    def __init__(self, session: str) -> None:
        super().__init__()
        self._chain: Final = (
            structlog.contextvars.merge_contextvars,
            lambda _, __, event: {"session": session, **event},
            _only_safe,
            structlog.processors.JSONRenderer(serializer=json.dumps),
        )

    def format(self, record: logging.LogRecord) -> str:
        event: Any = {
            key: value for key, value in vars(record).items() if key not in _STANDARD and not key.startswith("_")
        }
        for step in self._chain[:-1]:
            event = step(None, record.levelname, event)
        fixed: dict[str, Any] = {
            "time": round(record.created, 6),
            "level": record.levelname.lower(),
            "event": _message(record),
            "logger": record.name,
            **event,
        }
        if record.exc_info and record.exc_info[0] is not None:
            fixed["error"] = record.exc_info[0].__name__
            fixed["place"] = _place(record.exc_info[2])
        return str(self._chain[-1](None, record.levelname, fixed))


def _only_safe(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {key: _safe(key, value) for key, value in event.items()}


def _safe(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if key in TEXT_KEYS and isinstance(value, str) and _WORD.fullmatch(value):
        return value
    return f"<{type(value).__name__}>"


def _message(record: logging.LogRecord) -> str:
    """Words of a message, with numbers put in, and of all else just what type it is."""
    words = record.msg if isinstance(record.msg, str) else f"<{type(record.msg).__name__}>"
    arguments = record.args
    if not arguments:
        return words
    if isinstance(arguments, Mapping):
        return _CONVERSION.sub(lambda found: "%" if found[2] == "%" else _said(arguments.get(found[1] or "")), words)
    left = iter(arguments)
    return _CONVERSION.sub(lambda found: "%" if found[2] == "%" else _said(next(left, None)), words)


def _said(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    return f"<{type(value).__name__}>"


def _place(trace: Any) -> str:
    """Where an exception was raised: the innermost lines, ours by their path in the package."""
    frames = traceback.extract_tb(trace)[-4:]
    return " > ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)


def _short(file: str) -> str:
    path = Path(file)
    return path.relative_to(_PACKAGE).as_posix() if path.is_relative_to(_PACKAGE) else path.name

"""Turns whatever goes wrong in a command into one clear line and an exit status."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import sys
from collections.abc import Iterator
from typing import Final

import typer

from gamebook_lab.cli.app import app
from gamebook_lab.cli.terminal import printable, safe_streams, say
from gamebook_lab.errors import GamebookError

__all__ = ["collect_seldom", "guarded"]

DEBUG: Final = "--debug"
_BAD: Final = 2
_INTERRUPTED: Final = 130
_PIPE_CLOSED: Final = 141
_PART: Final = re.compile(r"\.([^/\\]+)\.[0-9a-f]{8,16}\.part\Z")
_NEW_OBJECTS: Final = 1_000_000
"""So many more before Python looks for cycles among them, instead of hundreds."""


def guarded(arguments: list[str]) -> int:
    """Run the command and give its exit status; a traceback is shown only with ``--debug``."""
    safe_streams()
    is_debug = DEBUG in arguments
    try:
        with _seldom_collecting():
            status = app([argument for argument in arguments if argument != DEBUG], "gamebook", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_stdout()
        return _PIPE_CLOSED
    except SystemExit as stop:
        if not isinstance(stop.__context__, BrokenPipeError):
            raise
        _let_go_of_stdout()  # typer saw it first
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:  # this is the outermost edge: whatever it is, a person gets one line
        if is_debug:
            raise
        return _complain(error)
    return status if isinstance(status, int) else 0


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Have Python seldom look for cycles: what a command makes stays until it ends.

    To walk through all of a long story time and again would take much of the time of a check.
    """
    usual = collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def collect_seldom() -> tuple[int, int, int]:
    """Have Python seldom look for cycles from now on; gives the thresholds that held before."""
    usual = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *usual[1:])
    return usual


def _complain(error: Exception) -> int:
    say(f"gamebook: {printable(_message(error))}", to=sys.stderr)
    return _BAD


def _message(error: Exception) -> str:
    match error:
        case typer.TyperException():
            return f"{error.format_message()} (gamebook --help tells the usage)"
        case typer.Abort():
            return "stopped"
        case OSError() if error.strerror:
            return f"{_meant(str(error.filename))}: {error.strerror}" if error.filename else error.strerror
        case MemoryError() if not str(error):
            return "there is not enough memory for this"
        case GamebookError() | OSError() | MemoryError():
            return str(error)
        case _:
            return f"a mistake of GameBook Lab's own, please report it ({DEBUG} shows where): {error!r}"


def _meant(file: str) -> str:
    """The file that was to be written, where another by its side was written first."""
    return _PART.sub(r"\1", file)


def _let_go_of_stdout() -> None:
    """Keep Python from complaining at exit that nobody reads its output any more."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

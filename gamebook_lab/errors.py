"""Every exception that GameBook Lab raises on purpose.

Each is a :class:`GamebookError` beside the built-in that a caller would expect, so
``except GamebookError`` catches all of ours and ``except ValueError`` still works.
A message says what was expected, what came, where, and what to do.

An *author's* mistake is not an exception: it is a row of ``story.problems()``.
"""

from __future__ import annotations


class GamebookError(Exception):
    """Root of every error that this package raises on purpose."""


class FormatError(GamebookError, ValueError):
    """A file or text could not be understood at all.

    Parameters
    ----------
    message
        What was expected, what came, what to do.
    file
        Where it came from, if known.
    line, column
        1-based place in the file, if known.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.message, self.file, self.line, self.column = message, file, line, column
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {message}" if place else message)


class SeveralStoriesError(FormatError):
    """A file holds several stories, and it was not said which one is meant.

    Parameters
    ----------
    message, file
        As for :class:`FormatError`.
    titles
        Titles of the stories, in the file's order; they may be equal, or empty.
    """

    def __init__(self, message: str, *, file: str | None = None, titles: tuple[str, ...] = ()) -> None:
        self.titles = titles
        super().__init__(message, file=file)


class EditError(GamebookError, ValueError):
    """An edit cannot be made; the story is unchanged."""


class UnknownPassageError(GamebookError, LookupError):
    """A passage was asked for by a name or key that the story does not have."""


class UnknownPathError(GamebookError, IndexError):
    """There is no playthrough of that number."""


class NoPathsError(GamebookError, ValueError):
    """There are no playthroughs to draw from."""


class UnknownChoiceError(GamebookError, LookupError):
    """A story has no such choice."""


class ConflictError(GamebookError, RuntimeError):
    """The file changed on disk since it was read; nothing was written."""


class GoneError(ConflictError):
    """The file is not where it was read any more; nothing was written."""


class WorkspaceError(GamebookError, RuntimeError):
    """A story's workspace cannot be used, or does not hold what was asked of it."""


class NothingKeptError(WorkspaceError):
    """Nothing was kept of a story yet, so there is nothing to look into."""


class CircuitOpenError(GamebookError, RuntimeError):
    """Calls of a kind are refused for now, because too many of them failed lately.

    Parameters
    ----------
    kind
        Kind of call.
    seconds
        Time until one is tried again.
    until
        The same as a wall-clock time, ISO 8601 in UTC.
    """

    def __init__(self, kind: str, seconds: float, until: str) -> None:
        self.kind, self.seconds, self.until = kind, seconds, until
        super().__init__(f"too many calls of kind {kind!r} failed; none is made until {until} (in {seconds:.1f} s)")

    def __reduce__(self) -> tuple[type[CircuitOpenError], tuple[str, float, str]]:
        """Take all it was made of to another process, not just the message."""
        return CircuitOpenError, (self.kind, self.seconds, self.until)


class StoppedError(GamebookError, RuntimeError):
    """Something was told to stop before it had its answer."""


class JobStoppedError(GamebookError, RuntimeError):
    """A job ended before all its shards were tried; what is finished is kept, and the message says how to go on."""


class ManifestError(GamebookError, ValueError):
    """A job's folder is not what the job expects, for instance another job's."""


class CodecError(GamebookError, TypeError):
    """A value cannot be written to a file as its job's codec would, or the file cannot be read back."""


class SchemaError(GamebookError, ValueError):
    """A table's columns, types or rows are not those that were declared."""


class LimitError(GamebookError, ValueError):
    """An input is larger or deeper than the limit that protects the machine."""


class LabError(GamebookError, RuntimeError):
    """JupyterLab could not be started or reached."""


class EndlessPassageError(GamebookError, RuntimeError):
    """A passage was stopped after too many steps: it may never end."""


class PlayError(GamebookError, ValueError):
    """A playthrough does not follow: the story does not offer what it takes."""


class PoolError(GamebookError, RuntimeError):
    """The worker pool cannot do what was asked of it."""


class QueueFullError(PoolError):
    """The pool's queue holds as many tasks as it may; nothing was submitted."""


class WorkerLostError(PoolError):
    """Every worker that ran the task died on it."""


class TaskTimeoutError(PoolError, TimeoutError):
    """A task ran for longer than its time limit; the worker that ran it was restarted."""


class MemoryLimitError(PoolError, MemoryError):
    """A task or job needs more memory than the limit; the message says how to go on."""


class MemoryFullError(MemoryLimitError):
    """What waited was stopped by no fault of its own: memory stayed full in spite of all that was done."""


class SettingsError(GamebookError, ValueError):
    """A setting has a wrong name, type or value; the message says which file, which setting, and what it takes."""


class TelemetryError(GamebookError, RuntimeError):
    """What was measured cannot be written or read: no such metric, alert or file, or one of another kind."""

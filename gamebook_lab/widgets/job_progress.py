"""A job's progress in the notebook: a bar, words, and buttons that pause and cancel it.

The job runs on threads of its own, so the notebook stays free; this widget only follows it. Plain
ipywidgets, hence no script of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

import ipywidgets  # type: ignore[import-untyped]  # ships no types

from gamebook_lab.parallel.progress import Progress
from gamebook_lab.widgets.cells import CELLS, current_cell

REFRESH_SECONDS: Final = 0.2
"""Shortest time between two updates while the job runs: a thousand shards a second must not flood the browser."""
_STEPS: Final = 1000


class Follows(Protocol):
    """A job that is under way; :class:`gamebook_lab.parallel.jobs.JobRun` is one."""

    @property
    def progress(self) -> Progress:
        """How far it is."""

    def watch(self, callback: Callable[[Progress], None]) -> Callable[[], None]:
        """Have ``callback`` told of each change."""

    def pause(self) -> None:
        """Begin nothing more for now."""

    def resume(self) -> None:
        """Go on."""

    def cancel(self) -> None:
        """End it early."""


class JobProgress(ipywidgets.VBox):  # type: ignore[misc]  # as above
    """Shows a job that was started; ``JobProgress(job.start(pool))`` as the last line of a cell.

    Parameters
    ----------
    run
        The job.
    clock
        Monotonic seconds.
    """

    def __init__(self, run: Follows, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._run, self._clock = run, clock
        self._lock = threading.Lock()
        self._shown_at = float("-inf")
        self._shown: Progress | None = None
        self._late: threading.Timer | None = None
        self.bar = ipywidgets.IntProgress(max=_STEPS, layout=ipywidgets.Layout(width="24em"))
        # a Label shows text as it is; HTML would run what a story's name holds
        self.words = ipywidgets.Label()
        self.pause_button = ipywidgets.Button(description="Pause", tooltip="Begin nothing more for now")
        self.cancel_button = ipywidgets.Button(description="Cancel", tooltip="End it; finished shards are kept")
        self.pause_button.on_click(lambda _: self._turn())
        self.cancel_button.on_click(lambda _: run.cancel())
        buttons = ipywidgets.HBox([self.bar, self.pause_button, self.cancel_button])
        super().__init__([buttons, self.words])
        self._stop = run.watch(self._hear)
        self._show(run.progress)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show it, and end what an earlier run of the same cell has shown. The job itself goes on."""
        if (cell := current_cell()) is not None:
            CELLS.show(self, *cell)
        return super()._repr_mimebundle_(**kwargs)

    def close(self) -> None:
        """End it, with the comms of its parts. The job goes on."""
        if self.comm is None:  # closed already: its end as an object closes it once more
            return
        CELLS.forget(self)
        self._stop()
        with self._lock:
            if self._late is not None:
                self._late.cancel()
        parts = [self.bar, self.words, self.pause_button, self.cancel_button, *self.children[:1]]
        for part in parts:
            _close(part)
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()

    def _turn(self) -> None:
        if self._run.progress.state == "paused":
            self._run.resume()
        else:
            self._run.pause()

    def _hear(self, progress: Progress) -> None:
        """Show what is new: at once if the state is, else not too often."""
        with self._lock:
            is_news = self._shown is None or progress.state != self._shown.state
            if not is_news and self._clock() - self._shown_at < REFRESH_SECONDS:
                if self._late is None:  # what is held back now may be the last news for long
                    self._late = threading.Timer(REFRESH_SECONDS, self._catch_up)
                    self._late.daemon = True
                    self._late.start()
                return
        self._show(progress)

    def _catch_up(self) -> None:
        with self._lock:
            self._late = None
        if self.comm is not None:
            self._show(self._run.progress)

    def _show(self, progress: Progress) -> None:
        # The comm is asked from several threads: buttons' own, and the job's.
        with self._lock:
            if self._shown is not None and self._shown.is_over:
                return
            self._shown, self._shown_at = progress, self._clock()
            share = progress.share
            self.bar.value = round((share or 0.0) * _STEPS)
            self.bar.bar_style = {"done": "warning" if progress.failed else "success", "stopped": "danger"}.get(
                progress.state, ""
            )
            self.words.value = progress.line()
            self.pause_button.description = "Resume" if progress.state == "paused" else "Pause"
            self.pause_button.disabled = self.cancel_button.disabled = progress.is_over


def _close(widget: Any) -> None:
    """Close a widget with the layout and the style that were made with it."""
    for part in (widget, widget.layout, getattr(widget, "style", None)):
        if part is not None:
            part.close()

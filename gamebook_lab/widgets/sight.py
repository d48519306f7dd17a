"""Panes that do nothing while nobody can see them, and catch up when somebody does.

An author looks at one tab at a time; what the tabs behind it show need not follow each keystroke. The script's half is
``shared/catching_up.js``: a view says when it is seen and when it is hidden. A widget that falls behind tells its views
once, so that they show nothing stale when they come to the front, and tells them again when all is caught up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal, TypedDict

from gamebook_lab.widgets.bundle import BundledWidget, bundle

__all__ = ["Behind", "CatchingUp", "Sight"]


class Sight(TypedDict):
    """A view came to the front, or is behind another, or is gone."""

    type: Literal["_seen"]
    view: str
    is_seen: bool


class Behind(TypedDict):
    """What views show is no longer so; or it is again."""

    type: Literal["_behind", "_caught"]


class CatchingUp(BundledWidget):
    """A widget that may put off its work while no view of it can be seen.

    Whoever makes one from Python, and shows it nowhere, has it follow everything: only a view that was there can be hidden.

    Parameters
    ----------
    stem
        Of the script.
    """

    def __init__(self, stem: str) -> None:
        super().__init__(**bundle(stem))
        self._lock = threading.RLock()
        self._seen_in: set[str] | None = None
        """Views that can be seen; None: none has ever said so."""
        self._is_behind = False
        self._sightings = 0
        """How often it was seen again when it was behind."""
        self._is_catching_up = False
        """Views that were behind wait to be told that they no longer are."""

    def hear(self, handlers: Mapping[str, Callable[[Any], object]]) -> None:
        """As of any widget, and that a view is seen or hidden."""
        super().hear({**handlers, "_seen": self._sighted})

    @property
    def is_hidden(self) -> bool:
        """Whether it is shown somewhere, and nobody can see it there."""
        return self._seen_in is not None and not self._seen_in

    def keep_up(self) -> None:
        """Catch up, or leave that until it is seen. Call it under the lock, once what there is to do has been noted."""
        if not self.puts_off():
            self.catch_up()

    def puts_off(self) -> bool:
        """Whether to leave all until it is seen; for those who have more to do than to :meth:`keep_up`."""
        if self.is_hidden and not self._is_behind:
            self._is_behind = True
            self.send(Behind(type="_behind"))
        return self.is_hidden

    def catch_up(self) -> bool:
        """Do what there is to do; called under the lock.

        Returns
        -------
        bool
            Whether all is done. Else another thread is at it, and calls :meth:`when_caught`'s.
        """
        raise NotImplementedError

    def when_caught(self) -> Callable[[], None]:
        """Give what another thread calls when what there is to do now is done."""
        return partial(self._caught, self._sightings)

    def _caught(self, sighting: int) -> None:
        """Tell the views that what they show is so again, unless they have fallen behind since the work was asked for."""
        with self._lock:
            if self._is_catching_up and not self._is_behind and sighting == self._sightings:
                self._is_catching_up = False
                self.send(Behind(type="_caught"))

    def _sighted(self, message: Sight) -> None:
        with self._lock:
            seen_in = self._seen_in = self._seen_in or set()
            (seen_in.add if message["is_seen"] else seen_in.discard)(message["view"])
            if self._is_behind and seen_in:
                self._is_behind, self._is_catching_up = False, True
                self._sightings += 1
                if self.catch_up():
                    self._caught(self._sightings)

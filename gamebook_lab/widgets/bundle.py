"""Where a widget's bundled JavaScript and CSS are, for ``anywidget``."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypedDict

import anywidget
import traitlets

from gamebook_lab.errors import GamebookError, LabError
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.cells import CELLS, current_cell
from gamebook_lab.widgets.probe import PROBE, SILENCE, Done, action_of, observe
from gamebook_lab.widgets.quiet import QUIET

STATIC: Final = Path(__file__).parent / "static"

_log: Final = logging.getLogger(__name__)


class BundledWidget(anywidget.AnyWidget):
    """An ``AnyWidget`` whose script and style are found when one is made, not when its module is imported.

    What its script says it has answered by :meth:`hear`; whom it follows it leaves on closing, by :meth:`follow`.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)

    def hear(self, handlers: Mapping[str, Callable[[Any], object]]) -> None:
        """Have each message of the script answered by the handler of its type; call it once all of them can be."""
        self._handlers = handlers
        self.on_msg(self._receive)

    def follow(self, *stops: Callable[[], None]) -> None:
        """Remember how to end what it watches, until it is closed."""
        self._stops += stops

    def unfollow(self) -> None:
        """End what it watches."""
        stops, self._stops = self._stops, ()
        for stop in stops:
            stop()

    def refuse(self, error: GamebookError | OSError) -> None:
        """Say that a handler could not do what was asked; here it goes to the kernel's log."""
        raise error

    _handlers: Mapping[str, Callable[[Any], object]] = {}
    _stops: tuple[Callable[[], None], ...] = ()

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        handler = self._handlers.get(kind) if isinstance(kind, str) else None
        if handler is None:  # which may hold a story's text: only its shape is logged
            name = kind if isinstance(kind, str) else type(kind).__name__
            shape = sorted(map(str, content)) if isinstance(content, dict) else type(content).__name__
            _log.warning("%s does not know a message %.40s of %.200s", type(self).__name__, name, shape)
            return
        try:
            handler(content)
        except (GamebookError, OSError) as error:
            self.refuse(error)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Show it, and end what an earlier run of the same cell has shown."""
        if (cell := current_cell()) is not None:
            CELLS.show(self, *cell)
        return super()._repr_mimebundle_(**kwargs)

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        """Take a message from the script; one that is numbered is answered when all is said (see ``probe``)."""
        number = content.pop(PROBE, None) if isinstance(content, dict) else None
        if number is None:
            super()._handle_custom_msg(content, buffers)
            return
        began = time.perf_counter()
        kind = content.get("type")
        action = action_of(type(self).__name__, kind)
        try:
            if kind == PROBE:
                SILENCE.heard()
                observe(content)
            else:
                metrics.counter("actions_total", action=action).add()
                with QUIET.answering():
                    super()._handle_custom_msg(content, buffers)
        finally:
            seconds = time.perf_counter() - began
            self.send(Done(type="_done", id=str(number), action=action, seconds=seconds))

    def close(self) -> None:
        """End it and what it follows, and the comm of the layout that it was made with, which ipywidgets would leave open."""
        self.unfollow()
        CELLS.forget(self)
        layout = self.layout
        super().close()
        if layout is not None:
            layout.close()


class Bundle(TypedDict):
    """Keyword arguments of a :class:`BundledWidget`."""

    _esm: str
    _css: str


def bundle(stem: str, *, folder: Path = STATIC) -> Bundle:
    """Read the bundle of one widget: ``super().__init__(**bundle("story_map"))``.

    Parameters
    ----------
    stem
        Name of the widget's module, script and style sheet.
    folder
        Where the bundles are.

    Raises
    ------
    LabError
        If the scripts were not bundled yet; says how to do it.
    """
    script, style = folder / f"{stem}.js", folder / f"{stem}.css"
    try:
        return Bundle(_esm=script.read_text("utf-8"), _css=style.read_text("utf-8"))
    except FileNotFoundError as error:
        msg = (
            f"the widget scripts are not bundled ({Path(str(error.filename)).name} is missing): install the package again"
            f" (pip install .), or run 'npm ci && npm run build' in {folder.parent}"
        )
        raise LabError(msg) from error

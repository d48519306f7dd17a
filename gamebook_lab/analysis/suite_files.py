"""Suites as files: for people (Markdown, HTML, CSV), and as JSON for ``gamebook test`` to play again after an edit.

The JSON file, version 1 (more fields may be added; a reader leaves alone what it does not know)::

    {"format": "gamebook-test-suite", "version": 1, "story": {"title": ..., "ifid": ...},
     "detail": "choices", "levels": ["choice"], "lower_bound": 3,
     "playthroughs": [
       {"start": [],                            drawn before the first passage, by outcome, from 0 on
        "begins": "Hall",                       passage where the reader then is
        "steps": [
          {"passage": "Hall",                   passage where the reader is
           "drawn": [],                         drawn on arriving there
           "choose": [{"label": "Open the door", "passage": "Hall", "start": 12, "stop": 30, "nth": 0}],
           "then": [],                          drawn by the last click
           "leads_to": "Cellar"}],              passage where the reader then is
        "ends": "ending"}]}                     how play stops; empty: the playthrough goes no further

A ``choose`` of no entries: the story moves on by itself. A label may stand several times on a page: ``start`` and
``nth`` tell which it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.engine.playthrough import Pick, Playthrough, Step
from gamebook_lab.engine.stops import Stop
from gamebook_lab.errors import ConflictError, FormatError, SettingsError
from gamebook_lab.parallel.durable import write_whole
from gamebook_lab.story.play import Place
from gamebook_lab.story.program import Span

if TYPE_CHECKING:
    from gamebook_lab.analysis.suites import Suite

__all__ = ["FORMAT", "VERSION", "SavedSuite", "SavedWay", "read_suite", "save", "to_json"]

FORMAT: Final = "gamebook-test-suite"
VERSION: Final = 1
_MOST_BYTES: Final = 1 << 28


@dataclass(frozen=True, slots=True)
class SavedWay:
    """One playthrough, with what is expected on its way."""

    way: Playthrough
    begins: str
    """Passage where the reader is at first."""
    leads_to: tuple[str, ...]
    """Of each step: the passage where the reader is after it."""
    ends: str
    """How play stops after the last step, as in the table of endings; empty: it is not said."""


@dataclass(frozen=True, slots=True)
class SavedSuite:
    """A suite as it was written down."""

    title: str
    ifid: str
    levels: tuple[str, ...]
    ways: tuple[SavedWay, ...]


def save(suite: Suite, path: Path, *, overwrite: bool) -> Path:
    """Write a suite in the format that the suffix names.

    Raises
    ------
    ConflictError
        If there is such a file already, and it is not to be replaced.
    SettingsError
        If the suffix is another than ``.json``, ``.md``, ``.html`` or ``.csv``.
    """
    writers = {".json": lambda: to_json(suite), ".md": suite.to_markdown, ".html": suite.to_html, ".csv": suite.to_csv}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise SettingsError(f"a suite is written as .json, .md, .html or .csv, not as {path.suffix or path.name!r}")
    if path.exists() and not overwrite:
        raise ConflictError(f"{path} exists: give another name, or say overwrite")
    write_whole(path, writer().encode("utf-8", "surrogatepass"))
    return path


def to_json(suite: Suite) -> str:
    """Write a suite as the JSON of this module's head."""
    graph, walks, metadata = suite.walks.graph, suite.walks, suite.space.story.metadata
    ways = []
    for number, way in enumerate(suite):
        nodes = [
            int(walks.start[number]),
            *graph.indices[walks.edges[walks.offsets[number] : walks.offsets[number + 1]]],
        ]
        names = [graph.passages[graph.passage[node]] for node in nodes]
        last = int(nodes[-1])
        ways.append(
            {
                "start": list(way.start),
                "begins": names[0],
                "steps": [_step(*each) for each in zip(way.steps, names[:-1], names[1:], strict=True)],
                "ends": STOPS[Stop(int(graph.stop[last]))] if graph.ends[last] else "",
            }
        )
    content = {
        "format": FORMAT,
        "version": VERSION,
        "story": {"title": metadata.title or "", "ifid": metadata.ifid or ""},
        "detail": suite.space.detail,
        "levels": list(suite.levels),
        "lower_bound": suite.lower_bound,
        "playthroughs": ways,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _step(step: Step, here: str, there: str) -> dict[str, object]:
    choose = [
        {"label": pick.label, "passage": pick.place.passage, "start": pick.place.span.start, "stop": pick.place.span.stop, "nth": pick.nth}
        for pick in step.picks
    ]  # fmt: skip
    return {"passage": step.passage or here, "drawn": list(step.arrival), "choose": choose, "then": list(step.answers), "leads_to": there}  # fmt: skip


def read_suite(path: str | Path) -> SavedSuite:
    """Read a suite that :func:`save` wrote as JSON.

    Raises
    ------
    FormatError
        If the file is no such suite, or of a later version.
    OSError
        If it cannot be read.
    """
    file = Path(path)
    if file.stat().st_size > _MOST_BYTES:
        raise FormatError(f"a suite of at most {_MOST_BYTES:,} bytes was expected", file=str(file))
    try:
        said = json.loads(file.read_text(encoding="utf-8", errors="surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"JSON of a test suite was expected: {error}", file=str(file)) from error
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise FormatError(f'a test suite was expected, JSON with "format": "{FORMAT}"', file=str(file))
    if said.get("version") != VERSION:
        raise FormatError(
            f"version {VERSION} was expected, not {said.get('version')!r}: update GameBook Lab", file=str(file)
        )
    try:
        detail = "text" if said["detail"] == "text" else "choices"
        ways = tuple(_saved(each, detail) for each in said["playthroughs"])
        story = said["story"]
        return SavedSuite(str(story["title"]), str(story["ifid"]), tuple(map(str, said["levels"])), ways)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FormatError(
            f"something is missing or of another kind than expected: {error!r}", file=str(file)
        ) from error


def _saved(said: Mapping[str, Any], detail: Any) -> SavedWay:
    steps, leads_to = [], []
    for each in said["steps"]:
        picks = tuple(
            Pick(
                int(pick["nth"]),
                Place(str(pick["passage"]), Span(int(pick["start"]), int(pick["stop"]))),
                str(pick["label"]),
            )
            for pick in each["choose"]
        )
        steps.append(Step(str(each["passage"]), _numbers(each["drawn"]), picks, _numbers(each["then"])))
        leads_to.append(str(each["leads_to"]))
    way = Playthrough(detail, _numbers(said["start"]), tuple(steps))
    return SavedWay(way, str(said["begins"]), tuple(leads_to), str(said["ends"]))


def _numbers(said: list[Any]) -> tuple[int, ...]:
    return tuple(int(each) for each in said)

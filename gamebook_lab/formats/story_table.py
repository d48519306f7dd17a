"""Stories that come as a table of scenes: a row for each, with its responses and where each leads.

Such tables are how studies publish their stories. A response in column ``Response_2`` leads to the scene in ``Outcome_2``. Where there
is a scene named after the response (``13_2`` for the second response of ``13``), that comes between. A cell of several
outcomes means that something decides which the table does not hold: each becomes a link, and a problem GB709 says so.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from gamebook_lab.errors import EditError, FormatError
from gamebook_lab.formats.logs.cells import RECORD, read_cells
from gamebook_lab.languages import registry
from gamebook_lab.languages.plain import PlainLanguage
from gamebook_lab.story.language import Language
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story, passage_rows

__all__ = ["read_story_table"]

_USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    "scene": ("scenelabel", "scene", "sceneid", "passage", "passageid", "label", "id", "node", "name"),
    "text": ("story", "text", "scenetext", "content", "body", "prose"),
}
_NUMBERED: Final = {
    "response": re.compile(r"(?i)^(?:response|choice|option|link)[ _-]?(\d+)$"),
    "outcome": re.compile(r"(?i)^(?:outcome|target|goto|next|leads[ _]?to)[ _-]?(\d+)$"),
}
_MISSING: Final = {"", "na", "n/a", "nan", "none", "null"}
_SEVERAL: Final = re.compile(r"\s*[,;|]\s*")


@dataclass(frozen=True, slots=True)
class _Scene:
    name: str
    text: str
    responses: tuple[tuple[int, str, tuple[str, ...]], ...]
    """Number, label, and outcomes of each."""
    record: int


def read_story_table(path: str | Path, *, columns: Mapping[str, str] | None = None, title: str | None = None) -> Story:
    """Read a story from a table of scenes (.csv, .tsv, .xlsx, .parquet).

    Parameters
    ----------
    path
        The table. Reading starts with its first row.
    columns
        Which columns hold ``scene`` and ``text``, where their names do not say it. Responses and outcomes are numbered:
        ``Response_1``, ``Outcome_1`` and so on.
    title
        Of the story; the file's name by default.

    Raises
    ------
    FormatError
        If no column names the scenes, or none their outcomes.
    """
    file = Path(path)
    cells, notes = read_cells(file)
    names = [name for name in cells.columns if name != RECORD]
    found = {meaning: _column(meaning, names, columns or {}, file.name) for meaning in _USUAL}
    numbered = {
        what: {int(m[1]): name for name in names if (m := pattern.match(name))} for what, pattern in _NUMBERED.items()
    }
    if not numbered["outcome"]:
        raise FormatError("expected columns Outcome_1, Outcome_2 ... that say where responses lead", file=file.name)
    scenes = [_scene(row, found, numbered) for row in cells.to_dict("records")]
    scenes = [scene for scene in scenes if scene.name]
    known = {scene.name for scene in scenes}
    language = registry.language("plain")
    problems = list(notes)
    passages = [
        Passage(scene.name, _text(scene, known, language, problems, file.name), is_start=at == 0)
        for at, scene in enumerate(scenes)
    ]
    return Story(passage_rows(passages), language, Metadata(title=title or file.stem), import_problems=tuple(problems))


def _column(meaning: str, names: Sequence[str], columns: Mapping[str, str], file: str) -> str:
    if meaning in columns:
        if columns[meaning] not in names:
            raise FormatError(f"there is no column {columns[meaning]!r} for {meaning}", file=file)
        return columns[meaning]
    plain = {re.sub(r"[^0-9a-z]", "", name.lower()): name for name in reversed(names)}
    for usual in _USUAL[meaning]:
        if usual in plain:
            return plain[usual]
    said = ", ".join(map(repr, names[:20]))
    raise FormatError(
        f'no column is known to hold each {meaning}; there are {said}. Say which: columns={{"{meaning}": ...}}',
        file=file,
    )


def _scene(
    row: Mapping[Hashable, object], found: Mapping[str, str], numbered: Mapping[str, Mapping[int, str]]
) -> _Scene:
    responses = []
    for number, column in sorted(numbered["outcome"].items()):
        said = _said(row[column])
        if said:
            label = _said(row[numbered["response"][number]]) if number in numbered["response"] else ""
            responses.append((number, label or "Next", tuple(each for each in _SEVERAL.split(said) if each)))
    text = row[found["text"]]
    return _Scene(
        _said(row[found["scene"]]),
        str(text).strip() if isinstance(text, str) else "",
        tuple(responses),
        int(str(row[RECORD])),
    )


def _said(cell: object) -> str:
    text = "" if cell is None or cell is pd.NA or cell != cell else str(cell).strip()  # noqa: PLR0124 - tells NaN
    return "" if text.lower() in _MISSING else text


def _text(scene: _Scene, known: set[str], language: Language, problems: list[Problem], file: str) -> str:
    assert isinstance(language, PlainLanguage)
    lines = [scene.text.replace("[[", "[ [")] if scene.text else []
    for number, label, outcomes in scene.responses:
        reply = f"{scene.name}_{number}"
        targets = (reply,) if reply in known else outcomes
        if len(targets) > 1:
            said = f"{label!r} in {scene.name!r} leads to {', '.join(map(repr, targets))}: the table does not say which"
            problems.append(
                Problem(
                    "GB709",
                    said,
                    "Find what decides from reading logs: hidden_decisions",
                    passage_id=scene.name,
                    file=file,
                    line=scene.record,
                )
            )
        lines += [_link(language, label, target) for target in targets]
    return "\n".join(lines)


def _link(language: PlainLanguage, label: str, target: str) -> str:
    shown = re.sub(r"\s+", " ", re.sub(r"[\[\]|<>]|->|<-", " ", label)).strip(" ]-") or "Next"
    try:
        return language.link(shown, target)
    except EditError:
        return language.link(None, target)

"""Problems for programs: the rows of the problems table, and the summary."""

from __future__ import annotations

import json
from typing import Any, Final

from gamebook_lab import __version__
from gamebook_lab.cli.report import Explored, Report
from gamebook_lab.story.problems import CODES

__all__ = ["json_report", "to_json"]

SCHEMA_VERSION: Final = 1
"""Goes up when a field is renamed or removed; new fields may come any time."""


def json_report(report: Report) -> str:
    """Write a report as JSON."""
    story = report.story
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "gamebook", "version": __version__},
        "story": {
            "path": report.path.as_posix(),
            "title": story.metadata.title,
            "ifid": story.metadata.ifid,
            "format": story.metadata.format,
            "language": story.language.name,
        },
        "summary": report.summary._asdict(),
        "modelled": {
            "n_passages": report.modelled.n_passages,
            "n_modelled": report.modelled.n_modelled,
            "n_shadowed": report.modelled.n_shadowed,
            "share": report.modelled.share,
            "not_modelled": [each._asdict() for each in report.modelled.places],
        },
        "explored": None if report.explored is None else _explored(report.explored),
        "problems": [{"slug": CODES[row["code"]].slug, **row} for row in report.rows()],
    }
    return to_json(document)


def _explored(explored: Explored) -> dict[str, Any]:
    return {**explored._asdict(), "left_open": [each._asdict() for each in explored.left_open]}


def to_json(document: dict[str, Any]) -> str:
    """Write JSON in pure ASCII, so that no terminal and no encoding can be upset by a story's characters."""
    return json.dumps(_sound(document), indent=1, allow_nan=False) + "\n"


def _sound(value: Any) -> Any:
    """Replace unpaired surrogates, which JSON's readers refuse, in all of a document's texts."""
    if isinstance(value, str):
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {name: _sound(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_sound(part) for part in value]
    return value

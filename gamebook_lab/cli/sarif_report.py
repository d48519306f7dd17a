"""Problems as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the text.

Rules carry their page as help text. Columns count Unicode code points, as our spans do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from gamebook_lab import __version__
from gamebook_lab.cli.explain import page
from gamebook_lab.cli.json_report import to_json
from gamebook_lab.cli.report import Report
from gamebook_lab.story.problems import CODES

__all__ = ["sarif_report"]

_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_RULES: Final = {code: number for number, code in enumerate(CODES)}
_ROOT: Final = "%SRCROOT%"


def sarif_report(report: Report) -> str:
    """Write a report as a SARIF log of one run, in pure ASCII."""
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "gamebook", "version": __version__, "rules": _rules()}},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder that gamebook was run in."}}},
                "results": [_result(report, row) for row in report.rows()],
                "properties": {
                    "summary": report.summary._asdict(),
                    "modelled": report.modelled.share,
                    "explored": None if report.explored is None else report.explored._asdict(),
                },
            }
        ],
    }
    return to_json(log)


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": code,
            "name": "".join(word.capitalize() for word in slug.split("-")),
            "shortDescription": {"text": title},
            "help": {"text": page(code), "markdown": page(code)},
            "defaultConfiguration": {"level": _LEVELS[severity]},
        }
        for code, (slug, severity, title) in CODES.items()
    ]


def _result(report: Report, row: Mapping[str, Any]) -> dict[str, Any]:
    hint = f" {row['hint']}" if row["hint"] else ""
    return {
        "ruleId": row["code"],
        "ruleIndex": _RULES[row["code"]],
        "level": _LEVELS[row["severity"]],
        "message": {"text": f"{row['message']}.{hint}"},
        "locations": [_location(report, row)],
        "partialFingerprints": {"gamebookProblem/v1": _fingerprint(row)},
    }


def _location(report: Report, row: Mapping[str, Any]) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(report.relative(row["file"])), "uriBaseId": _ROOT}}
    if row["line"] is not None:
        physical["region"] = _region(report, row)
    location: dict[str, Any] = {"physicalLocation": physical}
    if row["passage_id"] is not None:
        location["logicalLocations"] = [{"name": row["passage_id"], "kind": "element"}]
    return location


def _region(report: Report, row: Mapping[str, Any]) -> dict[str, Any]:
    region = {"startLine": row["line"]}
    if row["column"] is None:
        return region
    region["startColumn"] = row["column"]
    start, stop = row["start"], row["stop"]
    if start is None or stop is None:
        return region
    lines = report.story.text(int(row["key"]))[start:stop].split("\n")
    region["endLine"] = row["line"] + len(lines) - 1
    region["endColumn"] = len(lines[-1]) + (row["column"] if len(lines) == 1 else 1)
    return region


def _fingerprint(row: Mapping[str, Any]) -> str:
    """Identify a problem whatever line it moves to."""
    identity = "\0".join(str(row[name]) for name in ("code", "passage_id", "message"))
    return hashlib.sha256(identity.encode(errors="backslashreplace")).hexdigest()[:32]


def _uri(path: Path) -> str:
    """Write a relative path as a URI reference; a first segment with a colon must not look like a scheme."""
    return quote(path.as_posix(), safe="/", errors="surrogateescape")

"""Experience API statements: who did what with which activity.

Source: the xAPI specification 1.0.3 (statements: ``actor``, ``verb``, ``object``, ``result``, ``context``, ``timestamp``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from gamebook_lab.formats.logs.cells import RECORD

__all__ = ["is_xapi", "xapi_cells"]


def is_xapi(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a statement."""
    return all(isinstance(record.get(name), dict) for name in ("actor", "verb", "object"))


def xapi_cells(records: Iterable[tuple[int, Mapping[str, Any]]]) -> pd.DataFrame:
    """Lay statements out as rows with the columns' own names.

    The passage is the activity's name, or else the last part of its IRI; the choice is the result's response.
    """
    rows = [
        {
            RECORD: number,
            "session_id": _text(_get(record, "context", "registration")),
            "reader_id": _who(_get(record, "actor")),
            "passage_id": _activity(_get(record, "object")),
            "choice_id": _text(_get(record, "result", "response")),
            "time": _text(record.get("timestamp")),
            "dwell_seconds": _text(_get(record, "result", "duration")),
            "event": _last(_text(_get(record, "verb", "id"))).lower(),
        }
        for number, record in records
    ]
    cells = pd.DataFrame(rows)
    return cells.astype({name: "str" for name in cells.columns if name != RECORD})


def _get(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _who(actor: object) -> str:
    account = _text(_get(actor, "account", "name"))
    return (
        account
        or _text(_get(actor, "mbox"))
        or _text(_get(actor, "openid"))
        or _text(_get(actor, "mbox_sha1sum"))
        or _text(_get(actor, "name"))
    )


def _activity(activity: object) -> str:
    names = _get(activity, "definition", "name")
    if isinstance(names, dict):
        found = next((name for name in names.values() if isinstance(name, str) and name), "")
        if found:
            return found
    return _last(_text(_get(activity, "id")))


def _last(iri: str) -> str:
    """Last part of an IRI: the name that people gave."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return iri
    return unquote(parts.fragment or parts.path.rstrip("/").rsplit("/", 1)[-1] or iri)

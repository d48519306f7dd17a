"""Which column of a log means what: asked for by name, else told by usual names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from gamebook_lab.errors import FormatError

__all__ = ["MEANINGS", "mapped"]

MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "session_id": ("session", "sessionid", "visit", "visitid", "idvisit", "sitting", "gasessionid", "playid", "run", "runid"),
    "reader_id": (
        "reader", "readerid", "user", "userid", "player", "playerid", "subject", "subjectid", "sub", "participant",
        "participantid", "visitor", "visitorid", "clientid", "userpseudoid", "actor", "hashedipaddress", "id",
    ),
    "passage_id": (
        "passage", "passageid", "passagename", "node", "nodeid", "scene", "sceneid", "page", "pageid", "pagetitle", "title",
        "pagelocation", "pageurl", "url", "knot", "section", "article",
    ),
    "step": ("step", "index", "order", "seq", "sequence", "position", "turn", "stepnumber"),
    "time": ("time", "timestamp", "ts", "datetime", "date", "eventtime", "eventtimestamp", "servertimestamp", "createdat", "when"),
    "dwell_seconds": ("dwellseconds", "dwell", "seconds", "duration", "durationinsec", "timespent", "timestep", "timeonpage", "rt"),
    "choice_id": ("choice", "choiceid", "choicelabel", "label", "link", "option", "response", "selected"),
    "event": ("event", "eventname", "action", "type", "verb", "eventtype"),
    "route": ("route", "storyroute", "path", "passages", "scenes", "nodes", "history"),
}  # fmt: skip
"""Usual names of each column, in lower case without what is neither letter nor digit; the first that a log has counts."""


def mapped(names: Iterable[str], columns: Mapping[str, str] | None, *, file: str) -> dict[str, str]:
    """Find the column of each meaning.

    Parameters
    ----------
    names
        Columns of the log.
    columns
        What the caller says: meaning to column.
    file
        The log, for messages.

    Returns
    -------
    dict
        Meaning to column; a meaning that no column has is left out.

    Raises
    ------
    FormatError
        If a meaning or a column that the caller names does not exist.
    """
    known = list(names)
    wanted = dict(columns or {})
    for meaning, column in wanted.items():
        if meaning not in MEANINGS:
            raise FormatError(f"columns= maps one of {', '.join(MEANINGS)}, not {meaning!r}", file=file)
        if column not in known:
            raise FormatError(
                f"there is no column {column!r} for {meaning}; there are {', '.join(map(repr, known[:20]))}", file=file
            )
    plain = {name: re.sub(r"[^0-9a-z]", "", name.lower()) for name in known}
    taken = set(wanted.values())
    for meaning, usual in MEANINGS.items():
        if meaning in wanted:
            continue
        found = next(
            (
                name
                for each in (meaning.replace("_", ""), *usual)
                for name in known
                if plain[name] == each and name not in taken
            ),
            None,
        )
        if found is not None:
            wanted[meaning] = found
            taken.add(found)
    return wanted

"""One way in for every reading log: look at the file, tell its kind, read it into the ``sessions`` table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pandas as pd

from gamebook_lab.errors import FormatError
from gamebook_lab.formats.logs import pageviews, xapi
from gamebook_lab.formats.logs.cells import RECORD, json_records, log_text, read_cells, to_cells
from gamebook_lab.formats.logs.columns import mapped
from gamebook_lab.formats.logs.events import GAP_SECONDS, steps_of
from gamebook_lab.formats.logs.identity import hashed
from gamebook_lab.formats.logs.routes import steps_of_routes
from gamebook_lab.formats.logs.saves import steps_of_saves
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.story.problems import Problem

__all__ = ["Kind", "read_sessions"]

Kind = Literal["events", "routes", "wikispeedia", "xapi", "matomo", "ga4", "saves"]
_JSON: Final = {".json", ".jsonl", ".ndjson"}
_WIKISPEEDIA: Final = ["hashedIpAddress", "timestamp", "durationInSec", "path", "rating"]
_OWN_NAMES: Final = {
    name: name for name in ("session_id", "reader_id", "passage_id", "choice_id", "time", "dwell_seconds", "event")
}


def read_sessions(
    path: str | Path,
    *,
    kind: Kind | None = None,
    columns: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    separator: str | None = None,
    gap_seconds: float = GAP_SECONDS,
    hash_key: str | None = None,
) -> Sessions:
    """Read a reading log.

    Parameters
    ----------
    path
        A file (.csv, .tsv, .json, .jsonl, .parquet, .xlsx), or a file or folder of SugarCube saves (.save).
    kind
        What its rows are; told from the file by default. ``events``: steps. ``routes``: whole sessions, a list of passages in one
        cell. ``wikispeedia``: the same with ``<`` for going back. ``xapi``: statements. ``matomo``, ``ga4``: page views.
        ``saves``: histories in exported saves.
    columns
        Meaning to column, where the usual names do not say it: ``{"reader_id": "who", "passage_id": "slide"}``.
    timezone
        Of times that name none, such as ``"Europe/Paris"``.
    separator
        Between the passages of a route.
    gap_seconds
        Where no session is named: pause after which a reader's next session begins.
    hash_key
        Replaces readers and sessions by digests with this key; see :func:`~gamebook_lab.formats.logs.identity.new_key`.

    Returns
    -------
    Sessions
        ``table`` with the steps, ``problems()`` with all that was left out or mended: nothing is dropped in silence.

    Raises
    ------
    FormatError
        If the file cannot be understood at all.
    LimitError
        If it is too large to be read in one go: :func:`gamebook_lab.analysis.large_logs.count_sessions` counts it in parts.

    Examples
    --------
    >>> log = gb.read_sessions("log.csv", columns={"passage_id": "slide"})   # doctest: +SKIP
    >>> log.table, log.problems()                                            # doctest: +SKIP
    """
    if kind is not None and kind not in get_args(Kind):
        raise FormatError(f"kind= is one of {', '.join(get_args(Kind))}, not {kind!r}")
    file = Path(path)
    if kind == "saves" or (kind is None and (file.is_dir() or file.suffix.lower() == ".save")):
        steps, found = steps_of_saves(_saves(file))
        return _named(Sessions(steps, tuple(found), "saves"), hash_key)
    cells, told, notes = _cells(file, kind)
    columns = mapped([name for name in cells.columns if name != RECORD], columns or _own(cells, told), file=file.name)
    told = told or ("routes" if "route" in columns and "passage_id" not in columns else "events")
    if told in {"routes", "wikispeedia"}:
        steps, facts, found = steps_of_routes(
            cells, columns, file=file.name, timezone=timezone, decode_names=told == "wikispeedia",
            separator=separator or (";" if told == "wikispeedia" else None),
        )  # fmt: skip
    else:
        steps, found = steps_of(cells, columns, file=file.name, timezone=timezone, gap=gap_seconds)
        facts = pd.DataFrame(index=pd.Index(steps["session_id"].unique(), name="session_id"))
    return _named(Sessions(steps, (*notes, *found), told, facts), hash_key)


def _own(cells: pd.DataFrame, told: Kind | None) -> dict[str, str] | None:
    if told in {"xapi", "matomo", "ga4"}:
        return {name: name for name in _OWN_NAMES if name in cells.columns}
    return None


def _saves(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(each for each in path.iterdir() if each.suffix.lower() == ".save")
        if not found:
            raise FormatError("expected a folder of .save files, and there is none", file=path.name)
        return found
    return [path]


def _cells(path: Path, kind: Kind | None) -> tuple[pd.DataFrame, Kind | None, list[Problem]]:
    if path.suffix.lower() in _JSON:
        records, notes = json_records(log_text(path)[0], file=path.name)
        first: Mapping[str, Any] = records[0][1]
        told = kind or (
            "xapi"
            if xapi.is_xapi(first)
            else "matomo"
            if pageviews.is_matomo(first)
            else "ga4"
            if pageviews.is_ga4(first)
            else None
        )
        if told == "xapi":
            return xapi.xapi_cells(records), told, notes
        if told == "matomo":
            return pageviews.matomo_cells(records), told, notes
        if told == "ga4":
            return pageviews.ga4_cells(records), told, notes
        return to_cells(records), told, notes
    if kind == "wikispeedia" or (kind is None and path.suffix.lower() == ".tsv" and _is_wikispeedia(path)):
        return _wikispeedia(path)
    cells, notes = read_cells(path)
    return cells, kind, notes


def _is_wikispeedia(path: Path) -> bool:
    """Its files begin with comments, and have no header."""
    with path.open("rb") as file:
        return file.read(1) == b"#"


def _wikispeedia(path: Path) -> tuple[pd.DataFrame, Kind, list[Problem]]:
    text, _ = log_text(path)
    rows, notes = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.rstrip("\r").split("\t")
        if len(parts) < len(_WIKISPEEDIA) - 1:
            notes.append(
                Problem(
                    "GB701",
                    f"Line {number} has {len(parts)} cells, not {len(_WIKISPEEDIA)}",
                    file=path.name,
                    line=number,
                )
            )
            continue
        rows.append([*[*parts, ""][: len(_WIKISPEEDIA)], number])
    cells = pd.DataFrame(rows, columns=[*_WIKISPEEDIA, RECORD])
    return cells.rename(columns={"path": "route"}), "wikispeedia", notes


def _named(sessions: Sessions, key: str | None) -> Sessions:
    if key is None:
        return sessions
    table = sessions.table.assign(
        session_id=hashed(sessions.table["session_id"], key), reader_id=hashed(sessions.table["reader_id"], key)
    )
    names = pd.Series(sessions.facts.index, dtype="str")
    facts = pd.DataFrame(
        index=pd.Index(hashed(names, key), name="session_id")
    )  # whatever else it says may name the reader
    return Sessions(table, sessions.found, sessions.kind, facts)

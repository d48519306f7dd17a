"""``gamebook report --telemetry``: the dashboard of a stored time as one HTML file."""

from __future__ import annotations

from pathlib import Path

from gamebook_lab import telemetry
from gamebook_lab.analysis.printed import write_page
from gamebook_lab.charts.telemetry_report import report
from gamebook_lab.cli.outputs import refuse_to_replace
from gamebook_lab.cli.terminal import printable, say
from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.moments import seconds_of
from gamebook_lab.telemetry.overview import overview

__all__ = ["run"]


def run(*, since: str, output: Path, folder: Path | None, overwrite: bool) -> int:
    """Write the report; gives the exit status.

    Raises
    ------
    ConflictError
        If the file is there already, and is not to be replaced.
    TelemetryError
        If nothing was recorded in that time.
    """
    refuse_to_replace([output], overwrite=overwrite)
    try:
        seconds_of(since)
    except ValueError as error:
        raise TelemetryError(f"--since: {error}") from error
    if folder is not None and not folder.is_dir():
        raise TelemetryError(f"there is no folder {folder}: --folder takes one that a run was recorded in")
    table = overview(since=since, folder=folder)
    if table.empty:
        raise TelemetryError(
            f"nothing was recorded in the last {since}; the lab records while a Studio or a dashboard is open "
            "(--since for a longer time, --folder for another run)"
        )
    objectives = telemetry.objectives(since, folder=folder)
    alerts = telemetry.alerts(since=since, folder=folder)
    write_page(output, report(table, objectives, alerts, judged=since, title=f"Telemetry of the last {since}"))
    say(f"{printable(str(output))}: {len(table):,} intervals, {len(objectives)} objectives, {len(alerts)} alerts")
    return 0

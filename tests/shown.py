"""What tests tell people: tables that are printed when all is over, in whichever process the tests ran.

A worker of pytest-xdist prints nothing, but what a test records (``record_property``) comes along with its outcome.
"""

from __future__ import annotations

from typing import Any

import pytest

TABLE = "table"


def recorded(reporter: pytest.TerminalReporter, name: str) -> list[Any]:
    """Give all that tests recorded under a name, in the order in which they ended."""
    reports = (each for kind in reporter.stats.values() for each in kind if isinstance(each, pytest.TestReport))
    return [
        value for report in reports if report.when == "teardown" for key, value in report.user_properties if key == name
    ]


def print_tables(reporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests have shown, each once."""
    for title, text in dict(recorded(reporter, TABLE)).items():
        reporter.section(title)
        reporter.write_line(text)

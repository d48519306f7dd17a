from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from gamebook_lab.telemetry.moments import epoch_of, seconds_of, times

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("10s", 10), ("5min", 300), ("5m", 300), ("2h", 7_200), ("30d", 2_592_000), ("1 w", 604_800), ("1h30min", 5_400),
     ("1.5h", 5_400), ("1D", 86_400), (90, 90), (timedelta(minutes=2), 120)],
)  # fmt: skip
def test_length(said, seconds):
    assert seconds_of(said) == seconds


@pytest.mark.parametrize(
    "said", ["", "5", "h", "5 parsecs", "-5s", "0s", 0, -1, float("nan"), float("inf"), True, "1e9s"]
)
def test_length__that_is_none(said):
    with pytest.raises(ValueError, match="a length of time is like"):
        seconds_of(said)


@pytest.mark.parametrize(
    ("said", "moment"),
    [("1h", NOW - 3_600), (12.5, 12.5), (timedelta(hours=1), NOW - 3_600), ("2026-11-20", 1_795_132_800),
     ("2026-11-20T01:00:00+01:00", 1_795_132_800), (datetime(2026, 11, 20, tzinfo=UTC), 1_795_132_800),
     (pd.Timestamp("2026-11-20"), 1_795_132_800)],
)  # fmt: skip
def test_moment(said, moment):
    assert epoch_of(said, NOW) == moment


@pytest.mark.parametrize("said", ["", "soon", None, True, "NaT", pd.NaT])
def test_moment__that_is_none(said):
    with pytest.raises(ValueError, match="a moment is like"):
        epoch_of(said, NOW)


def test_times__missing_ones():
    column = times([0.25, None])
    assert str(column.dtype) == "datetime64[us, UTC]"
    assert column.iloc[0] == pd.Timestamp("1970-01-01T00:00:00.25Z")
    assert pd.isna(column.iloc[1])

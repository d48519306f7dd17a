"""Telemetry's figures and report: all panels, limits, alerts, and nothing of a stranger's as markup."""

from __future__ import annotations

import pandas as pd
import pytest

from gamebook_lab.charts.telemetry import PANELS, telemetry
from gamebook_lab.charts.telemetry_panels import Limit, panel
from gamebook_lab.charts.telemetry_report import report
from gamebook_lab.charts.telemetry_words import in_words
from tests.widgets.telemetry_feed import MadeUpFeed, alert

TABLE = MadeUpFeed().table(1_800_000_000, 1_800_000_300, 1)
ALERTS = pd.DataFrame([alert(summary="<img src=x>", started=1_800_000_100)])


@pytest.mark.parametrize("shown", PANELS, ids=lambda shown: shown.key)
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_figure__has_each_series_and_limit(shown, mode):
    figure = telemetry(TABLE, shown.key, mode=mode)
    assert [trace.name for trace in figure.data] == [series.label for series in shown.series]
    assert [shape.y0 for shape in figure.layout.shapes] == [limit.value for limit in shown.limits]


def test_figure__of_nothing_says_so():
    figure = telemetry(TABLE[[]], "cpu")
    assert "nothing was measured" in figure.layout.annotations[0].text


def test_figure__marks_alerts_and_escapes_them():
    figure = telemetry(TABLE, "memory", alerts=ALERTS)
    assert "<img" not in figure.data[-1].text[0]
    assert len(figure.layout.shapes) == 4


def test_value__without_neighbours_is_a_dot():
    table = TABLE.iloc[:5].copy()
    table["fps"] = [60.0, 60.0, None, 58.0, None]
    assert list(telemetry(table, "fps").data[0].marker.size) == [0, 0, 0, 5, 0]


def test_panel__of_another_name_is_refused():
    with pytest.raises(KeyError, match="memory"):
        panel("disk")


def test_limit__may_be_a_least_value():
    assert Limit(55, "at least", is_least=True).is_crossed(54)
    assert not Limit(55, "at least", is_least=True).is_crossed(float("nan"))
    assert Limit(70, "limit").is_crossed(71)


def test_report__stands_alone_and_escapes():
    text = report(TABLE, MadeUpFeed().objectives("1h"), ALERTS, title="<i>")
    assert text.count("<figure>") == len(PANELS)
    assert text.count("plotly.js v") == 1
    assert "<img src=x>" not in text.split("</script>")[-1]
    assert "<i>" not in text
    assert "no data" in text


def test_report__of_nothing_says_so():
    nothing = MadeUpFeed()
    assert "Nothing was recorded" in report(TABLE.iloc[:0], nothing.objectives("1h"), nothing.alerts(0))


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.42, "share", "42 %"), (0.9995, "share", "99.95 %"), (0.0004, "share", "0.04 %"), (0.0345, "seconds", "34 ms"),
        (75.0, "seconds", "75.0 s"), (58.6, "frames/s", "59 /s"), (1234.0, "", "1,234"), (float("nan"), "share", "\u2013"),
    ],
)  # fmt: skip
def test_value__in_words(value, unit, words):
    assert in_words(value, unit) == words

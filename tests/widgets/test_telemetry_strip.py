"""The strip at the Studio's foot: newest figures, limits that they cross, the gravest alert first."""

from __future__ import annotations

import pandas as pd
import pytest

from gamebook_lab.widgets.telemetry_strip import TelemetryStrip, strip
from tests.widgets.telemetry_feed import MadeUpFeed, alert

NOW = 1_800_000_000.0


def table(**newest):
    times = pd.to_datetime([NOW - 3, NOW - 2, NOW - 1], unit="s", utc=True)
    return pd.DataFrame({name: [1.0, 2.0, value] for name, value in newest.items()}, index=times)


NO_ALERTS = pd.DataFrame(columns=list(alert()))


def items(shown):
    return {item["key"]: (item["value"], item["level"]) for item in shown["items"]}


def test_strip__says_which_limits_are_crossed():
    shown = strip(table(cpu_host=71, memory_host=81, response_p95=99, fps=54), NO_ALERTS, NOW)
    assert items(shown) == {
        "cpu": ("71 %", "critical"), "memory": ("81 %", "maximum"), "response": ("99 ms", ""), "fps": ("54 /s", "critical"),
    }  # fmt: skip


@pytest.mark.parametrize(("value", "level"), [(59, ""), (61, "warning"), (71, "critical"), (81, "maximum")])
def test_strip__memory_has_three_levels(value, level):
    assert items(strip(table(memory_host=value), NO_ALERTS, NOW))["memory"][1] == level


def test_strip__does_not_call_an_old_value_the_newest():
    shown = strip(table(cpu_host=71), NO_ALERTS, NOW + 30)
    assert items(shown)["cpu"] == ("\u2013", "")
    assert len(shown["items"][0]["points"]) == 60


def test_strip__tells_the_gravest_alert_first_and_none_that_has_ended():
    rows = [
        alert(1, level="warning", summary="low"),
        alert(2, level="maximum", summary="high"),
        alert(3, ended=NOW, summary="gone"),
    ]
    shown = strip(table(cpu_host=1), pd.DataFrame(rows), NOW)
    assert (shown["alerts"], shown["urgent"]) == (["High", "Low"], "")


@pytest.mark.parametrize(
    ("rule", "level", "urgent"),
    [("memory", "critical", "Full"), ("memory", "warning", ""), ("cpu", "maximum", ""), ("response", "maximum", "")],
)
def test_strip__is_urgent_about_what_a_writer_can_act_on(rule, level, urgent):
    rows = [alert(1, rule="cpu", level="maximum", summary="busy"), alert(2, rule=rule, level=level, summary="full")]
    assert strip(table(cpu_host=1), pd.DataFrame(rows), NOW)["urgent"] == urgent


def test_strip__is_sent_while_it_can_be_seen(bundles, heard):
    feed = MadeUpFeed()
    asked = []
    widget = TelemetryStrip(feed=feed, clock=lambda: NOW, show=lambda: asked.append(1))
    sent = heard(widget)
    widget._tick()
    assert [item["key"] for item in sent.last("strip")["items"]] == ["cpu", "memory", "response", "fps"]
    widget._receive(widget, {"type": "watch", "view": "v"}, [])
    widget._receive(widget, {"type": "rest", "view": "v"}, [])
    widget._receive(widget, {"type": "more"}, [])
    assert asked == [1]
    widget._receive(widget, {"type": "nonsense"}, [])
    widget.close()


def test_strip__reads_what_is_new_and_not_the_whole_minute_again(bundles, heard):
    feed, now = MadeUpFeed(), [NOW]
    widget = TelemetryStrip(feed=feed, clock=lambda: now[0])
    sent = heard(widget)
    for _ in range(40):
        widget._tick()
        now[0] += 2
    assert [until - since for since, until, _ in feed.asked] == [60.0] + [7.0] * 39
    whole = TelemetryStrip(feed=feed, clock=lambda: now[0] - 2)
    shown = heard(whole)
    whole._tick()
    assert sent.last("strip")["items"] == shown.last("strip")["items"]
    for each in (widget, whole):
        each.close()
    assert not feed.callbacks


def test_strip__looks_at_the_alerts_when_a_notice_tells_of_one(bundles, heard):
    feed = MadeUpFeed()
    widget = TelemetryStrip(feed=feed, clock=lambda: NOW)
    sent = heard(widget)
    widget._tick()
    feed.rows = [alert(1, summary="high")]
    widget._tick()
    assert sent.last("strip")["alerts"] == []
    feed.fire()
    widget._tick()
    assert sent.last("strip")["alerts"] == ["High"]
    widget.close()

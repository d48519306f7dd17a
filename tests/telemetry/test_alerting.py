"""The rule engine on series made by hand: which alerts, told when, and muted by whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.alert import Alert, Silence
from gamebook_lab.telemetry.alerting import Engine
from gamebook_lab.telemetry.rules import DEFAULT_RULES, AlertLevel
from gamebook_lab.telemetry.settings import NoticeSettings, Settings

WALL = 1_800_000_000.0


class Run:
    """An engine that is given values second by second, and what came of it."""

    def __init__(self, rules=("memory", "pool_memory"), *, notices=None, change=None):
        chosen = {name: replace(DEFAULT_RULES[name], **(change or {})) for name in rules}
        self.engine = Engine(Settings(rules=chosen, notices=notices or NoticeSettings()), session="s")
        self.second = 0
        self.changes, self.notices, self.reliefs = [], [], []

    def go(self, seconds=1, **values):
        for _ in range(seconds):
            given = {name: value if isinstance(value, dict) else {(): value} for name, value in values.items()}
            step = self.engine.step(given, float(self.second), WALL + self.second)
            self.changes += [(self.second, alert.rule, alert.level.word) for alert in step.changed]
            self.notices += [(self.second, one.kind, one.level, len(one.alerts)) for one in step.notices]
            self.reliefs += [(self.second, kind) for kind in step.reliefs]
            self.second += 1
        return self


def test_alert__one_from_its_first_level_to_its_last():
    run = Run(["memory"]).go(memory=0.5).go(31, memory=0.65).go(10, memory=0.75).go(3, memory=0.85)
    (alert,) = run.engine.alerts
    assert (alert.id, alert.level, alert.peak, alert.state) == (1, AlertLevel.MAXIMUM, AlertLevel.MAXIMUM, "firing")
    assert alert.started == WALL + 30
    assert alert.threshold == 0.80
    assert alert.summary == "85.0 % of the memory is in use"
    run.go(61, memory=0.5)
    assert run.engine.alerts == ()
    assert [level for _, _, level in run.changes] == ["warning", "critical", "maximum", ""]
    run.go(3, memory=0.85)
    assert run.engine.alerts[0].id == 2


def test_alert__that_is_held_says_that_its_value_is_better_by_now():
    run = Run(["memory"]).go(memory=0.5).go(4, memory=0.85).go(5, memory=0.5)
    (alert,) = run.engine.alerts
    assert (alert.level, alert.summary) == (AlertLevel.MAXIMUM, "50.0 % of the memory is in use, and getting better")


def test_breach__is_told_within_three_seconds():
    run = Run(["memory"]).go(100, memory=0.5).go(4, memory=0.85)
    # the value was over 80 % at 100 s, and at most a second earlier
    assert run.notices == [(102, "firing", "maximum", 1)]


def test_notices__wait_for_their_group_but_not_at_maximum():
    run = Run().go(memory=0.5, pool_memory=0.5).go(9, memory=0.75, pool_memory=0.5)
    run.go(7, memory=0.75, pool_memory=0.75)
    assert run.changes == [(10, "memory", "critical")]
    assert run.notices == [(15, "firing", "critical", 1)]
    run.go(3, memory=0.75, pool_memory=0.95)
    assert run.notices[-1] == (19, "firing", "maximum", 1), "3 s after the breach; it took over from critical"


def test_notices__are_told_once_and_again_after_hours():
    run = Run(["memory"], notices=NoticeSettings(repeat_seconds=100.0)).go(memory=0.5).go(240, memory=0.85)
    assert run.notices == [(3, "firing", "maximum", 1), (103, "repeat", "maximum", 1), (203, "repeat", "maximum", 1)]


def test_notices__that_it_is_over():
    run = Run(["memory"]).go(memory=0.5).go(3, memory=0.85).go(70, memory=0.5)
    assert run.notices == [(3, "firing", "maximum", 1), (63, "resolved", "", 1)]


def test_notices__a_blip_that_was_over_before_it_was_told_is_not_told():
    run = Run(["memory"], notices=NoticeSettings(group_seconds=100.0), change={"hold_seconds": 5.0})
    run.go(memory=0.5).go(12, memory=0.75).go(20, memory=0.5)
    assert [level for _, _, level in run.changes] == ["critical", ""]
    assert run.notices == []


def test_maximum__mutes_the_warnings_of_its_group():
    run = (
        Run().go(memory=0.5, pool_memory=0.5).go(3, memory=0.85, pool_memory=0.65).go(40, memory=0.85, pool_memory=0.65)
    )
    warning = next(alert for alert in run.engine.alerts if alert.rule == "pool_memory")
    assert warning.is_inhibited
    assert run.notices == [(3, "firing", "maximum", 1)]
    run.go(70, memory=0.5, pool_memory=0.65)
    assert not run.engine.alerts[0].is_inhibited
    assert [kind for _, kind, _, _ in run.notices] == ["firing", "firing"], "told when nothing mutes it any more"


def test_no_data__is_an_alert_of_its_own():
    run = Run(["memory"]).go(5, memory=0.5).go(60, memory=None)
    (alert,) = run.engine.alerts
    assert (alert.state, alert.level, alert.summary) == (
        "no data", AlertLevel.NORMAL, "host_memory_share has not been measured for 30 s",
    )  # fmt: skip
    assert run.notices == [(39, "no data", "", 1)]
    run.go(2, memory=0.5)
    assert run.engine.alerts == ()
    assert run.notices[-1][1] == "resolved"


def test_acknowledged__is_not_repeated_but_a_rise_is_told():
    run = Run(["memory"], notices=NoticeSettings(repeat_seconds=50.0)).go(memory=0.5).go(20, memory=0.75)
    assert run.notices == [(15, "firing", "critical", 1)]
    run.engine.acknowledge(1)
    assert run.engine.alerts[0].state == "acknowledged"
    run.go(100, memory=0.75)
    assert len(run.notices) == 1
    run.go(5, memory=0.85)
    assert run.notices[-1][1:3] == ("firing", "maximum")
    assert run.engine.alerts[0].state == "firing"


def test_acknowledge__unknown():
    with pytest.raises(TelemetryError, match="no alert 7 is in force; there are none"):
        Run().engine.acknowledge(7)


def test_silence__ends_by_itself():
    run = Run(["memory"]).go(memory=0.5)
    run.engine.silence([Silence(1, {"rule": "mem*", "level": "*"}, WALL + 50)])
    run.go(40, memory=0.85)
    assert run.engine.alerts[0].is_silenced
    assert run.notices == []
    run.go(20, memory=0.85)
    assert not run.engine.alerts[0].is_silenced
    assert run.notices == [(50, "firing", "maximum", 1)]


@pytest.mark.parametrize(
    ("matcher", "is_muted"),
    [({"rule": "memory"}, True), ({"group": "mem*"}, True), ({"level": "warning"}, False), ({"kind": "x"}, False)],
)
def test_silence__matches(matcher, is_muted):
    level = AlertLevel.MAXIMUM
    alert = Alert(1, "memory", "memory", {}, level, level, 0.9, 0.8, "", WALL, WALL)
    assert Silence(1, matcher, WALL + 1).mutes(alert) == is_muted


def test_labels__are_judged_apart():
    run = Run(["breaker"])
    states = {(("kind", "a"),): 0.0, (("kind", "b"),): 2.0}
    run.go(3, breaker=states)
    (alert,) = run.engine.alerts
    assert alert.labels == {"kind": "b"}
    assert "kind b" in alert.line
    run.go(20, breaker={(("kind", "a"),): 0.0})
    assert run.engine.alerts == (), "a series that is no more"
    assert len(run.engine._standings) == 1


def test_relief__is_asked_for_at_each_rise():
    run = Run(["memory"]).go(memory=0.5).go(10, memory=0.75).go(20, memory=0.85).go(70, memory=0.72)
    assert run.reliefs == [(10, "memory"), (13, "memory")]


def test_alert__comes_back_from_the_file():
    run = Run(["memory"]).go(memory=0.5).go(3, memory=0.85)
    (alert,) = run.engine.alerts
    assert Alert.of_json(alert.to_json()) == alert

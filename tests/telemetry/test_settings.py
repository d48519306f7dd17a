from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from gamebook_lab.errors import SettingsError
from gamebook_lab.telemetry.rules import Rule
from gamebook_lab.telemetry.settings import LogSettings, Settings


def test_defaults__come_back_from_the_file_that_they_are_written_to(tmp_path):
    odd = replace(Settings(), log=LogSettings(levels={"gamebook_lab.parallel": "debug"}))
    for settings in (Settings(), odd):
        settings.write(tmp_path, overwrite=True)
        assert Settings.read(tmp_path) == settings


def test_write__replaces_nothing_unasked(tmp_path):
    Settings().write(tmp_path)
    with pytest.raises(SettingsError, match="overwrite=True"):
        Settings().write(tmp_path)


def test_write__is_for_the_owner_alone(tmp_path):
    assert Settings().write(tmp_path).stat().st_mode & 0o077 == 0


def test_read__no_file(tmp_path):
    assert Settings.read(tmp_path) == Settings()


def test_file__changes_single_values():
    made = Settings.of(tomllib.loads("[rules.memory]\nmaximum = 0.9\n[retention]\nraw_seconds = 600"))
    assert made.rules["memory"] == replace(Settings().rules["memory"], maximum=0.9)
    assert made.rules["cpu"] == Settings().rules["cpu"]
    assert made.retention.raw_seconds == 600.0


def test_file__adds_and_takes_out_rules_and_objectives():
    text = """
        objectives.fps = false
        [rules]
        cpu = false
        [rules.saves]
        metric = "saves_total"
        stat = "rate"
        window_seconds = 60
        warning = 1
    """
    made = Settings.of(tomllib.loads(text))
    assert "cpu" not in made.rules
    assert "fps" not in made.objectives
    assert made.rules["saves"] == Rule("saves_total", "rate", window_seconds=60.0, warning=1.0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", "there is no setting 'x'"),
        ("[rules.memory]\nwarnin = 0.5", "did you mean warning"),
        ("[rules.memory]\nwarning = 'high'", r"rules.memory: warning .*takes a number, not 'high'"),
        ("[rules.memory]\nis_below = 1", "takes true or false"),
        ("[rules.memory]\nwarning = 0.9", "get worse"),
        ("[rules.mine]\nwarning = 0.9", "needs? metric|missing"),
        ("[log]\nlevel = 'loud'", "a level is debug"),
        ("rules = 3", "is a table"),
        ("[notices]\ntargets = 'mailto:me'", "takes a list"),
        ("[notices]\nattempts = true", "takes a whole number"),
        ("[retention]\nraw_seconds = 1e9", "no less than"),
    ],
)
def test_file__wrong(text, complaint):
    with pytest.raises(SettingsError, match=complaint):
        Settings.of(tomllib.loads(text))


def test_file__no_toml(tmp_path):
    (tmp_path / "settings.toml").write_text("rules = ", encoding="utf-8")
    with pytest.raises(SettingsError, match="is not TOML"):
        Settings.read(tmp_path)


def test_file__says_what_each_setting_means():
    lines = Settings().to_toml().splitlines()
    for number, line in enumerate(lines):
        if line.startswith(("raw_seconds", "targets", "max_series", "level =")):
            assert lines[number - 1].startswith("#")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ({"max_series": -1}, "max_series is 1 or more"),
        ({"rules": {"memory": {"warning": float("nan")}}}, "a threshold is a finite number"),
        ({"rules": {"memory": {"relief": "memroy"}}}, "relief is memory, workers or empty, not 'memroy'"),
    ],
)
def test_settings__that_would_silently_do_nothing_are_refused(table, complaint):
    with pytest.raises(SettingsError, match=complaint):
        Settings.of(table)

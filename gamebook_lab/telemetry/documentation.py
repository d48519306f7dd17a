"""The reference part of ``docs/telemetry.md``, made of what the code says: metrics, objectives, alerts, settings.

python -m gamebook_lab.telemetry.documentation docs/telemetry.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.goals import DEFAULT_GOALS
from gamebook_lab.telemetry.rules import DEFAULT_RULES, Rule
from gamebook_lab.telemetry.settings import Settings

__all__ = ["reference"]

_MARK: Final = "<!-- From here on made by gamebook_lab/telemetry/documentation.py; a test compares. -->"


def reference() -> str:
    """Markdown of all that has a name."""
    return "\n".join([_MARK, "", *_metrics(), "", *_goals(), "", *_rules(), "", *_settings()])


def _metrics() -> Iterator[str]:
    yield "## Metrics"
    yield ""
    yield from _table(
        ("name", "kind", "unit", "labels", "meaning"),
        ((f"`{info.name}`", info.kind, info.unit, ", ".join(info.labels), info.meaning) for info in CATALOGUE.values()),
    )


def _goals() -> Iterator[str]:
    yield "## Objectives"
    yield ""
    yield from _table(
        ("name", "metric", "target"),
        ((f"`{name}`", f"`{goal.metric}`", goal.target) for name, goal in DEFAULT_GOALS.items()),
    )


def _rules() -> Iterator[str]:
    yield "## Alerts"
    yield ""
    yield from _table(
        ("rule", "looks at", "warning", "critical", "maximum", "for (s)", "left after"),
        (
            (
                f"`{name}`",
                f"{rule.stat} of `{rule.metric}`"
                + (f", {rule.window_seconds:.0f} s" if rule.window_seconds > 1 else ""),
                *(rule.shown(threshold) for threshold in rule.thresholds),
                " / ".join(f"{seconds:.0f}" for seconds in rule.for_seconds),
                f"{rule.hold_seconds:.0f} s, {_margin(rule)} better",
            )
            for name, rule in DEFAULT_RULES.items()
        ),
    )


def _margin(rule: Rule) -> str:
    return f"{rule.clear * 100:g} points" if rule.unit == "%" else rule.shown(rule.clear)


def _settings() -> Iterator[str]:
    short = replace(
        Settings(), rules={"memory": DEFAULT_RULES["memory"]}, objectives={"memory": DEFAULT_GOALS["memory"]}
    )
    yield "## Settings"
    yield ""
    yield "All of `settings.toml`, with the defaults; of objectives and rules the first."
    yield ""
    yield "```toml"
    yield short.to_toml().strip()
    yield "```"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def main(file: Path) -> None:
    """Put the reference in place of what stands after its mark."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index(_MARK)] + reference() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

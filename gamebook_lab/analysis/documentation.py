"""The reference in ``docs/tables.md``: every table with its columns, made of their one definition.

python -m gamebook_lab.analysis.documentation docs/tables.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final

from gamebook_lab.story.schema import Column

__all__ = ["TABLES", "reference"]

_MARK: Final = "<!-- From here on made by gamebook_lab/analysis/documentation.py; a test compares. -->"

TABLES: Final = {
    "Story": {
        "story.passages": "story.schema:PASSAGES",
        "story.choices": "story.schema:CHOICES",
        "story.variables": "story.schema:VARIABLES",
        "story.problems()": "story.schema:PROBLEMS",
        "gb.search.find(story, ...), gb.search.preview(story, ...)": "story.search:MATCHES",
    },
    "What a reader can come to": {
        "space.passages()": "analysis.verdicts:PASSAGE_VERDICTS",
        "space.choices()": "analysis.choice_classes:CHOICE_CLASSES",
        "choice_verdicts(space)": "analysis.verdicts:CHOICE_VERDICTS",
        "space.endings()": "analysis.endings:ENDINGS",
        "ending_verdicts(space)": "analysis.verdicts:ENDING_VERDICTS",
        "space.texts()": "analysis.texts:TEXTS",
        "space.lengths()": "analysis.lengths:LENGTHS",
        "space.length_distribution()": "analysis.length_distribution:LENGTH_DISTRIBUTION",
        "space.bottlenecks()": "analysis.bottlenecks:BOTTLENECKS",
        "space.points_of_no_return()": "analysis.bottlenecks:POINTS_OF_NO_RETURN",
        "space.loops()": "analysis.loops:LOOPS",
        "space.variable_values()": "analysis.values:VALUES",
        "space.unmodelled()": "analysis.explored:UNMODELLED",
        "space.branching()": "analysis.structure:BRANCHING",
        "space.features()": "analysis.structure:FEATURE_COLUMNS",
        "space.patterns()": "analysis.structure:PATTERN_COLUMNS",
    },
    "Playthroughs": {
        "gb.read_paths(folder)": "analysis.path_rows:PATHS",
        "paths.by_ending()": "analysis.path_counts:BY_ENDING",
        "paths.by_choices()": "analysis.path_counts:BY_CHOICES",
        "space.playthroughs(ways)": "analysis.playthrough_table:PLAYTHROUGHS",
        "space.similarity(ways)": "analysis.similarity:SIMILARITY",
        "space.coverage(ways)": "analysis.coverage:COVERAGE",
        "covered(space, ways), space.missed(ways)": "analysis.coverage:COVERED",
        "coverage_map(space, ways), first": "analysis.coverage_map:MAP_PASSAGES",
        "coverage_map(space, ways), second": "analysis.coverage_map:MAP_ARROWS",
        "suite.plan": "analysis.suite_plan:PLAN",
        "replay_suite(story, saved)": "analysis.regression:REPLAYED",
    },
    "Two versions": {
        "gb.compare(old, new).passages": "analysis.diff:PASSAGE_CHANGES",
        "gb.compare(old, new).choices": "analysis.diff:CHOICE_CHANGES",
        "gb.compare(old, new).endings": "analysis.diff:ENDING_CHANGES",
    },
    "Readers": {
        "sessions.table": "formats.logs.events:SESSIONS",
        "matched.table": "analysis.matching:MATCHES",
        "report.passages": "analysis.readership:READERSHIP",
        "report.choices": "analysis.readership:CHOICE_SHARES",
        "report.endings": "analysis.readership:ENDING_SHARES",
        "report.drop_off": "analysis.dropoff:DROP_OFF",
        "funnel(matched, passages)": "analysis.dropoff:FUNNEL",
        "survival(matched)": "analysis.dropoff:SURVIVAL",
        "report.dwell": "analysis.dwell:DWELL",
        "flow(matched)": "analysis.flow:FLOW",
        "group_differences(matched, groups)": "analysis.group_differences:DIFFERENCES",
        "hidden_decisions(matched)": "analysis.hidden_decisions:HIDDEN",
        "held_out(matched)": "analysis.reader_fit:HELD_OUT",
        "gb.forecast(fitted, edited)": "analysis.reader_fit:FORECAST",
        "distinct_routes(matched)": "analysis.routes:ROUTES",
        "route_diversity(matched)": "analysis.routes:DIVERSITY",
        "junctions(matched)": "analysis.routes:JUNCTIONS",
        "route_clusters(matched).table": "analysis.route_clusters:CLUSTERS",
        "route_clusters(matched).representatives()": "analysis.route_clusters:REPRESENTATIVES",
        "align_routes(matched)": "analysis.route_alignment:ALIGNMENT",
    },
    "Workspace": {
        "workspace.revisions()": "store.past:REVISIONS",
        "workspace.passage_history(uid)": "store.passage_past:PASSAGE_HISTORY",
        "workspace.diff(old, new)": "store.diff:DIFF",
        "workspace.backups()": "store.backups:BACKUPS",
    },
}
"""How a table is got, and where its columns are defined."""


def reference() -> str:
    """Markdown of all tables."""
    return "\n".join([_MARK, "", *_sections()])


def _sections() -> Iterator[str]:
    for title, tables in TABLES.items():
        yield f"## {title}"
        yield ""
        for call, place in tables.items():
            yield f"### `{call}`"
            yield ""
            if "." not in call.split("(")[0]:  # a function that is no method and not in `gb`
                yield f"From `gamebook_lab.{place.split(':')[0]}`."
                yield ""
            yield "| column | type | unit | meaning |"
            yield "| --- | --- | --- | --- |"
            for column in columns(place):
                yield f"| `{column.name}` | {column.dtype} | {column.unit} | {_cell(column.meaning)} |"
            yield ""


def columns(place: str) -> tuple[Column, ...]:
    """Look up the definition that ``module:NAME`` names."""
    module, _, name = place.partition(":")
    found: tuple[Column, ...] = getattr(import_module(f"gamebook_lab.{module}"), name)
    return found


def _cell(text: str) -> str:
    return text.replace("|", r"\|").replace("\n", r"\n")


def main(file: Path) -> None:
    """Put the reference in place of what stands after its mark."""
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index(_MARK)] + reference(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

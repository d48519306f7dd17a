"""What two formats both hold of a story, and the table of corpus results."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields, replace

import pytest

from gamebook_lab.formats.lines import normal
from gamebook_lab.formats.twee_section import without_blank_end
from gamebook_lab.story.records import records_of
from tests.shown import recorded


def meaning_of(story):
    """Everything that Twee and HTML both hold: code apart, since HTML puts it first."""
    rows = [
        replace(row, file=None, line=None, text=without_blank_end(normal(row.text)))
        for row in records_of(story.table).values()
    ]
    code = sorted((row.kind, row.passage_id, row.text) for row in rows if row.kind in {"script", "style"} and row.text)
    plain = [row for row in rows if row.kind not in {"script", "style"}]
    facts = story.metadata
    metadata = (facts.title, facts.ifid, facts.format, facts.format_version, facts.zoom, dict(facts.tag_colors))
    return metadata, code, plain


@pytest.fixture(scope="session")
def meaning():
    return meaning_of


@pytest.fixture(scope="session")
def codes():
    return lambda story: " ".join(sorted({problem.code for problem in story.import_problems})) or "-"


@dataclass
class Result:
    """What the corpus test saw in one folder of the corpora."""

    n_files: int = 0
    n_stories: int = 0
    n_passages: int = 0
    n_identical: int = 0
    n_semantic: int = 0
    codes: Counter = field(default_factory=Counter)

    def __add__(self, other):
        return Result(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@pytest.fixture
def results(record_property):
    """Results by folder, for the table that is printed when all tests are over."""
    found = defaultdict(Result)
    yield found
    for folder, result in found.items():
        record_property("corpora", (folder, {**vars(result), "codes": dict(result.codes)}))


def pytest_terminal_summary(terminalreporter):
    results = defaultdict(Result)
    for folder, values in recorded(terminalreporter, "corpora"):
        results[folder] += Result(**{**values, "codes": Counter(values["codes"])})
    if not results:
        return
    terminalreporter.section("corpora: read and written")
    head = ("folder", "files", "stories", "passages", "byte-identical", "semantic", "problems by code")
    rows = [head]
    for name, result in sorted(results.items()):
        codes = " ".join(f"{code}:{n}" for code, n in sorted(result.codes.items()))
        identical, semantic = f"{result.n_identical}/{result.n_files}", f"{result.n_semantic}/{result.n_stories}"
        rows.append((name, result.n_files, result.n_stories, result.n_passages, identical, semantic, codes))
    widths = [max(len(str(row[i])) for row in rows) for i in range(6)]
    for row in rows:
        cells = [str(row[0]).ljust(widths[0]), *(str(row[i]).rjust(widths[i]) for i in range(1, 6)), str(row[6])]
        terminalreporter.write_line("  ".join(cells))

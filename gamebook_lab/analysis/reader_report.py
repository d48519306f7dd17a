"""What real readers did against all that they could have done, in one object: ``gb.compare(sessions, space)``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from gamebook_lab.analysis.dropoff import drop_off
from gamebook_lab.analysis.dwell import dwell_times
from gamebook_lab.analysis.matching import Matched, match
from gamebook_lab.analysis.readership import choice_shares, ending_shares, passage_readership
from gamebook_lab.analysis.suite_plan import plain
from gamebook_lab.engine.space import Space
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.story.problems import to_table

__all__ = ["ReaderReport", "reader_report"]

_MOST_NAMED: Final = 12


@dataclass(frozen=True, eq=False)
class ReaderReport:
    """Readers beside the model. Each table is worked out when it is first asked for."""

    matched: Matched

    @cached_property
    def passages(self) -> pd.DataFrame:
        """Who came where. Columns in :data:`~gamebook_lab.analysis.readership.READERSHIP`."""
        return passage_readership(self.matched)

    @cached_property
    def choices(self) -> pd.DataFrame:
        """What was chosen. Columns in :data:`~gamebook_lab.analysis.readership.CHOICE_SHARES`."""
        return choice_shares(self.matched)

    @cached_property
    def endings(self) -> pd.DataFrame:
        """Where readers ended. Columns in :data:`~gamebook_lab.analysis.readership.ENDING_SHARES`."""
        return ending_shares(self.matched)

    @cached_property
    def drop_off(self) -> pd.DataFrame:
        """Where readers gave up. Columns in :data:`~gamebook_lab.analysis.dropoff.DROP_OFF`."""
        return drop_off(self.matched)

    @cached_property
    def dwell(self) -> pd.DataFrame:
        """How long they stayed. Columns in :data:`~gamebook_lab.analysis.dwell.DWELL`; empty where the log has no times."""
        return dwell_times(self.matched.sessions, self.matched.space.story)

    @property
    def never_read(self) -> tuple[str, ...]:
        """Passages that can be reached and where nobody came, in story order."""
        rows = self.passages[self.passages["is_reachable"] & (self.passages["n_sessions"] == 0)]
        return tuple(rows["passage_id"])

    def verdicts(self) -> dict[str, int]:
        """Sessions by verdict, the most frequent first."""
        return {str(name): int(n) for name, n in self.matched.table["verdict"].value_counts().items()}

    def problems(self) -> pd.DataFrame:
        """List what is wrong with the log: rows left out or mended, names that the story does not have."""
        return to_table((*self.matched.sessions.found, *self.matched.found))

    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Give every table by its name, as ``gamebook readers --output`` writes them."""
        return {
            "sessions": self.matched.table, "passages": self.passages, "choices": self.choices, "endings": self.endings,
            "drop_off": self.drop_off, "dwell": self.dwell, "problems": self.problems(),
        }  # fmt: skip

    def __repr__(self) -> str:
        said = ", ".join(f"{n:,} {verdict}" for verdict, n in self.verdicts().items())
        return f"<ReaderReport: {len(self.matched):,} sessions ({said}), {len(self.never_read):,} passages never read>"

    def to_markdown(self) -> str:
        """Write it as Markdown: a story's own words are escaped."""
        lines = [f"### {plain(self.matched.space.story.metadata.title or 'Untitled story')}: what readers did", ""]
        said = ", ".join(f"{n:,} {verdict}" for verdict, n in self.verdicts().items())
        n = len(self.matched)
        lines += [f"**{n:,} session{'' if n == 1 else 's'}{': ' if said else ''}{said}.**", ""]
        never = self.never_read
        more = f" and {len(never) - _MOST_NAMED:,} more" if len(never) > _MOST_NAMED else ""
        names = ", ".join(plain(name) for name in never[:_MOST_NAMED])
        lines += [f"Never read, though it can be: {names}{more}." if never else "Readers saw all that can be read.", ""]
        if len(self.endings):
            lines += ["| ending | readers | share | model | |", "| --- | --- | --- | --- | --- |"]
            lines += [
                f"| {plain(row['passage_id'] or 'round in circles')} | {row['n_sessions']:,} | {_share(row['share'])} "
                f"({_share(row['low'])} to {_share(row['high'])}) | {_share(row['expected'])} | {row['verdict']} |"
                for row in self.endings.to_dict("records")
            ]
            lines.append("")
        for table, what in ((self.passages, "passage"), (self.choices, "choice")):
            found = int(table["verdict"].isin(["more", "less"]).sum())
            lines.append(f"{found:,} {what}{'' if found == 1 else 's'} taken more or less often than the model says.  ")
        n = len(self.problems())
        lines += ["", f"{n:,} problems with the log: `report.problems()` lists them."] if n else []
        return "\n".join(lines).rstrip() + "\n"

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def reader_report(
    sessions: Sessions, space: Space, *, renames: Mapping[str, str] | None = None, resumed: bool = False
) -> ReaderReport:
    """Compare a reading log with a story; see :func:`~gamebook_lab.analysis.matching.match` for the options."""
    return ReaderReport(match(space, sessions, renames=renames, resumed=resumed))


def _share(value: float) -> str:
    return "unknown" if pd.isna(value) else f"{value:.0%}" if value in {0.0, 1.0} else f"{value:.1%}"

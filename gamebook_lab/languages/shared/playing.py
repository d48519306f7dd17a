"""What the players of all languages need: a story's passages by name, what arriving does, and words as shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Summary, visits_of

if TYPE_CHECKING:
    from gamebook_lab.story.story import Story


class Source(NamedTuple):
    """All that a language reads of one passage; what is compiled of it is cached by this."""

    name: str
    tags: tuple[str, ...]
    text: str


class Sources:
    """Passages by name, the first of each name, as the story formats look them up."""

    def __init__(self, story: Story) -> None:
        names, tags, texts = (story.table[column].tolist() for column in ("passage_id", "tags", "text"))
        self.by_name: Final[dict[str, Source]] = {}
        for name, of_name, text in zip(names, tags, texts, strict=True):
            self.by_name.setdefault(name, Source(name, tuple(of_name), text))
        key = story.start_key
        self.start: Final = None if key is None else story.name(key)

    def __getitem__(self, name: str) -> Source:
        """The passage of this name; an empty one if there is none."""
        return self.by_name.get(name) or Source(name, (), "")

    def __contains__(self, name: str) -> bool:
        return name in self.by_name


def with_arrival(passage: str, summary: Summary) -> Summary:
    """Add what :func:`~gamebook_lab.story.play.arrive` and :func:`~gamebook_lab.story.play.leave` do."""
    counted = (visits_of(passage), TURNS, HISTORY)
    return replace(
        summary,
        flows=summary.flows.union((name, name) for name in counted),
        writes=summary.writes.union(counted, (PREVIOUS,)),
    )


def words(shown: str) -> str:
    """Text with single blanks and line breaks, as a page has it."""
    return "\n".join(line for each in shown.splitlines() if (line := " ".join(each.split())))

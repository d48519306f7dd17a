"""How much of a story is modelled: passages without anything opaque, what the opaque things are, and what else is left open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gamebook_lab.story.story import Story

if TYPE_CHECKING:  # checking a story does not wait for the engine to be loaded
    from gamebook_lab.engine.space import Space

__all__ = ["Modelled", "NotModelled", "left_open", "modelled"]


class NotModelled(NamedTuple):
    """A construct that is not modelled, and where it stands."""

    passage_id: str
    start: int
    """Where it begins in the passage's text, in characters."""
    stop: int
    what: str


@dataclass(frozen=True, slots=True)
class Modelled:
    """Share of the passages that are meant to be read which are understood completely."""

    n_passages: int
    """Those that can be read: of several of one name (problem GB102) the first."""
    n_modelled: int
    constructs: tuple[tuple[str, int], ...]
    """Names of constructs that are not modelled, with the number of passages that have them; the most frequent first."""
    places: tuple[NotModelled, ...]
    """All of them, in the story's order."""
    n_shadowed: int = 0
    """Passages that nobody reads, since an earlier one has their name."""

    @property
    def share(self) -> float:
        """From 0 to 1; 1 for a story without passages."""
        return self.n_modelled / self.n_passages if self.n_passages else 1.0


def modelled(story: Story) -> Modelled:
    """Count the passages of a story that are modelled completely."""
    player = story.language.player(story)
    n_every = int((story.table["kind"] == "story").sum())
    rows = story.table[["passage_id", "kind"]].drop_duplicates("passage_id")
    names = rows.loc[rows["kind"] == "story", "passage_id"].tolist()
    places = tuple(NotModelled(name, *span, what) for name in names for what, span in player.opaques(name))
    counts = Counter(what for what, _ in {(each.what, each.passage_id) for each in places})
    constructs = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    n_modelled = len(names) - len({each.passage_id for each in places})
    return Modelled(len(names), n_modelled, constructs, places, n_every - len(names))


def left_open(space: Space, found: Modelled) -> tuple[NotModelled, ...]:
    """List what only exploring shows: values that nobody knew where something hung on them, and limits that were reached.

    What the text says already, by ``found``, is not among them.
    """
    known = {(each.passage_id, each.what) for each in found.places}
    return tuple(
        NotModelled(each.place.passage, *each.place.span, each.what)
        for each in space.unclear
        if each.decides and (each.place.passage, each.what) not in known
    )

"""How much of a story is modelled, in a few lines: ``check`` and ``explore`` say it alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gamebook_lab.analysis.modelled import Modelled, NotModelled
from gamebook_lab.cli.terminal import counted, painted, printable

__all__ = ["opened", "share"]

_MOST_LISTED: Final = 12


def share(modelled: Modelled, *, is_colored: bool) -> Iterator[str]:
    """Say the share of passages modelled completely, and list what was not."""
    if modelled.n_passages == 0:
        return
    counts = f"{modelled.n_modelled:,} of {counted(modelled.n_passages, 'passage')} ({modelled.share:.1%})"
    n = modelled.n_shadowed
    rest = f"; {counted(n, 'passage')} more with a name that an earlier one has (GB102) cannot be read" if n else ""
    yield f"{painted('Modelled completely', 'bold', is_on=is_colored)}: {counts}{rest}"
    for what, n in modelled.constructs[:_MOST_LISTED]:
        first = next(each for each in modelled.places if each.what == what)
        more = f" and {counted(n - 1, 'passage')} more" if n > 1 else ""
        yield f"  not modelled: {printable(what)}, in {printable(repr(first.passage_id))}{more}"
    if len(modelled.constructs) > _MOST_LISTED:
        yield f"  and {len(modelled.constructs) - _MOST_LISTED:,} more kinds; --format json lists every place"


def opened(places: Sequence[NotModelled], *, is_colored: bool) -> Iterator[str]:
    """List what exploring left open: it may go either way, or anywhere."""
    passages: dict[str, dict[str, None]] = {}
    for each in places:
        passages.setdefault(each.what, {})[each.passage_id] = None
    if passages:
        yield f"{painted('Left open by exploring', 'bold', is_on=is_colored)}: {counted(len(places), 'place')}"
    for what, names in list(passages.items())[:_MOST_LISTED]:
        more = f" and {counted(len(names) - 1, 'passage')} more" if len(names) > 1 else ""
        yield f"  {printable(what)}, in {printable(repr(next(iter(names))))}{more}"
    if len(passages) > _MOST_LISTED:
        yield f"  and {len(passages) - _MOST_LISTED:,} more kinds"

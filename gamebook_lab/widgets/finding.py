"""Finds passages to jump to, by name and then by text."""

from __future__ import annotations

from typing import Final

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.names import matching
from gamebook_lab.widgets.studio_messages import Hit

MOST_HITS: Final = 30
SHORTEST_TEXT: Final = 3
"""Characters from which texts are searched as well."""
_AROUND: Final = 30


def passages_with(story: Story, typed: str, *, limit: int = MOST_HITS) -> list[Hit]:
    """Passages whose name fits what was typed, then those whose text holds it. Case does not count."""
    wanted = typed.strip()
    if not wanted:
        return []
    hits = [
        Hit(key=story.key(name), name=safe_text(name), excerpt="", span=None)
        for name in matching(story.keys_by_name, wanted, limit=limit)
    ]
    if len(wanted) < SHORTEST_TEXT:
        return hits
    seen, low = {hit["key"] for hit in hits}, wanted.lower()
    table = story.table
    for key, name, text in zip(table.index.tolist(), table["passage_id"].tolist(), table["text"].tolist(), strict=True):
        if len(hits) >= limit:
            break
        start = text.lower().find(low)
        if start >= 0 and key not in seen:
            stop = start + len(wanted)
            around = text[max(0, start - _AROUND) : stop + _AROUND].replace("\n", " ")
            hits.append(Hit(key=key, name=safe_text(name), excerpt=safe_text(around), span=(start, stop)))
    return hits

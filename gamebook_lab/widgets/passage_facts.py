"""What the editor shows around a passage's text: its name, its neighbours, its problems."""

from __future__ import annotations

from gamebook_lab.story.story import Story
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.editor_messages import LinkedPassage, PassageInfo
from gamebook_lab.widgets.names import ProgramIndex


def passage_info(story: Story, key: int, lasting_id: str | None) -> PassageInfo:
    """Describe a passage for the line above its text."""
    row = story.table.loc[key]
    text = str(row["text"])
    return PassageInfo(
        key=key,
        id=lasting_id,
        name=safe_text(str(row["passage_id"])),
        tags=[safe_text(tag) for tag in row["tags"]],
        kind=str(row["kind"]),
        is_start=bool(row["is_start"]),
        n_words=sum(len(text[start:stop].split()) for start, stop in story.program(key).prose),
        language=story.language.name,
    )


def reference_at(story: Story, key: int, at: int) -> str | None:
    """Name that stands at (or just before) a place in a passage, or in the link around it; None: no name there."""
    program = story.program(key)
    for reference in program.references:
        if reference.slot.span.start <= at <= reference.slot.span.stop:
            return reference.name
    for choice in program.choices:
        if choice.target is not None and choice.span.start <= at <= choice.span.stop:
            return choice.target
    return None


def links_of(story: Story, key: int, index: ProgramIndex) -> tuple[list[LinkedPassage], list[LinkedPassage]]:
    """Passages that name this one, and those that it names, itself left out; names that no passage has come first."""
    names = story.table["passage_id"]
    own = str(names.at[key])
    incoming = [
        LinkedPassage(key=other, name=safe_text(str(names.at[other])))
        for other in index.mentioned_by(own)
        if other != key and other in names.index
    ]
    wanted = dict.fromkeys(reference.name for reference in story.program(key).references if reference.name != own)
    outgoing = [
        LinkedPassage(key=story.keys_by_name[name][0] if name in story.keys_by_name else None, name=safe_text(name))
        for name in wanted
    ]
    return incoming, sorted(outgoing, key=lambda link: link["key"] is not None)

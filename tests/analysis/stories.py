"""Small stories in the toy language, and their state graphs."""

from __future__ import annotations

from json_language import json_story

from gamebook_lab.engine.exploration import explore


def to(*targets, **more):
    """A passage that offers plain links."""
    return {"choices": [{"to": target} for target in targets], **more}


def space_of(passages, start="Start", **limits):
    """Every passage says something: an ending that says nothing would be a dead end."""
    speaking = {name: {"says": "and so it went", **said} for name, said in passages.items()}
    return explore(json_story(speaking, start), threads=1, **limits)


def by_name(table, column="passage_id"):
    return {row[column]: row for row in table.to_dict("records")}

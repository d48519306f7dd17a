from collections.abc import Callable

import pytest

from gamebook_lab.story.checks import check


@pytest.fixture
def rows(toy) -> Callable[..., list[tuple[str, str | None]]]:
    """Check a toy story and give its rows as (code, passage), those of ``code`` if one is asked for."""

    def give(passages, code=None, **options):
        table = check(toy.toy_story(passages, **options))
        pairs = list(zip(table["code"], table["passage_id"], strict=True))
        return [pair for pair in pairs if code in (None, pair[0])]

    return give


@pytest.fixture
def one(toy) -> Callable[..., dict[str, object]]:
    """Check a toy story and give its only row of a code."""

    def give(passages, code, **options):
        table = check(toy.toy_story(passages, **options))
        found = table[table["code"] == code]
        assert len(found) == 1, found.to_string()
        return found.iloc[0].to_dict()

    return give

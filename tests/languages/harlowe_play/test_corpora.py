"""Harlowe's player on real stories: how much of them is modelled, and that every passage can be played."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gamebook_lab.languages.harlowe.play.player import Player
from gamebook_lab.story.language import kind_of
from gamebook_lab.story.play import Move, visits_of
from tests.languages.harlowe_play.driving import LANGUAGE, Driver, story_of

_spec = importlib.util.spec_from_file_location("corpora", Path(__file__).parents[1] / "test_harlowe_corpora.py")
assert _spec is not None
assert _spec.loader is not None
_reading = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_reading)


def stories(path: Path) -> Iterator[list[tuple[str, tuple[str, ...], str]]]:
    """Split a file of several stories, whose passages may share names."""
    for part in path.read_text(encoding="utf-8").split("<tw-storydata")[1:]:
        passages = _reading.Passages()
        passages.feed("<tw-storydata" + part)
        passages.close()
        if passages.found:
            yield passages.found


def players(corpora: Path) -> dict[str, Player]:
    """Every Harlowe story of the corpora: the cookbook's sources, and Toggle as published (an archive, too)."""
    twine = corpora / "twine"
    found = {
        path.name: story_of(_reading.twee(path)) for path in sorted((twine / "cookbook-harlowe").rglob("*_twee.txt"))
    }
    for path in sorted((twine / "toggle-game-harlowe2").glob("*.html")):
        for number, passages in enumerate(stories(path), 1):
            found[f"{path.name} {number}"] = story_of(passages, version="2.1.0")
    return {name: LANGUAGE.player(story) for name, story in found.items()}


def prose(player: Player) -> list[str]:
    """Names of the passages that are part of the story."""
    return [each.name for each in player.world.passages.values() if kind_of(LANGUAGE, each.name, each.tags) == "story"]


@pytest.fixture(scope="module")
def corpus(corpora: Path) -> dict[str, Player]:
    return players(corpora)


def test_corpora__are_modelled_by_more_than_nine_tenths(
    corpus: dict[str, Player], show: Callable[[str, str], None]
) -> None:
    n_whole = n_all = 0
    reasons: Counter[str] = Counter()
    lines = []
    for story, player in corpus.items():
        names = prose(player)
        opaque = [{what for what, _ in player.opaques(name)} for name in names]
        n_all, whole = n_all + len(names), sum(not each for each in opaque)
        n_whole += whole
        reasons.update(what for each in opaque for what in each)
        lines.append(f"{story:60} {whole:5} of {len(names):5}")
    lines.append(f"{'all':60} {n_whole:5} of {n_all:5} = {n_whole / n_all:.1%}")
    show(
        "harlowe, story by story: modelled completely",
        "\n".join([*lines, f"not modelled: {dict(reasons.most_common(12))}"]),
    )
    assert n_all > 650
    assert n_whole / n_all >= 0.9


@pytest.mark.parametrize("detail", ["text", "choices"])
def test_corpora__every_passage_is_entered_and_clicked(corpus: dict[str, Player], detail: str) -> None:
    n_passages = 0
    for player in corpus.values():
        start = Driver(detail=detail)  # type: ignore[arg-type]
        player.begin(start)
        summary_of_begin = player.summary(None)
        assert {*start.writes} <= summary_of_begin.writes
        for name in player.world.passages:
            n_passages += 1
            driver = Driver(dict(start.values), detail)  # type: ignore[arg-type]
            page = player.enter(name, driver)
            assert hash(page) == hash(player.enter(name, Driver(dict(start.values), detail)))  # type: ignore[arg-type]
            if kind_of(LANGUAGE, name, player.world.passages[name].tags) != "story":
                continue
            for offer in page.offers:
                if offer.token is not None:
                    click = Driver(dict(driver.values), detail)  # type: ignore[arg-type]
                    found = player.click(page, offer, click)
                    assert isinstance(found, Move) or found.passage == name
                    driver.reads |= click.reads
                    driver.writes |= click.writes
            summary = player.summary(name)
            assert {*driver.writes} <= summary.writes
            assert driver.reads <= summary.decides | summary.shows | {source for source, _ in summary.flows}
    assert n_passages > 700


def reachable(rows: tuple[tuple[int, ...], ...]) -> set[tuple[int, int]]:
    """Floor that can be walked to from the second square of the second row."""
    found, waiting = {(2, 2)}, [(2, 2)]
    while waiting:
        x, y = waiting.pop()
        for at in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)):
            if rows[at[1] - 1][at[0] - 1] == 1 and at not in found:
                found.add(at)
                waiting.append(at)
    return found


def test_dungeon__is_walked_to_its_exit(corpus: dict[str, Player]) -> None:
    player = corpus["harlowe_dungeonmoving_twee.txt"]
    words = frozenset(["$map", "$seperator"])
    driver = Driver(detail="choices", hidden=words)
    player.begin(driver)
    assert player.start is not None
    seen = {(driver.values["$positionX"], driver.values["$positionY"])}
    waiting = [(player.enter(player.start, driver), dict(driver.values))]
    exits = 0
    while waiting:
        page, values = waiting.pop()
        for offer in page.offers:
            after = Driver(dict(values), "choices", hidden=words)
            found = player.click(page, offer, after)
            if isinstance(found, Move):
                exits += 1
                continue
            at = (after.values["$positionX"], after.values["$positionY"])
            if at not in seen:
                seen.add(at)
                waiting.append((found, after.values))
    assert seen == reachable(driver.values["$dungeon"])  # type: ignore[arg-type]
    assert exits == 1
    assert visits_of("Start") in driver.values

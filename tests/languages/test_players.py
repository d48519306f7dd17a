"""What every language's player keeps to, on every story of the corpora and on ours in ``data``.

A language whose class has no ``player`` is left out.
"""

from __future__ import annotations

import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.languages.chapbook import LANGUAGE as CHAPBOOK
from gamebook_lab.languages.harlowe import LANGUAGE as HARLOWE
from gamebook_lab.languages.plain import LANGUAGE as PLAIN
from gamebook_lab.languages.snowman import LANGUAGE as SNOWMAN
from gamebook_lab.languages.sugarcube import LANGUAGE as SUGARCUBE
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Map, Value, exact
from gamebook_lab.story.language import Language
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.play import Detail, Move, Offer, Page, Place, Player, Summary
from gamebook_lab.story.program import ChoiceKind, Span
from gamebook_lab.story.story import Story, passage_rows

DATA = Path(__file__).resolve().parents[2] / "data"
FOLDERS: tuple[tuple[Language, str, bool], ...] = (
    (CHAPBOOK, "chapbook-demo", True),
    (CHAPBOOK, "cookbook-chapbook", False),
    (HARLOWE, "cookbook-harlowe", False),
    (HARLOWE, "toggle-game-harlowe2", False),
    (SNOWMAN, "cookbook-snowman", False),
    (SNOWMAN, "grenzwert-snowman", False),
    (SNOWMAN, "snowman-e2e-stories", False),
    (SUGARCUBE, "cookbook-sugarcane", False),
    (SUGARCUBE, "cookbook-sugarcube", False),
    (SUGARCUBE, "cybersecurity-and-you", True),
    (SUGARCUBE, "ghosthunt-spook-tours", False),
    (SUGARCUBE, "magium-books-1-2-as-twee", False),
    (SUGARCUBE, "tiny-qbn-storylets", True),
    (PLAIN, "castle-of-mim-malformed", False),
)
"""Folders of Twee files; where the flag is set, all of a folder's files are one story."""
OURS = (
    (CHAPBOOK, "chapbook-ferry"), (SNOWMAN, "snowman-orchard"), (SUGARCUBE, "chance"), (SUGARCUBE, "gated"),
    (SUGARCUBE, "loop"), (SUGARCUBE, "widgets"), (SUGARCUBE, "soft-lock"), (PLAIN, "linear"), (PLAIN, "diamond"),
)  # fmt: skip
MOST_PASSAGES = 40
"""Of one story, evenly spread."""
MOST_CLICKS = 6
MOST_TICKS = 100_000
UNCLICKED = {ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL}
VALUES: tuple[Value, ...] = (
    UNSET, UNKNOWN, None, True, False, 0, 1, 3, -2, 0.5, "", "a", "Start", (), (1, "b"), ((2,), UNKNOWN),
    Map((("x", 1), ("name", "c"))), Map(()),
)  # fmt: skip
_HEADER = re.compile(r"^::(?!:)[ \t]*(.*)$", re.MULTILINE)
_NAME = re.compile(r"((?:[^\[{\\]|\\.)*)(?:\[([^\]]*)\])?")


class Answers:
    """A turn that answers by chance, always the same for one seed, and remembers what it was asked."""

    def __init__(self, seed: str, detail: Detail, values: Sequence[Value]) -> None:
        self.random = random.Random(zlib.crc32(seed.encode()))
        self.detail: Detail = detail
        self.values = values
        self.known: dict[str, Value] = {}
        self.before: dict[str, Value] = {}
        """What was read of each variable first."""
        self.decided = 0
        self.reads: set[str] = set()
        self.writes: dict[str, Value] = {}
        self.opaques: list[str] = []
        self.asked: list[tuple[Span, bool]] = []
        self.ticks = 0
        self.given_up = False

    def matters(self, variable: str) -> bool:
        return bool(variable)

    def read(self, variable: str) -> Value:
        self.reads.add(variable)
        if variable not in self.known:
            picked = random.Random(zlib.crc32(variable.encode()) + len(self.values)).choice(self.values)
            self.known[variable] = picked
        self.before.setdefault(variable, self.known[variable])
        return self.known[variable]

    def write(self, variable: str, value: Value) -> None:
        assert_frozen(value)
        self.known[variable] = self.writes[variable] = value

    def chance(self, weights: Sequence[int]) -> int:
        assert all(type(each) is int and each > 0 for each in weights)
        return self.random.randrange(len(weights))

    def either(self, n: int, what: str, place: Place) -> int:
        assert n > 0
        self.decided += 1
        assert_placed(what, place)
        return self.random.randrange(n)

    def opaque(self, what: str, place: Place) -> None:
        assert_placed(what, place)
        self.opaques.append(what)

    def give_up(self, what: str, place: Place) -> None:
        assert_placed(what, place)
        self.given_up = True

    def condition(self, place: Place, *, holds: bool) -> None:
        self.asked.append((place.span, holds))

    def tick(self) -> None:
        self.ticks += 1
        if self.ticks > MOST_TICKS:
            raise EndlessPassageError("too many steps")


def assert_frozen(value: object) -> None:
    hash(value)
    assert not isinstance(value, (list, dict, set))
    for each in value if isinstance(value, (tuple, frozenset)) else ():
        assert_frozen(each)


def assert_placed(what: str, place: Place) -> None:
    assert isinstance(what, str)
    assert isinstance(place.passage, str)
    assert 0 <= place.span.start <= place.span.stop


def read_twee(paths: Sequence[Path], language: Language) -> Story:
    """Just enough of Twee for these tests: the reader that people use would choose the language itself."""
    passages: list[Passage] = []
    start = "Start"
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        headers = list(_HEADER.finditer(text))
        for header, following in zip(headers, [*headers[1:], None], strict=True):
            name = _NAME.match(header[1])
            assert name is not None
            stop = following.start() if following else len(text)
            body = text[header.end() + 1 : stop].rstrip("\n")
            if name[1].strip() == "StoryData":
                try:
                    start = json.loads(body).get("start", start)
                except json.JSONDecodeError:
                    continue
            passages.append(Passage(name[1].strip(), body, tuple((name[2] or "").split())))
    first = next((each for each in passages if each.passage_id == start), None)
    rows = [Passage(each.passage_id, each.text, each.tags, is_start=each is first) for each in passages]
    return Story(passage_rows(rows), language)


def stories(corpora: Path, language: Language) -> Iterator[tuple[str, Story]]:
    for own, folder, is_one in FOLDERS:
        if own is language:
            found = sorted(
                path
                for path in (corpora / "twine" / folder).rglob("*")
                if path.suffix in {".tw", ".twee"} or path.name.endswith("_twee.txt")
            )
            for paths in [found] if is_one else [[path] for path in found]:
                yield (
                    f"{folder}/{paths[0].parent.name}/{paths[0].name}" if paths else folder,
                    read_twee(paths, language),
                )
    for own, name in OURS:
        if own is language:
            yield name, read_twee([DATA / "small" / f"{name}.twee"], language)


def sampled(story: Story) -> list[str]:
    names = list(story.keys_by_name)
    step = max(1, len(names) // MOST_PASSAGES)
    return names[::step]


LANGUAGES = [each for each in (PLAIN, CHAPBOOK, SNOWMAN, SUGARCUBE, HARLOWE) if hasattr(each, "player")]
with_languages = pytest.mark.parametrize("language", LANGUAGES, ids=[each.name for each in LANGUAGES])


def clickable(page: Page) -> list[Offer]:
    return [offer for offer in page.offers if offer.kind not in UNCLICKED][:MOST_CLICKS]


def assert_within(turn: Answers, summary: Summary, what: str) -> None:
    """Hold a run against what was said of it without running."""
    if summary.reads_all:
        return
    readable = summary.decides | summary.shows | {source for source, _ in summary.flows}
    assert turn.reads <= readable, f"{what} reads {turn.reads - readable}"
    assert set(turn.writes) <= summary.writes, f"{what} writes {set(turn.writes) - summary.writes}"


def play(player: Player, name: str, detail: Detail, values: Sequence[Value], what: str) -> list[Page | Move]:
    """Enter a passage and click all that it offers, and all that these clicks bring."""
    summary = player.summary(name)
    turn = Answers(f"{what}{name}", detail, values)
    page = player.enter(name, turn)
    assert_within(turn, summary, f"{what}: {name}")
    assert (page.text is None) is (detail == "choices")
    found: list[Page | Move] = [page]
    for offer in clickable(page):
        after = Answers(f"{what}{name}", detail, values)
        after.known = dict(turn.known)
        try:
            come = player.click(page, offer, after)
        except EndlessPassageError:  # with values that the story never has
            assert after.given_up
            continue
        assert_within(after, summary, f"{what}: {name}: {offer.label}")
        found.append(come)
        if isinstance(come, Page) and come.goto is None:
            for each in clickable(come)[:2]:
                with suppress(EndlessPassageError):
                    found.append(player.click(come, each, Answers(f"{what}{name}", detail, values)))
    for each in found:
        hash(each)
        if isinstance(each, Page):
            for offer in each.offers:
                assert_placed(offer.label, offer.place)
    return found


@with_languages
@pytest.mark.parametrize("detail", ["choices", "text"])
def test_player__plays_every_story_within_its_summary(corpora: Path, language: Language, detail: Detail) -> None:
    for what, story in stories(corpora, language):
        player = language.player(story)
        assert isinstance(player, Player)
        begun = Answers(what, detail, (UNSET,))
        player.begin(begun)
        assert_within(begun, player.summary(None), f"{what}: begin")
        for name in sampled(story):
            assert name in player.sources(name)
            for values in ((UNSET,), VALUES):
                first = play(player, name, detail, values, what)
                assert first == play(player, name, detail, values, what), f"{what}: {name} is not the same twice"


def decisive(summary: Summary) -> frozenset[str]:
    """Variables that what is offered may depend on, over however many of this passage's own writings."""
    found = set(summary.decides)
    while more := {source for source, target in summary.flows if target in found} - found:
        found |= more
    return frozenset(found)


@with_languages
def test_player__offers_depend_on_nothing_but_what_decides(corpora: Path, language: Language) -> None:
    known = tuple(each for each in VALUES if each is not UNSET and each is not UNKNOWN)
    for what, story in stories(corpora, language):
        player = language.player(story)
        for name in sampled(story):
            summary = player.summary(name)
            one, other = Answers(name, "choices", known), Answers(name, "choices", known[1:])
            page = player.enter(name, one)
            other.known = {each: one.before[each] for each in one.before.keys() & decisive(summary)}
            again = player.enter(name, other)
            if not (one.decided or other.decided or summary.reads_all):
                assert ways_of(page) == ways_of(again), f"{what}: {name}"


def ways_of(page: Page) -> list[object]:
    return [page.goto, *((offer.place, offer.kind) for offer in page.offers)]


@with_languages
def test_player__same_story_made_twice_plays_the_same(corpora: Path, language: Language) -> None:
    for what, story in list(stories(corpora, language))[:3]:
        one, other = language.player(story), language.player(story)
        for name in sampled(story)[:5]:
            assert play(one, name, "choices", VALUES, what) == play(other, name, "choices", VALUES, what)


@with_languages
def test_player__says_what_is_not_modelled_and_the_share_is_printed(
    corpora: Path, language: Language, show: Callable[[str, str], None]
) -> None:
    rows: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    strange: Counter[str] = Counter()
    for what, story in stories(corpora, language):
        player = language.player(story)
        folder = what.split("/")[0]
        for name in story.keys_by_name:
            if language.kind(name, story.record(name).tags) == "story":
                rows[folder] += 1
                found = player.opaques(name)
                length = len(story.text(name))
                assert all(0 <= span.start <= span.stop <= length for _, span in found), f"{what}: {name}"
                whole[folder] += not found
                strange.update({each for each, _ in found})
    lines = [f"  {whole[each]:5d} of {n:5d}  {whole[each] / n:6.1%}  {each}" for each, n in rows.items()]
    often = ", ".join(f"{' '.join(each.split())[:30]} ({n})" for each, n in strange.most_common(12))
    show(f"{language.name}: modelled completely", "\n".join([*lines, f"  not modelled: {often}"]))
    assert sum(rows.values()) > 0


def test_values__are_told_apart_exactly() -> None:
    assert len({exact(each) for each in VALUES}) == len(VALUES)

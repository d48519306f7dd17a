"""Books on paper: they play as the stories do, in every sample; and what cannot be a book is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import gamebook_lab as gb
from gamebook_lab.analysis.explored import explore
from gamebook_lab.analysis.paper import Book, PaperError, paper
from gamebook_lab.analysis.paper.book import Effect, after, rendered
from gamebook_lab.analysis.paper.checking import differences
from gamebook_lab.formats import parse_twee

DATA = Path(__file__).resolve().parents[3] / "data" / "small"
PLAYABLE = sorted(path for path in DATA.glob("*.twee") if path.stem != "problems")
CAP = 5


def story_of(name: str):
    return gb.read_story(DATA / f"{name}.twee")


def twee(*passages: str, fmt: str = "SugarCube"):
    head = (
        f':: StoryTitle\nToy\n\n:: StoryData\n{{"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "format": "{fmt}"}}\n\n'
    )
    return parse_twee(head + "\n\n".join(passages) + "\n")


def codes(story, **options) -> set[str]:
    with pytest.raises(PaperError) as caught:
        paper(story, **options)
    return set(caught.value.problems["code"])


@pytest.mark.parametrize("path", PLAYABLE, ids=lambda path: path.stem)
def test_paper__every_sample_is_a_book_that_plays_as_the_story_does(path):
    story = gb.read_story(path)
    space = explore(story, detail="text")
    book = paper(space, seed=7)
    assert list(differences(book, space)) == []
    by_number = {section.number: section for section in book.sections}
    assert 1 in by_number
    for section in book.sections:
        for exit_ in section.exits:
            assert exit_.to in by_number or exit_.missing
            assert exit_.to is None or abs(exit_.to - section.number) != 1, "linked sections stand beside each other"


def readings(book: Book, number: int, sheet, length: int) -> set[tuple[str, ...]]:
    """Every sequence of choices of some length, as a reader with pencil and coin would take them."""
    section = next(each for each in book.sections if each.number == number)
    sheet = after(sheet, section.effects)
    found: set[tuple[str, ...]] = set()
    open_ = [each for each in section.exits if all(test.holds(sheet) for test in each.tests)]
    for exit_ in open_[:1] if section.kind == "route" else open_:
        label = (rendered(exit_.label, sheet),) if exit_.label else ()
        if exit_.to is None or (label and length == 1):
            found.add(label)
        else:
            later = readings(book, exit_.to, after(sheet, exit_.effects), length - len(label))
            found |= {(*label, *rest) for rest in later}
    return found or {()}


def playings(space, state: int, length: int) -> set[tuple[str, ...]]:
    """The same of the state graph."""
    found: set[tuple[str, ...]] = set()
    for edge in range(int(space.indptr[state]), int(space.indptr[state + 1])):
        way = space.ways[int(space.edge_way()[edge])]
        label = (way.leading.clicks[-1].offer.label,) if way.leading is not None and way.leading.clicks else ()
        target = int(space.target[edge])
        if target < 0 or (label and length == 1):
            found.add(label)
        else:
            found |= {(*label, *rest) for rest in playings(space, target, length - len(label))}
    return found or {()}


@pytest.mark.parametrize("name", ["gated", "loop", "chance", "widgets", "soft-lock", "diamond", "snowman-orchard"])
def test_paper__a_reader_with_a_pencil_takes_the_ways_that_there_are(name):
    story = story_of(name)
    book = paper(story)
    space = gb.explore(story)  # another state graph: without texts
    sheet = {mark.variable: mark.start for mark in book.marks}
    assert readings(book, 1, sheet, CAP) == set().union(*(playings(space, int(each), CAP) for each in space.initial))


def test_paper__codewords_and_counters_are_found_by_what_happens():
    kinds = {mark.name: mark.kind for mark in paper(story_of("gated")).marks}
    assert kinds == {"NUMBER": "codeword", "TICKET": "codeword"}
    kinds = {mark.name: (mark.kind, mark.start) for mark in paper(story_of("loop")).marks}
    assert kinds == {"HEAT": ("counter", 0), "PATIENCE": ("counter", 3)}


def test_paper__a_purse_is_one_section_that_shows_what_the_sheet_says():
    story = twee(
        ":: StoryInit\n<<set $gold to 0>>",
        ":: Start\nYou have <<print $gold>> coins.\n<<if $gold lt 9>>[[Take one|Take]]\n<</if>>[[Leave]]",
        ":: Take\n<<set $gold += 1>>That makes <<print $gold>>.\n[[Back|Start]]",
        ":: Leave\nOut.",
    )
    book = paper(story)
    read = [section for section in book.sections if section.kind == "read"]
    assert len(read) == 3
    take = next(section for section in read if section.passage == "Take")
    assert take.effects == (Effect("$gold", "add", 1),)
    assert "[your" in book.to_html()


def test_paper__the_same_seed_gives_the_same_book_and_another_one_other_numbers():
    story = story_of("widgets")
    assert paper(story, seed=1) == paper(story, seed=1)
    assert paper(story, seed=1).to_html() != paper(story, seed=2).to_html()


# ---- the proof


def changed(book: Book, passage: str, change) -> Book:
    sections = tuple(change(each) if each.passage == passage else each for each in book.sections)
    assert sections != book.sections
    return replace(book, sections=sections)


@pytest.mark.parametrize(
    "change",
    [
        lambda section: replace(section, text=("Other words.",)),
        lambda section: replace(section, effects=()),
        lambda section: replace(section, effects=(Effect("$ticket", "set", 0),)),
        lambda section: replace(section, exits=section.exits[1:]),
        lambda section: replace(
            section, exits=tuple(replace(each, to=(each.to or 0) % 10 + 1) for each in section.exits)
        ),
        lambda section: replace(section, exits=tuple(replace(each, label=("Leave it",)) for each in section.exits)),
        lambda section: replace(
            section, exits=tuple(replace(each, effects=(Effect("$number", "set", 5),)) for each in section.exits)
        ),
    ],
    ids=["words", "effect gone", "effect changed", "exit gone", "leads elsewhere", "label", "one effect more"],
)
def test_check__notices_any_change_of_a_book(change):
    space = explore(story_of("gated"), detail="text")
    book = paper(space)
    assert list(differences(changed(book, "The Box", change), space))


def test_check__notices_a_condition_that_is_gone():
    space = explore(story_of("gated"), detail="text")
    book = paper(space)
    untested = changed(
        book, "The Foyer", lambda each: replace(each, exits=tuple(replace(exit_, tests=()) for exit_ in each.exits))
    )
    assert list(differences(untested, space))


def test_check__notices_other_odds():
    space = explore(story_of("chance"), detail="text")
    book = paper(space)
    uneven = tuple(
        replace(each, exits=(replace(each.exits[0], share=7), *each.exits[1:])) if each.kind == "draw" else each
        for each in book.sections
    )
    assert list(differences(replace(book, sections=uneven), space))


# ---- refusals


def test_refusal__a_decision_that_is_not_modelled_names_its_place():
    with pytest.raises(PaperError, match="GB801") as caught:
        paper(story_of("problems"))
    row = caught.value.problems.iloc[0]
    assert row["passage_id"]
    assert row["line"] > 0


def test_refusal__too_many_states_names_what_makes_them():
    with pytest.raises(PaperError, match=r"\$heat") as caught:
        paper(
            twee(
                ":: StoryInit\n<<set $heat to 0>>",
                ":: Start\n<<print $heat>>\n[[More|Up]]",
                ":: Up\n<<set $heat += 1>>[[Back|Start]]",
            ),
            max_states=200,
        )
    assert set(caught.value.problems["code"]) == {"GB803"}


def test_refusal__a_passage_with_too_many_variants_is_named():
    story = twee(
        ":: StoryInit\n<<set $n to 0>>",
        ":: Start\nTwice is <<print $n * 2>>.\n<<if $n lt 90>>[[More|Up]]<</if>>",
        ":: Up\n<<set $n += 1>>[[Back|Start]]",
    )
    with pytest.raises(PaperError, match="Start") as caught:
        paper(story)
    assert caught.value.problems["code"].tolist() == ["GB803"]


def test_refusal__lists_with_many_values():
    letters = "".join(f'<<link "Take {n}" "Start">><<set $bag to $bag + "{n}">><</link>>' for n in range(5))
    story = twee(
        ':: StoryInit\n<<set $bag to "">>',
        f":: Start\n<<if $bag.length lt 3>>{letters}<<else>>[[Look]]<</if>>",
        ":: Look\n<<if $bag is \"012\">>All in order.<</if>><<if $bag.startsWith('3')>>[[End]]<</if>>",
        ":: End\nOut.",
    )
    assert codes(story) == {"GB802"}


def test_refusal__a_passage_that_never_ends():
    assert codes(twee(":: Start\n[[On|Hall]]", ':: Hall\n<<goto "Lift">>', ':: Lift\n<<goto "Hall">>')) == {"GB804"}


def test_space_without_texts__is_turned_down():
    with pytest.raises(ValueError, match="detail='text'"):
        paper(explore(story_of("gated")))


# ---- printing


def test_print__hostile_words_are_words():
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    story = twee(
        f":: Start\n[[{attack.replace('|', '')}|Hall]]\nIt says {attack.replace('<', '&lt;')}", ":: Hall\nOut."
    )
    story = replace(story, metadata=replace(story.metadata, title=attack))
    html = paper(story).to_html()
    assert not re.search(r"<(img|script|iframe|svg)", html)
    assert "Content-Security-Policy" in html
    assert not re.search(r"""(src|href)=["'](?!#)""", html)


def test_print__leads_every_number_to_its_section():
    html = paper(story_of("chance")).to_html()
    assert set(re.findall(r'href="#s(\d+)"', html)) <= set(re.findall(r'id="s(\d+)"', html))
    for words in ("Your sheet", "Throw a die.", "Draw a number"):
        assert words in html or words == "Draw a number"


def test_save__writes_it_whole(tmp_path):
    book = paper(story_of("linear"))
    book.save(tmp_path / "book.html")
    assert (tmp_path / "book.html").read_text(encoding="utf-8") == book.to_html()
    assert [path.name for path in tmp_path.iterdir()] == ["book.html"]

"""Markup that is put together while the story runs leads on, whatever pieces it comes in and however little is kept."""

from __future__ import annotations

import pytest

from gamebook_lab.engine.exploration import explore
from gamebook_lab.story.play import Detail
from tests.engine.test_honesty import reached, story_of

WRAP = "<<widget wrap container>>{}<</widget>>"

FOLLOWED: list[tuple[str, str | dict[str, str]]] = [
    ("SugarCube", '<<print "[" + "[End]]">>'),
    ("SugarCube", '<<= "["+"["+"End]]">>'),
    ("SugarCube", '<<set $b to "[">><<= $b + $b + "End]]">>'),
    ("SugarCube", "<<set _a to \"[\">><<nobr>><<if true>><<= _a + _a + 'End]]'>><</if>><</nobr>>"),
    ("SugarCube", "<<= '<' + '<goto \"End\">' + '>'>>"),
    ("SugarCube", '<<= "[img[a.png][End]]">>'),
    ("SugarCube", '<<= "[img" + "[a.png][End]]">>'),
    ("SugarCube", '<<= "\\x5b\\u005bEnd]]">>'),
    ("SugarCube", "<<= `[${'['}End]]`>>"),
    ("SugarCube", "<<= \"<a data-pass\" + \"age='End'>x</a>\">>"),
    ("SugarCube", '<<= "[".repeat(2) + "End]]">>'),
    ("SugarCube", '<<= ["[", "[End]]"].join("")>>'),
    ("SugarCube", '<<= "[x[End]]".replace("x", "")>>'),
    ("SugarCube", '<<set $a to "a[b">><<set $c to $a[1]>><<= $c + $c + "End]]">>'),
    ("SugarCube", '<<set $s to "">><<for _c range "x[y">><<set $s += _c is "[" ? _c : "">><</for>><<= $s + $s + "End]]">>'),
    ("SugarCube", '<<set $o to {"[": 1}>><<for _k, _v range $o>><<= _k + _k + "End]]">><</for>>'),
    ("SugarCube", '<<set $x to "$" + "y", $y to "[[End]]">><<= $x>>'),
    ("SugarCube", {"Start": '[[go|Mid][$s to "[[End]]"]]', "Mid": "$s"}),
    ("SugarCube", {"Start": '<<script>>State.variables.s = "[[End]]"<</script>>[[Mid]]', "Mid": "$s"}),
    ("SugarCube", {"Start": "<a data-passage=\"Mid\" data-setter=\"$s to '[[End]]'\">x</a>", "Mid": "$s"}),
    ("SugarCube", {"Start": '<<w "[" "[End]]">>', "W [widget]": "<<widget w>><<= _args[0] + _args[1]>><</widget>>"}),
    ("SugarCube", {"Start": '<<cycle "$c" autoselect>><<option "[">><</cycle>>[[Mid]]', "Mid": "<<= $c + $c + 'End]]'>>"}),
    ("SugarCube", {"Start": "<<= setup.s + setup.t>>", "Code [script]": "setup.s = '['; setup.t = '[End]]'"}),
    ("SugarCube", {"Start": "<<set $t to Story.get('Other').text>>[[Mid]]", "Other": "[[End]]", "Mid": "$t"}),
    ("SugarCube", {"Start": "x", "PassageFooter": '<<= "[" + "[End]]">>'}),
    ("SugarCube", {"Start": "<<wrap>>[[End]]<</wrap>>", "W [widget]": WRAP.format("_contents")}),
    ("SugarCube", {"Start": "<<wrap>>[[End]]<</wrap>>", "W [widget]": WRAP.format("<<set _x to _contents>>_x")}),
    ("SugarCube", {"Start": "<<wrap>>[[End]]<</wrap>>", "W [widget]": WRAP.format("<<= '<b>' + _contents + '</b>'>>")}),
    ("SugarCube", {"Start": "<<wrap>>a<</wrap>>", "W [widget]": WRAP.format("<<if _contents is 'a'>>[[End]]<</if>>")}),
    ("Harlowe", '(print: "[" + "[End]]")'),
    ("Harlowe", '(print: "(" + "goto: \'End\')")'),
    ("Harlowe", '(print: "(go" + "to: \'End\')")'),
    ("Harlowe", '(set: $a to "(")(print: $a + "goto: \'End\')")'),
    ("Harlowe", '(set: $a to "(goto")(set: $b to $a + ": \'End\')")$b'),
    ("Harlowe", '(set: $a to "x(y")(set: $b to $a\'s 2nd + "goto: \'End\')")$b'),
    ("Harlowe", '(set: $b to (str: "(", "goto: \'End\')"))$b'),
    ("Harlowe", '(set: $b to "$" + "c")(set: $c to "[[End]]")(print: $b)'),
    ("Harlowe", '(set: $b to (a: "(", "goto: \'End\')"))(print: $b\'s 1st + $b\'s 2nd)'),
    ("Harlowe", '(set: $b to (folded: _a making _t via _t + _a, "(", "goto: \'End\')"))$b'),
    ("Harlowe", '(set: $b to (str-reversed: ")\'dnE\' :otog("))$b'),
    ("Harlowe", '(set: $b to (macro: [(output-data: "(" + "goto: \'End\')")]))(print: ($b:))'),
    ("Harlowe", '(link: "x")[(print: "(" + "goto: \'End\')")]'),
    ("Harlowe", {"Start": '(print: "(dis" + "play: \'Mid\')")', "Mid": "[[End]]"}),
    ("Snowman", '<%= "[" + "[End]]" %>'),
    ("Snowman", '<% s.a = "[" %><%= s.a + s.a + "End]]" %>'),
    ("Snowman", "<%= '<a ' + 'data-' + 'passage=\"End\">x</a>' %>"),
    ("Snowman", "<%= ['[', '[End]]'].join('') %>"),
    ("Snowman", "<% s.o = {'[': 1} %><% for (var k in s.o) { %><%= k + k + 'End]]' %><% } %>"),
    ("Snowman", "<% print('[' + '[End]]') %>"),
    ("Chapbook", "x\n[JavaScript]\nwrite('[' + '[End]]')\n[cont]\n"),
    ("Chapbook", "x\n[JavaScript]\nwrite('['); write('[End]]')\n[cont]\n"),
    ("Chapbook", "x\n[JavaScript]\nwrite('[[End]]')\n[cont]\n"),
    ("Chapbook", "a: '{link'\n--\n[JavaScript]\nwrite(a + ' to: \"End\"}')\n[cont]\n"),
    ("Chapbook", "config.footer.left: '{link' + ' to: \"End\"}'\n--\nx"),
    ("Chapbook", "a: '['\n--\n{reveal link: 'x', text: a + a + 'End]]'}"),
]  # fmt: skip

OPEN: list[tuple[str, str | dict[str, str]]] = [
    ("SugarCube", "<<set setup.s to '[[End]]'>><<= setup.s>>"),
    ("SugarCube", {"Start": "<<set $k to 1>>[[Mid]]", "Mid": "<<= '<' + '<if $k is 1>>[[End]]<</if>>'>>"}),
    ("SugarCube", '<<= String.fromCharCode(91, 91) + "End]]">>'),
    ("Harlowe", "(set: $b to (trimmed: (p: 'x'), 'x('))(print: $b + \"goto: 'End')\")"),
    ("Snowman", "[<%= '[End]]' %>"),
    ("Snowman", "[<%= '[' %>End]]"),
    ("Snowman", "<%= '[[' %>End]]"),
    ("Snowman", "<<%= 'a data-passage=\"End\">x</a>' %>"),
    ("Snowman", "<a <%= 'data-pa' + 'ssage=\"End\"' %>>x</a>"),
    ("Snowman", "<%= '<a ' %>data-passage=\"End\">x</a>"),
    ("Snowman", "<% function f(x) { return x + x } %><%= f('[') + 'End]]' %>"),
    ("Chapbook", "a: '<passage-link to=\"End\">'\n--\n{a}"),
    ("Chapbook", "a: '<passage-'\nb: 'link to=\"End\">'\n--\n{a}{b}"),
    ("Chapbook", "x\n[JavaScript]\nwrite('<passage-link to=\"End\">x</passage-link>')\n[cont]\n"),
]


@pytest.mark.parametrize("detail", ["choices", "text"])
@pytest.mark.parametrize(("format_", "given"), FOLLOWED)
def test_markup__that_is_put_together_is_followed(format_: str, given: str | dict[str, str], detail: Detail) -> None:
    space = explore(story_of(format_, {"Start": given} if isinstance(given, str) else given), detail=detail)
    assert "End" in reached(space)
    assert space.is_exact


@pytest.mark.parametrize("detail", ["choices", "text"])
@pytest.mark.parametrize(("format_", "given"), OPEN)
def test_markup__that_nobody_can_read_leaves_everything_open(
    format_: str, given: str | dict[str, str], detail: Detail
) -> None:
    space = explore(story_of(format_, {"Start": given} if isinstance(given, str) else given), detail=detail)
    assert "End" in reached(space)
    assert not space.is_exact


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("SugarCube", '<<set $a to either("one", "two")>><<= "<b>" + $a + "</b>">> $a [[End]]'),
        ("SugarCube", '<<set $a to either("[one]", "[two]")>><<= $a>> [[End]]'),
        ("SugarCube", "<<= '<img src=\"' + either('a', 'b') + '\">'>> [[End]]"),
        ("Harlowe", '(set: $a to (either: "one (1)", "two"))(print: "(b) " + $a) [[End]]'),
        ("Snowman", "<% s.a = either(['one', 'two']) %><%= '<b>' + s.a + '</b>' %> [[End]]"),
        ("Chapbook", "a: random.coinFlip ? 'one' : '<b>two</b>'\n--\n{a} [[End]]"),
    ],
)
def test_markup__that_leads_nowhere_saves_its_states(format_: str, text: str) -> None:
    space = explore(story_of(format_, {"Start": text}))
    assert space.is_exact
    assert space.n_states == 2
    assert not space.relevance.variables


def test_print__verbatim_makes_no_link() -> None:
    assert "End" not in reached(explore(story_of("Harlowe", {"Start": '(verbatim-print: "[[End]]")'})))

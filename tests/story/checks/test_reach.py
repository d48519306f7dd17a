import gamebook_lab as gb
from gamebook_lab.story.checks import check
from gamebook_lab.story.literals import literals


def test_reach__island_is_reported_with_who_leads_there(rows, toy):
    passages = {"Start": "[[A]]", "A": "End.", "B": "[[C]]", "C": "Lost."}
    assert rows(passages, "GB104") == [("GB104", "B"), ("GB104", "C")]
    messages = toy.toy_story(passages).problems()["message"].tolist()
    assert messages == [
        "No link leads to 'B' from the start",
        "No link leads to 'C' from the start; 'B' does, but no link leads there either",
    ]


def test_reach__through_includes_and_gotos(rows):
    assert rows({"Start": "{include A} Hi", "A": "{goto B}", "B": "End."}, "GB104") == []


def test_reach__special_passages_are_roots_and_not_reported(rows):
    passages = {"Start": "Hi.", "Footer": "[[Map]]", "Code": "{goto Shop}", "Map": "Map.", "Shop": "Shop."}
    assert rows(passages, "GB104", tags={"Footer": ["special"], "Code": ["script"]}) == []


def test_reach__nothing_is_said_without_a_start(rows):
    assert rows({"A": "Hi.", "B": "Ho."}, "GB104", start=None) == []


def test_reach__computed_target_may_still_lead_there(one):
    row = one({"Start": "{computed}", "Lost": "Hi."}, "GB104")
    assert row["message"].endswith("(links with a computed target, or code, may still lead there)")
    assert row["severity"] == "warning"


def test_reach__opaque_that_may_move_may_still_lead_there(one):
    assert "may still lead" in one({"Start": "{jump js}", "Lost": "Hi."}, "GB104")["message"]


def test_reach__computed_target_out_of_reach_changes_nothing(one):
    row = one({"Start": "Hi.", "Lost": "{computed}"}, "GB104")
    assert row["message"] == "No link leads to 'Lost' from the start"


def test_reach__code_that_names_it_is_told(one):
    row = one({"Start": "{visited Lost}", "Lost": "Hi."}, "GB104")
    assert "code in 'Start' names it" in row["message"]


def test_reach__both_of_a_duplicate_name_count_as_reached(rows):
    assert rows([("Start", "[[A]]"), ("A", "x"), ("A", "y")], "GB104") == []


def test_reach__long_chain_needs_no_recursion(rows):
    passages = {f"P{n}": f"[[P{n + 1}]]" for n in range(5000)}
    assert rows({**passages, "P5000": "End."}, "GB104") == []


# ---- in real languages: computed targets, storylets, variables that hold a name


def lost(fmt: str, **passages: str) -> list[str]:
    """Names of the passages that no link leads to."""
    twee = "".join(f"\n\n:: {name}\n{text}\n" for name, text in passages.items())
    table = check(gb.parse_twee(f':: StoryData\n{{"format": "{fmt}", "start": "Start"}}{twee}'))
    return table["passage_id"][table["code"] == "GB104"].tolist()


def test_reach__through_literals_in_a_computed_target():
    assert lost("SugarCube", Start="[[Go|either('A', 'B')]]", A="[[C]]", B="x", C="x", D="x") == ["D"]
    assert lost("Harlowe", Start='(goto: (either: "A", "B"))', A="x", B="x", C="x") == ["C"]
    assert lost("Chapbook", Start="{embed passage: x ? 'A' : 'B'}", A="x", B="x", C="x") == ["C"]


def test_reach__a_visited_passage_is_not_led_to():
    assert lost("SugarCube", Start='<<if visited("A")>>x<</if>>[[B|$x]]', A="x") == ["A"]


def test_reach__storylets_from_whoever_offers_them():
    storylets = {"A": "(storylet: when true)[[C]]", "B": "x", "C": "x"}
    assert lost("Harlowe", Start='(link-storylet: 1, "")', **storylets) == ["B"]
    assert lost("Harlowe", Start="[[M]]", M="(for: each _s, ...(open-storylets:))[x]", **storylets) == ["B"]
    assert lost("Harlowe", Start="(mine: 1)", **storylets) == ["B"]
    assert lost("Harlowe", Start="x", **storylets) == ["A", "B", "C"]
    assert lost("Harlowe", Start="x", B='(link-storylet: 1, "")', A=storylets["A"]) == ["B", "A"]


def test_reach__through_a_variable_that_holds_a_name():
    start = '<<set $scene to "A">><<set $mood to "B">>[[Go|$scene]]'
    assert lost("SugarCube", Start=start, A="x", B="x") == ["B"]
    start = "<<set $scenes to ['A', 'B']>><<set $scene to $scenes.random()>>[[Go|$scene]]"
    assert lost("SugarCube", Start=start, A='<<set $scenes to ["C"]>>', B="x", C="x", D="x") == ["D"]
    assert lost("Harlowe", Start='(set: $to to "A")(goto: $to)', A="x", B="x") == ["B"]
    assert lost("Snowman", Start='<% s.to = "A" %>[[Go|<%= s.to %>]]', A="x", B="x") == ["B"]
    assert lost("Chapbook", Start="dest: 'A'\n--\n{link to: dest}", A="x", B="x") == ["B"]


def test_reach__order_of_writing_and_leading_does_not_matter():
    assert lost("SugarCube", Start="[[Go|$x]][[M]]", M="<<set $x to $y>>[[N]]", N='<<set $y to "A">>', A="x") == []


def test_reach__a_variable_that_feeds_nothing_in_reach_leads_nowhere():
    assert lost("SugarCube", Start='<<set $x to "A">>', A="x", Far="[[Go|$x]]") == ["A", "Far"]
    assert lost("SugarCube", Start="[[Go|$x]]", A="x", Far='<<set $x to "A">>') == ["A", "Far"]


def test_reach__escaped_and_unclosed_quotes_in_a_value():
    assert lost("SugarCube", **{"Start": r"<<set $x to 'It\'s'>>[[Go|$x]]", "It's": "x"}) == []
    assert lost("Harlowe", Start="""(set: $x to $map's "A")(goto: $x)""", A="x") == []
    assert list(literals('"' + '\\"' * 9)) == ['"' * 9]


def test_reach__computed_include_may_still_lead_there():
    table = check(gb.parse_twee(':: StoryData\n{"format": "Chapbook"}\n\n:: Start\n{embed passage: x}\n\n:: A\nx\n'))
    assert "may still lead" in table["message"][table["code"] == "GB104"].item()


def test_reach__a_passage_of_the_name_of_an_expression_is_led_to():
    assert lost("SugarCube", **{"Start": "[[|setup.music]][[Go|$x]]", "setup.music": "x", "$x": "x", "$y": "x"}) == [
        "$y"
    ]


def test_reach__a_passage_that_code_fetches_may_be_shown():
    start = '<<script>>Dialog.wiki(Story.get("A").processText()); Story.has("B")<</script>>'
    assert lost("SugarCube", Start=start, A="x", B="x") == ["B"]
    assert lost("Snowman", Start='<% story.passage("A") %>', A="x", B="x") == ["B"]


def test_reach__markup_that_a_script_runs_may_lead():
    start = """<<script>>$.wiki('<<goto "A">>[[Go|B]][[C]]'); x = '<<goto "D">>'<</script>>"""
    assert lost("SugarCube", Start=start, A="x", B="x", C="x", D="x") == ["D"]

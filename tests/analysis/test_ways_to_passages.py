"""Ways to passages that are shown only in passing."""

from __future__ import annotations

import gamebook_lab as gb

HEAD = ':: StoryData\n{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B13", "format": "SugarCube", "start": "Start"}\n\n'
BODY = (
    ":: Start\n[[Fork]]\n\n"
    ':: Fork\n<<if random(1, 2) is 1>><<goto "Plain">><<else>><<goto "Gap">><</if>>\n\n'
    ':: Plain\n[[On|End]]\n\n:: Gap\n<<goto "Meadow">>\n\n:: Meadow\n[[On|End]]\n\n:: End\nThe end.\n'
)


def test_way_to__a_passage_that_is_shown_in_passing_by_chance_goes_past_it():
    space = gb.explore(gb.parse_twee(HEAD + BODY))
    way = space.way_to("Gap")
    assert [step.passage for step in way.steps] == ["Start", "Meadow"]
    assert gb.play(space.story, way).places == ("Start", "Fork", "End")
    assert [step.passage for step in space.way_to("Plain").steps] == ["Start", "Plain"]
    assert len(space.way_to("Fork").steps) == 1

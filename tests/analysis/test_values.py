"""Values of variables by passage, as naively found."""

from __future__ import annotations

import gamebook_lab as gb

TWEE = """:: StoryData
{"ifid": "6F1D3C52-8D7C-4F0B-9D0E-0C7A3A4E1B11", "format": "SugarCube", "start": "Start"}

:: Start
<<set $lamp to 0>>[[Take it|Yard][$lamp to 2]] [[Leave it|Yard]]

:: Yard
<<if $lamp gt 1>>[[Cellar]]<</if>> [[End]]

:: Cellar
<<set $lamp to 1>>[[Yard]]

:: End
Dark.
"""


def test_values__of_variables_that_still_matter():
    table = gb.explore(gb.parse_twee(TWEE), threads=1).variable_values()
    rows = {(row["passage_id"], row["variable"]): row for row in table.to_dict("records")}
    assert set(rows) == {
        ("Yard", "$lamp")
    }  # written before it is read again in Start and Cellar, and never read at the end
    assert set(rows["Yard", "$lamp"]["values"]) == {"0", "1", "2"}
    assert rows["Yard", "$lamp"]["n_values"] == 3
    assert not rows["Yard", "$lamp"]["is_open"]


def test_values__nothing_to_list():
    assert gb.explore(gb.parse_twee(":: Start\nHi.\n"), threads=1).variable_values().empty

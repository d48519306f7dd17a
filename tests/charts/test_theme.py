"""Charts show a story's text as text, and say why they are empty."""

import re
from pathlib import Path

import plotly.graph_objects as go

import gamebook_lab
from gamebook_lab.charts.theme import IN_THE_DARK, empty, escaped, styled


def test_escaped__markup_is_text_and_long_text_is_cut():
    assert escaped("<b>Hall</b>\n& more") == "&lt;b&gt;Hall&lt;/b&gt; &amp; more"
    assert len(escaped("a" * 100)) == 60


def test_styled__light_and_dark_differ_in_ink():
    light, dark = (styled(go.Figure(), title="Endings", mode=mode) for mode in ("light", "dark"))
    assert light.layout.font.color != dark.layout.font.color
    assert light.layout.paper_bgcolor == "rgba(0,0,0,0)"


def test_empty__says_why():
    assert "no readers" in empty("There are no readers yet: open a log.").layout.annotations[0].text


def test_styled__the_lab_extension_swaps_the_same_colours_in_the_dark():
    script = (Path(gamebook_lab.__file__).parent / "lab/share/labextension/static/remoteEntry.js").read_text()
    table = re.search(r"const DARK = \{(.*?)\};", script, re.DOTALL)
    assert table is not None
    assert dict(re.findall(r'"(#\w+)": "(#\w+)"', table.group(1))) == IN_THE_DARK
    light, dark = (styled(go.Figure(), mode=mode).layout for mode in ("light", "dark"))
    assert IN_THE_DARK[light.font.color] == dark.font.color
    assert IN_THE_DARK[light.xaxis.gridcolor] == dark.xaxis.gridcolor
